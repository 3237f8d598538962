"""Splits: what goes where is looked at first, and on the first day of the two everything lies where it was said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from shapely import Point
from sqlalchemy import select, update

from backend.models.campaigns import CampaignSegment
from backend.models.hazards import Hazard
from backend.models.risk import SegmentRisk
from backend.models.segments import Assignment, Checkpoint, NoticeBoard, Segment
from backend.models.stations import Station
from geo.chainage import point_at
from geo.datum import Crs, from_wgs84
from jobs import succession
from tests.api.campaign_cases import Search
from tests.api.hazard_cases import Case
from tests.api.order_cases import Given
from tests.cast import LINE, NOON, RIVER, VILLAGE
from tests.makers import new_id, patrol_body

TODAY, LATER = "2025-07-02", "2025-07-07"
ONE, TOWN = "TUHAI-371502-001", "TUHAI-371502001"
HALF = 500.0
PARTS = [{"code": f"{ONE}-1", "name": "兴华村上段"}, {"code": f"{ONE}-2", "name": "兴华村下段"}]


class Cut:
    """A split that somebody looks at, and makes as they saw it."""

    def __init__(self, phone: Any, ref: str = ONE, *, since: str = TODAY, **where: Any) -> None:
        self.phone, self.path, self.since, self.id = phone, f"/api/v1/segments/{ref}/split", since, str(new_id())
        self.seen = phone.get(self.path, query_string={"from": since} | (where or {"at_m": HALF}))

    def make(self, *, etag: str | None = None, **more: Any) -> Any:
        body = {"id": self.id, "at_m": self.seen.json.get("at_m", HALF), "from": self.since, "parts": PARTS}
        etag = self.seen.headers.get("ETag", "") if etag is None else etag
        body |= {"reason": "河段太长"} | more
        return self.phone.post(self.path, json=body, headers={"If-Match": etag} if etag else {})


def place(at_m: float, line: Any = LINE) -> Point:
    return point_at(line, at_m)


@pytest.fixture
def bank(session, cast):
    """What stands on the banks of the first village reach: 200 m and 800 m along it."""
    reach = cast.segments[ONE]
    for name, at_m in (("S1", 200.0), ("S2", 800.0)):
        here = place(at_m)
        on_it = {"segment_id": reach.id, "point": here}
        session.add(Checkpoint(id=new_id(), code=name, name=f"闸{name}", kind="sluice", chainage_m=at_m, **on_it))
        session.add(NoticeBoard(id=new_id(), code=f"B{name}", **on_it))
        session.add(
            Station(
                id=new_id(), code=f"G{name}", name=f"站{name}", kind="gauge", river_code=RIVER, region_code=VILLAGE,
                lon=here.x, lat=here.y, datum="", **on_it,
            )
        )  # fmt: skip
    session.flush()


def found_at(phone_of, cast, at_m: float, **more: Any) -> Case:
    here = place(at_m)
    return Case(phone_of, cast.wang, **({"location": {"lon": here.x, "lat": here.y}, "segment": ONE} | more))


def lies_on(session, case: Case) -> tuple[str, float | None]:
    question = select(Segment.code, Hazard.chainage_m).join(Hazard, Hazard.segment_id == Segment.id)
    return tuple(session.execute(question.where(Hazard.id == case.id)).one())


def codes(phone, query: str = "") -> set[str]:
    return {each["properties"]["code"] for each in phone.get(f"/api/v1/segments{query}").json["features"]}


def test_the_look_says_what_goes_where(phone_of, cast, bank):
    walk = new_id()
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{walk}", json=patrol_body(LINE)).status_code == 201
    cases = [
        found_at(phone_of, cast, 100.0),
        found_at(phone_of, cast, 900.0),
        found_at(phone_of, cast, 0, location=None),
    ]
    seen = Cut(phone_of(cast.feng)).seen.json
    upper, lower = seen["parts"]
    assert [round(part["length_m"]) for part in (upper, lower)] == [500, round(cast.segments[ONE].length_m - 500)]
    assert {each["id"] for each in upper["hazards"]} == {str(cases[0].id), str(cases[2].id)}
    assert {each["id"] for each in lower["hazards"]} == {str(cases[1].id)}
    assert [each["has_place"] for each in upper["hazards"]] == [True, False]
    for part, name in ((upper, "S1"), (lower, "S2")):
        assert [each["code"] for each in part["checkpoints"]] == [name]
        assert [each["code"] for each in part["notice_boards"]] == [f"B{name}"]
        assert [each["code"] for each in part["stations"]] == [f"G{name}"]
    assert {(each["name"], each["duty"], each["acting"]) for each in seen["chiefs"]} == {
        ("王村长", "chief", False),
        ("何巡河", "warden", False),
    }
    assert (seen["stays"]["walks"], seen["stays"]["closed_hazards"], seen["campaigns"]) == (1, 0, 0)


def test_a_place_beside_the_river_is_cut_at_its_nearest_metre_in_any_datum(phone_of, cast):
    here = place(420.0)
    seen = Cut(phone_of(cast.feng), lon=here.x + 0.0002, lat=here.y - 0.0006).seen.json
    assert 400 < seen["at_m"] < 470
    ((lon, lat),) = from_wgs84(np.array([[here.x, here.y]]), Crs.GCJ02)
    assert Cut(phone_of(cast.feng), lon=lon, lat=lat, crs="GCJ02").seen.json["at_m"] == 420.0


def test_from_that_day_the_two_stand_where_the_one_stood(phone_of, cast, session, bank):
    high, low = found_at(phone_of, cast, 100.0), found_at(phone_of, cast, 900.0)
    walk = new_id()
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{walk}", json=patrol_body(LINE)).status_code == 201
    feng, wang = phone_of(cast.feng), phone_of(cast.wang)
    made = Cut(feng).make()
    assert made.status_code == 201, made.json
    assert made.json["settled_at"] is not None
    assert codes(feng) == {f"{ONE}-1", f"{ONE}-2", "TUHAI-371502-002", "TUHAI-371502-003"}
    assert {each["code"] for each in wang.get("/api/v1/me").json["segments"]} == {f"{ONE}-1", f"{ONE}-2"}
    assert lies_on(session, high)[0] == f"{ONE}-1"
    code, along = lies_on(session, low)
    assert (code, round(along or 0)) == (f"{ONE}-2", 400)
    assert "归入" in low.seen_by(cast.feng).json["timeline"][-1]["sentence"]
    for number, name in ((1, "S1"), (2, "S2")):
        facts = feng.get(f"/api/v1/segments/{ONE}-{number}").json["properties"]
        assert [each["code"] for each in facts["checkpoints"]] == [name]
        assert (facts["parent"], facts["region"], facts["width_m"]) == (TOWN, VILLAGE, 30.0)
        assert facts["last_patrol_at"] is not None  # the walk on the one before
        assert {each["name"] for each in facts["chiefs"]} == {"王村长", "何巡河"}
    assert [each["code"] for each in feng.get(f"/api/v1/segments/{ONE}/origin").json["parts"]] == [
        f"{ONE}-1",
        f"{ONE}-2",
    ]
    assert feng.get(f"/api/v1/segments/{ONE}-2/origin").json["origin"]["code"] == ONE
    assert feng.get(f"/api/v1/patrols/{walk}").json["segment"]["code"] == ONE


def test_what_was_walked_of_the_one_counts_for_the_two_by_place(phone_of, cast):
    body = patrol_body(LINE, metres=420.0)
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=body).status_code == 201
    feng = phone_of(cast.feng)
    assert Cut(feng).make().status_code == 201
    period = f"from={TODAY}T00:00:00%2B08:00&to=2025-07-03T00:00:00%2B08:00"
    upper = feng.get(f"/api/v1/segments/{ONE}-1/walked?{period}").json
    lower = feng.get(f"/api/v1/segments/{ONE}-2/walked?{period}").json
    assert upper["share"] > 0.7
    assert lower["share"] < 0.05


def test_on_a_day_to_come_all_stays_until_then_and_no_walk_is_lost(phone_of, cast, session, bank, house, clock):
    case = found_at(phone_of, cast, 900.0)
    feng = phone_of(cast.feng)
    assert Cut(feng, since=LATER).make().json["settled_at"] is None
    assert succession.run(house, now=clock()) == 0
    assert codes(feng) == {ONE, "TUHAI-371502-002", "TUHAI-371502-003"}
    assert lies_on(session, case)[0] == ONE
    assert {each["code"] for each in phone_of(cast.wang).get("/api/v1/me").json["segments"]} == {ONE}

    clock.now += timedelta(days=5)
    assert succession.run(house, now=clock()) == 1
    assert succession.run(house, now=clock()) == 0
    assert lies_on(session, case)[0] == f"{ONE}-2"
    assert {each["code"] for each in phone_of(cast.wang).get("/api/v1/me").json["segments"]} == {f"{ONE}-1", f"{ONE}-2"}
    late = new_id()
    body = patrol_body(LINE, started_at=NOON + timedelta(days=3, hours=2))
    answer = phone_of(cast.wang).put(f"/api/v1/patrols/{late}", json=body)
    assert (answer.status_code, answer.json["verdict"]["outcome"]) == (201, "valid"), answer.json


def test_a_hazard_that_a_phone_reports_late_under_the_old_name_goes_over_too(phone_of, cast, session, house, clock):
    assert Cut(phone_of(cast.feng)).make().status_code == 201
    case = found_at(phone_of, cast, 900.0)
    assert lies_on(session, case)[0] == ONE
    assert succession.run(house, now=clock()) == 1
    assert lies_on(session, case)[0] == f"{ONE}-2"
    assert succession.run(house, now=clock()) == 0


def test_a_running_campaign_waits_for_both(phone_of, cast, session):
    search = Search(phone_of, cast.sun)
    assert search.answer.json["stage"] == "running"
    feng = phone_of(cast.feng)
    cut = Cut(feng)
    assert cut.seen.json["campaigns"] == 1
    assert cut.make().status_code == 201
    question = select(Segment.code).join(CampaignSegment, CampaignSegment.segment_id == Segment.id)
    owing = set(session.scalars(question.where(CampaignSegment.chief_id == cast.wang)))
    assert owing == {ONE, f"{ONE}-1", f"{ONE}-2"}


def test_an_order_to_walk_the_one_is_done_by_a_walk_on_a_part_of_it(phone_of, cast, clock):
    due = (NOON + timedelta(days=3)).isoformat()
    given = Given(phone_of, cast.li, segment=ONE, to=None, due_at=due)
    feng = phone_of(cast.feng)
    assert Cut(feng, at_m=900.0).make().status_code == 201
    again = [{"code": f"{ONE}-1{side}", "name": f"兴华村上段{side}"} for side in "ab"]
    assert Cut(feng, f"{ONE}-1", at_m=100.0).make(parts=again).status_code == 201
    clock.now += timedelta(hours=3)
    assert given.total()["done"] == 0
    body = patrol_body(LINE, segment=f"{ONE}-1b", started_at=NOON + timedelta(hours=1))
    walked = phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=body).json
    assert walked["verdict"]["outcome"] == "valid"
    assert given.total()["done"] == 1


def test_the_two_begin_with_the_risk_of_the_one(phone_of, cast, session):
    reach = cast.segments[ONE]
    session.add(SegmentRisk(segment_id=reach.id, level="high", score=70, factors=[], at=NOON, rule_version=1))
    session.flush()
    feng = phone_of(cast.feng)
    assert Cut(feng).make().status_code == 201
    for number in (1, 2):
        assert feng.get(f"/api/v1/segments/{ONE}-{number}").json["properties"]["risk"]["level"] == "high"


def test_a_town_reach_takes_its_villages_along_and_is_not_cut_through_one(phone_of, cast, session):
    feng = phone_of(cast.feng)
    across = Cut(feng, TOWN, at_m=300).seen
    assert (across.status_code, across.json["errors"][0]["pointer"]) == (422, "/at_m")
    assert "兴华村" in across.json["errors"][0]["detail"]
    cut = Cut(feng, TOWN, at_m=round(cast.segments[ONE].length_m))
    assert [[each["code"] for each in part["reaches"]] for part in cut.seen.json["parts"]] == [
        [ONE],
        ["TUHAI-371502-002"],
    ]
    assert cut.make(parts=[{"code": "T-1", "name": "上"}, {"code": "T-2", "name": "下"}]).status_code == 201
    assert feng.get(f"/api/v1/segments/{ONE}").json["properties"]["parent"] == "T-1"
    assert feng.get("/api/v1/segments/TUHAI-371502-002").json["properties"]["parent"] == "T-2"


def test_sent_again_it_is_the_same_and_a_reach_is_cut_once(phone_of, cast, session):
    cut = Cut(phone_of(cast.feng))
    assert cut.make().status_code == 201
    again = cut.make()
    assert (again.status_code, again.json["id"]) == (200, cut.id)
    assert cut.make(reason="别的").status_code == 409
    assert Cut(phone_of(cast.feng)).seen.status_code == 409
    assert len(session.scalars(select(Assignment).where(Assignment.person_id == cast.wang)).all()) == 3


def test_what_has_changed_since_it_was_looked_at_is_not_cut(phone_of, cast):
    cut = Cut(phone_of(cast.feng))
    case = found_at(phone_of, cast, 900.0)
    stale = cut.make()
    assert (stale.status_code, stale.json["present"]["parts"][1]["hazards"][0]["id"]) == (412, str(case.id))
    assert cut.make(etag="").status_code == 428


def test_what_cannot_be_cut_is_named_by_its_field(phone_of, cast, session):
    feng = phone_of(cast.feng)
    places: list[tuple[dict[str, Any], str]] = [
        ({"at_m": 10}, "/at_m"),
        ({"at_m": 990_000}, "/at_m"),
        ({"at_m": -1}, "/at_m"),
        ({"at_m": 500, "lon": 115.97, "lat": 36.43}, "/at_m"),
        ({"lon": 115.97}, "/at_m"),
        ({"lon": 500, "lat": 36.43}, "/lon"),
    ]
    for where, pointer in places:
        answer = Cut(feng, **where).seen
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer), where
    assert Cut(feng, since="2025-07-01").seen.json["errors"][0]["pointer"] == "/from"
    cut = Cut(feng)
    for parts, pointer in [
        ([PARTS[0], PARTS[0]], "/parts/1/code"),
        ([PARTS[0], {"code": "TUHAI-371502-002", "name": "x"}], "/parts/1/code"),
        ([{"code": "a b", "name": "x"}, PARTS[1]], "/parts/0/code"),
        ([{"code": "a", "name": "x\u0007"}, PARTS[1]], "/parts/0/name"),
        ([PARTS[0]], "/parts"),
    ]:
        answer = cut.make(parts=parts)
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer), parts
    session.execute(update(Segment).where(Segment.code == ONE).values(until_day=NOON.date()))
    assert Cut(feng).seen.status_code == 409


def test_another_county_and_other_posts_cut_nothing(phone_of, cast):
    for person in ("wu", "li", "zhao", "wang", "deng", "shen"):
        assert Cut(phone_of(cast.people[person])).seen.status_code == 403, person
    assert Cut(phone_of(cast.feng), "CHIPING-371503", at_m=200).seen.status_code == 404
    assert Cut(phone_of(cast.feng), "TUHAI-3715").seen.status_code == 404  # the city's reach is not the county's
    assert Cut(phone_of(cast.jin), "TUHAI-3715", at_m=200).seen.status_code == 422  # through lower reaches
    assert phone_of(cast.wu).get(f"/api/v1/segments/{ONE}/origin").status_code == 404
