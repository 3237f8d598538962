"""The map as it was, and narrowed: risk, walks, hazards and gauges of a past moment; of one region or one river."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, insert, update

from backend.models.facts import Fact
from backend.models.hazards import Hazard
from backend.models.risk import RiskChange, SegmentRisk
from backend.models.segments import Assignment, Segment
from backend.models.stations import Reading, Station
from backend.store import tiles
from tests.api.hazard_cases import Case
from tests.api.test_tiles import CLOSE, FAR, TOWN_ZOOM, codes, layers
from tests.cast import COUNTY, LINE, NOON, OTHER_RIVER, RIVER, TOWN, VILLAGE
from tests.makers import new_id, patrol_body

REACH = "TUHAI-371502-001"


def at(moment: datetime) -> dict[str, str]:
    return {"at": moment.isoformat()}


def shown(phone, moment: datetime | None = None) -> dict:
    query = at(moment) if moment else {}
    found = layers(phone.get(CLOSE, query_string=query)).get("segments", [])
    return next(each for each in found if each["code"] == REACH)


def test_a_reach_has_the_risk_that_it_had(phone_of, cast, session):
    reach = cast.segments[REACH]
    for hours, level in ((48, "low"), (24, "extreme"), (2, "moderate")):
        kept = {"segment_id": reach.id, "level": level, "score": 1, "factors": [], "rule_version": 1}
        when = NOON - timedelta(hours=hours)
        session.add(RiskChange(**kept, at=when, region_code=reach.region_code, because="day"))
        session.flush()
    session.add(SegmentRisk(**kept, at=when))
    session.flush()
    feng = phone_of(cast.feng)
    assert shown(feng)["risk"] == "moderate"
    assert [shown(feng, NOON - timedelta(hours=hours)).get("risk") for hours in (1, 3, 25, 49)] == [
        "moderate",
        "extreme",
        "low",
        None,
    ]


def test_days_since_a_walk_are_counted_from_that_day_and_later_walks_have_not_happened(phone_of, cast, clock):
    wang, feng = phone_of(cast.wang), phone_of(cast.feng)
    assert wang.put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE)).json["verdict"]["counts"]
    clock.now += timedelta(days=5)
    feng = phone_of(cast.feng)
    assert shown(feng)["days"] == 5
    assert shown(feng, NOON + timedelta(days=2))["days"] == 2
    assert "days" not in shown(feng, NOON - timedelta(days=1))


def test_a_hazard_was_open_from_its_report_until_it_was_rejected_and_again_after_it_was_reopened(phone_of, cast, clock):
    case = Case(phone_of, cast.wang)
    for hours, act in ((2, "reject"), (4, "reopen"), (6, "reject")):
        clock.now = NOON + timedelta(hours=hours)
        assert case.act(cast.feng, act, note="另有说法").status_code in (200, 201)
    clock.now = NOON + timedelta(hours=9)
    feng = phone_of(cast.feng)
    seen = [
        len(layers(feng.get(CLOSE, query_string=at(NOON + timedelta(hours=hours)))).get("hazards", []))
        for hours in (-1, 1, 3, 5, 7)
    ]
    assert seen == [0, 1, 0, 1, 0]
    assert "hazards" not in layers(feng.get(CLOSE))


def test_a_hazard_that_is_closed_now_was_open_before(phone_of, cast, session, clock):
    """By its row alone where that says enough: what was closed before that moment is not looked for among facts."""
    case = Case(phone_of, cast.wang)
    closed = NOON + timedelta(hours=3)
    values = {"thing_type": "hazard", "thing_id": case.id, "number": 2, "actor_id": cast.feng, "act": "close"}
    session.add(Fact(**values, at=closed, body="{}", before=b"", hash=b"x"))
    session.execute(update(Hazard).where(Hazard.id == case.id).values(state="closed", closed_at=closed))
    session.flush()
    clock.now = NOON + timedelta(hours=9)
    feng = phone_of(cast.feng)
    seen = ["hazards" in layers(feng.get(CLOSE, query_string=at(NOON + timedelta(hours=h)))) for h in (2, 4)]
    assert seen == [True, False]


def test_what_is_yet_to_come_is_now(phone_of, cast):
    feng = phone_of(cast.feng)
    tomorrow = feng.get(CLOSE, query_string=at(NOON + timedelta(days=1)))
    assert tomorrow.headers["ETag"] == feng.get(CLOSE).headers["ETag"]
    assert tomorrow.headers["ETag"] != feng.get(CLOSE, query_string=at(NOON - timedelta(days=1))).headers["ETag"]


def test_a_gauge_shows_what_it_measured_then_and_nothing_where_that_is_long_ago(phone_of, cast, session):
    spot = LINE.interpolate(0.1, normalized=True)
    place = {"point": spot, "lon": spot.x, "lat": spot.y, "river_code": RIVER, "region_code": COUNTY}
    marks = {"warning_m": 30.0, "guaranteed_m": 31.0}
    session.add(station := Station(id=new_id(), code="G-1", name="徒骇河水文站", kind="river", **place, **marks))
    session.flush()
    for hours, value in ((72, 31.0), (24, 30.5), (2, 29.0)):
        when = NOON - timedelta(hours=hours)
        kept = {"station_id": station.id, "quantity": "water_level_m", "at": when, "value": value}
        session.add(Reading(**kept, received_at=when))
    session.flush()
    feng = phone_of(cast.feng)
    bands = [
        layers(feng.get(CLOSE, query_string=at(NOON - timedelta(hours=hours))))["gauges"][0].get("band")
        for hours in (1, 5, 71, 40)
    ]
    assert bands == ["normal", "warning", "guaranteed", None]


def test_a_map_of_one_region_has_its_own_reaches_from_afar_too(phone_of, cast):
    feng = phone_of(cast.feng)
    assert codes(feng.get(FAR, query_string={"region": TOWN})) == {"TUHAI-371502001"}
    assert codes(feng.get(FAR, query_string={"region": VILLAGE})) == {REACH}
    assert codes(feng.get(FAR, query_string={"region": "371503"})) == set()


def test_a_map_of_one_river_has_nothing_of_another(phone_of, cast, session):
    Case(phone_of, cast.wang)
    feng = phone_of(cast.feng)
    mine, other = (layers(feng.get(CLOSE, query_string={"river": river})) for river in (RIVER, OTHER_RIVER))
    assert REACH in {each["code"] for each in mine["segments"]}
    assert len(mine["hazards"]) == 1
    assert other == {}


def test_the_box_is_that_of_what_is_asked_for(phone_of, cast):
    feng = phone_of(cast.feng)
    whole, town = (feng.get("/api/v1/tiles", query_string=query).json["bounds"] for query in ({}, {"region": TOWN}))
    assert town[0] == pytest.approx(whole[0])
    assert town[2] < whole[2]


def test_a_reach_that_lies_in_none_is_drawn_from_afar_however_low_it_is(phone_of, cast, session):
    session.execute(delete(Assignment))
    session.execute(update(Segment).where(Segment.code == REACH).values(parent_id=None))
    session.execute(update(Segment).where(Segment.code != REACH).values(until_day=NOON.date()))
    assert codes(phone_of(cast.feng).get(FAR)) == {REACH}


@pytest.mark.parametrize(
    "query", ["at=yesterday", "at=2025-07-02", "region=37150", "river=", "at=0001-01-01T00:00:00Z"]
)
def test_a_question_that_makes_no_sense_is_refused(phone_of, cast, query):
    answer = phone_of(cast.feng).get(f"{CLOSE}?{query}")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_a_tile_of_the_past_seen_before_is_answered_without_a_look_at_any_shape(phone_of, cast, questions):
    feng, query = phone_of(cast.feng), at(NOON - timedelta(days=2)) | {"region": TOWN}
    first = feng.get(CLOSE, query_string=query)
    questions.clear()
    again = feng.get(CLOSE, query_string=query, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert feng.get(CLOSE, query_string=query).data == first.data
    assert not [each for each in questions if ".line" in each or ".point" in each]
    assert len(questions) <= 8


def test_of_more_reaches_than_a_tile_may_hold_the_gravest_are_drawn(phone_of, cast, session):
    reach = cast.segments["TUHAI-371502002"]
    session.add(SegmentRisk(segment_id=reach.id, level="high", score=61, factors=[], at=NOON, rule_version=1))
    alike = {column.name: getattr(reach, column.name) for column in Segment.__table__.columns}
    longer = {"length_m": reach.length_m + 1}
    session.execute(
        insert(Segment),
        [alike | longer | {"id": new_id(), "code": f"X{number}"} for number in range(tiles.MOST_REACHES)],
    )
    drawn = layers(phone_of(cast.feng).get(TOWN_ZOOM))["segments"]
    assert len(drawn) == tiles.MOST_REACHES
    assert reach.code in {each["code"] for each in drawn}
