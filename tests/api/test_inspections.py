"""Spot checks over the API: drawn in secret, inspected once, and what no chief had told is a figure that opens."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from backend.domain.terms import Post
from backend.models.changes import Record
from backend.models.people import Appointment
from tests.api.test_lookbacks import closed
from tests.cast import CITY, COUNTY, LINE, NOON, OTHER_COUNTY, VILLAGE, add_appointment
from tests.makers import new_id, patrol_body

DRAWS, INSPECTIONS = "/api/v1/spot-draws", "/api/v1/inspections"
ZONE = ZoneInfo("Asia/Shanghai")
SPOT = {"lon": 115.9725, "lat": 36.4309}


def drawn(phone_of, cast, **changed):
    path = f"{DRAWS}/{new_id()}"
    said = {"region": COUNTY, "of": "segments", "by": "region", "each": 1, "seed": "夏"} | changed
    return path, phone_of(cast.sun).put(path, json=said)


def test_a_draw_is_secret_until_it_is_done_and_can_be_drawn_again(phone_of, cast, session):
    path, made = drawn(phone_of, cast)
    assert made.status_code == 201, made.text
    assert (made.json["frame"], made.json["seed"], made.json["done_at"]) == (6, "夏", None)
    assert sum(each["frame"] for each in made.json["strata"].values()) == 6
    office = phone_of(cast.sun)
    assert office.get(f"{path}/again").json == {"same_frame": True, "same_drawn": True}
    items = office.get(f"{path}/targets").json["items"]
    assert len(items) == made.json["drawn"]
    assert {each["stratum_name"].partition(" · ")[2] for each in items} <= {"村级河段", "镇级河段", "县级河段"}
    assert all(each["stratum_name"][0] > "9" for each in items), "a place is named, not its code"
    first = office.get(f"{path}/targets?limit=1").json
    assert office.get(first["next"]).json["items"][0]["place"] == 1
    other, _ = drawn(phone_of, cast)
    assert [each["thing"] for each in office.get(f"{other}/targets").json["items"]] == [each["thing"] for each in items]

    for person in (cast.li, cast.zhao, cast.wu):
        assert phone_of(person).get(path).status_code == 404
        assert phone_of(person).get(DRAWS).json["items"] == []
    assert phone_of(cast.li).post(f"{path}/finish").status_code == 403
    assert office.post(f"{path}/finish").json["done_at"] is not None
    assert office.post(f"{path}/finish").status_code == 200
    assert phone_of(cast.li).get(path).json["may_inspect"] is False
    shown = phone_of(cast.li).get(f"{path}/targets").json["items"]
    assert {each["region"][:9] for each in shown} == {"371502001"}
    assert phone_of(cast.wu).get(path).status_code == 404
    assert [each["id"] for each in phone_of(cast.li).get(DRAWS).json["items"]] == [made.json["id"]]
    acts = session.scalars(select(Record.act).where(Record.thing_id == made.json["id"])).all()
    assert acts == ["draw", "finish"]


def test_what_cannot_be_drawn_is_refused_and_the_same_draw_is_kept_once(phone_of, cast):
    path, made = drawn(phone_of, cast, of="hazards", by="class")
    assert (made.status_code, made.json["frame"]) == (201, 0)
    said = {"region": COUNTY, "of": "hazards", "by": "class", "each": 1, "seed": "夏"}
    assert phone_of(cast.sun).put(path, json=said).status_code == 200
    assert phone_of(cast.sun).put(path, json=said | {"each": 2}).status_code == 409
    assert drawn(phone_of, cast, of="patrols")[1].json["frame"] == 0
    assert drawn(phone_of, cast, region=OTHER_COUNTY)[1].status_code == 404
    assert drawn(phone_of, cast, region=CITY)[1].status_code == 404
    assert drawn(phone_of, cast, each=0)[1].status_code == 422
    assert phone_of(cast.wang).get(DRAWS).status_code == 403


def test_each_thing_that_was_drawn_says_by_what_one_knows_it(phone_of, cast, clock):
    def things(of):
        path, made = drawn(phone_of, cast, of=of, by="class", each=9)
        assert (made.status_code, made.json["inspected"]) == (201, 0)
        items = phone_of(cast.sun).get(f"{path}/targets").json["items"]
        return {each["thing"]["id"]: each["thing"] for each in items}

    walks = {metres: new_id() for metres in (900.0, 60.0)}
    for metres, walk in walks.items():
        body = patrol_body(LINE, metres=metres, started_at=NOON - timedelta(hours=5 if metres > 100 else 2))
        assert phone_of(cast.wang).put(f"/api/v1/patrols/{walk}", json=body).status_code == 201
    shown = things("patrols")
    assert {each["person"]["name"] for each in shown.values()} == {"王村长"}
    assert [shown[str(walk)]["outcome"] for walk in walks.values()] == ["valid", "invalid"]
    assert shown[str(walks[900.0])]["walked_at"] == "2025-07-02T07:00:00+08:00"

    case = closed(phone_of, cast, clock)
    one = things("hazards")[str(case.id)]
    assert (one["kind"], one["kind_name"], one["severity"]) == ("four_illegal.dump", "乱堆", "ordinary")
    assert (one["closed_at"], one["description"]) == ("2025-07-02T12:00:00+08:00", "桥下有一堆建筑垃圾")

    chiefs = {tuple(each["name"] for each in thing["chiefs"]) for thing in things("segments").values()}
    assert chiefs == {("赵区长",), ("李镇长",), ("唐镇长",), ("王村长",), ("陈村长",), ()}


def test_findings_are_hazards_and_those_no_chief_had_told_are_a_figure_that_opens(phone_of, cast, clock):
    path, made = drawn(phone_of, cast)
    office = phone_of(cast.sun)
    chief = {"kind": "four_illegal.dump", "severity": "ordinary", "location": SPOT, "description": "垃圾"}
    told = new_id()
    answer = phone_of(cast.wang).put(
        f"/api/v1/hazards/{told}", json=chief | {"observed_at": (NOON - timedelta(days=2)).isoformat()}
    )
    assert answer.status_code == 201, answer.text

    findings = [
        chief | {"id": str(new_id()), "location": {"lon": 115.9730, "lat": 36.4309}},
        {"id": str(new_id()), "kind": "flood.seepage", "severity": "major", "location": SPOT, "description": "渗水"},
    ]
    place = office.get(f"{path}/targets").json["items"][0]["place"]
    said = {"draw": made.json["id"], "place": place, "at": NOON.isoformat(), "note": "现场查看", "findings": findings}
    one = f"{INSPECTIONS}/{new_id()}"
    kept = office.put(one, json=said)
    assert kept.status_code == 201, kept.text
    assert office.put(one, json=said).status_code == 200
    assert office.put(f"{INSPECTIONS}/{new_id()}", json=said | {"findings": []}).status_code == 409
    assert {each["state"] for each in kept.json["findings"]} == {"reported"}
    assert office.get(f"/api/v1/hazards/{findings[1]['id']}").json["reporter"]["id"] == str(cast.sun)
    assert phone_of(cast.li).get(one).status_code == 404  # the draw is not done
    assert len(office.get(INSPECTIONS).json["items"]) == 1

    found = office.get(f"{INSPECTIONS}/findings").json
    assert (found["found"], found["unseen"]) == (2, 1)
    by_id = {each["id"]: each["chief_report"] for each in found["items"]}
    assert by_id[findings[0]["id"]]["id"] == str(told)
    assert by_id[findings[1]["id"]] is None
    unseen = office.get(f"{INSPECTIONS}/findings?unseen=true").json["items"]
    assert [each["id"] for each in unseen] == [findings[1]["id"]]
    assert office.get(f"{INSPECTIONS}/findings?from=2025-08-01&to=2025-07-01").status_code == 422
    assert office.get(f"{INSPECTIONS}/findings?from=1970-01-02&to=2025-07-01").status_code == 422
    assert phone_of(cast.wu).get(f"{INSPECTIONS}/findings?region={COUNTY}").status_code == 404

    # Unannounced, without a draw; one that names a hazard that is there already is refused whole.
    alone = {"segment": "TUHAI-371502-002", "at": NOON.isoformat(), "note": "无人巡河"}
    assert office.put(f"{INSPECTIONS}/{new_id()}", json=alone).status_code == 201
    assert office.put(f"{INSPECTIONS}/{new_id()}", json=alone | {"findings": findings[:1]}).status_code == 409
    assert office.put(f"{INSPECTIONS}/{new_id()}", json=alone | {"segment": "CHIPING-371503"}).status_code == 404
    assert office.put(f"{INSPECTIONS}/{new_id()}", json=said | {"place": 999}).status_code == 404
    office.post(f"{path}/finish")
    assert office.get(path).json["inspected"] == 1
    assert [each["inspected"] for each in office.get(DRAWS).json["items"]] == [1]
    (seen,) = office.get(f"{path}/targets?place={place}").json["items"]
    assert seen["inspection"]["note"] == "现场查看"
    assert {each["id"] for each in seen["inspection"]["findings"]} == {each["id"] for each in findings}
    assert office.get(f"{path}/targets?place=999").json["items"] == []


def test_who_was_a_chief_on_the_day_of_a_report_does_not_hang_on_the_span_asked_for(phone_of, cast, session, clock):
    midnight = datetime(2025, 6, 20, tzinfo=ZONE)  # in UTC it is still the 19th
    add_appointment(session, cast.he, Post.VILLAGE_CHIEF, VILLAGE, since=midnight.date())
    session.execute(update(Appointment).where(Appointment.post == "warden").values(until_day=midnight.date()))
    heap = {"kind": "four_illegal.dump", "severity": "ordinary", "location": SPOT, "description": "垃圾"}

    def inspected(minutes: int) -> None:
        seen = {"segment": "TUHAI-371502-001", "note": "仍在", "findings": [heap | {"id": str(new_id())}]}
        seen["at"] = (midnight + timedelta(minutes=minutes)).isoformat()
        assert phone_of(cast.sun).put(f"{INSPECTIONS}/{new_id()}", json=seen).status_code == 201

    for minutes, inspection in ((-30, 10), (20, 30)):
        clock.now = midnight + timedelta(minutes=minutes)
        told = heap | {"observed_at": clock.now.isoformat()}
        assert phone_of(cast.he).put(f"/api/v1/hazards/{new_id()}", json=told).status_code == 201
        clock.now = midnight + timedelta(minutes=inspection)
        inspected(inspection)
    clock.now = NOON
    for span in ("from=2025-01-01", "from=2025-06-20&to=2025-06-20"):
        found = phone_of(cast.sun).get(f"{INSPECTIONS}/findings?{span}").json
        assert (found["found"], found["unseen"]) == (2, 1), span
