"""Signals over HTTP: kept once, matched to places, in force until they are updated, cancelled or over."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from backend.domain.terms import Post
from backend.models.flood_events import FloodEvent
from backend.models.signals import Signal
from backend.store import signals as store
from jobs import signals as job
from tests.api.signal_cases import CORPUS, SIGNALS, at, cancel, events, exercise, message, send
from tests.cast import CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE, add_appointment


@pytest.fixture
def deng(phone_of, cast):
    return phone_of(cast.deng)


def states(session) -> dict[str, str]:
    rows = session.execute(select(Signal.identifier, Signal.state).order_by(Signal.seq)).all()
    return {row.identifier.removeprefix("3715_"): row.state for row in rows}


def test_a_signal_is_kept_shown_and_told_to_whoever_follows(deng, session, phone_of, cast):
    body = send(deng, message(colour="red"))
    assert (body["state"], body["colour"], body["colour_from"]) == ("active", "red", "text")
    assert body["regions"] == [{"code": COUNTY, "name": "东昌府区"}]
    assert (body["danger"], body["rain"]) == ("rainstorm", {"mm": 100, "hours": 3})
    assert body["disagrees"]  # its severity says yellow
    assert body["entered_by"] == str(cast.deng)
    assert events(session) == [("began", "red", [COUNTY])]
    event = session.scalars(select(FloodEvent)).one()
    assert event.values["headline"] == "聊城市气象台发布暴雨红色预警信号"
    assert (event.kind, str(event.about_id), event.values["sender"]) == ("signal", body["id"], "聊城市气象台")
    seen = phone_of(cast.wang).get(f"{SIGNALS}/{body['id']}")
    assert seen.json == body
    assert (
        phone_of(cast.wang).get(f"{SIGNALS}/{body['id']}", headers={"If-None-Match": seen.headers["ETag"]}).status_code
        == 304
    )


def test_the_bytes_of_a_signal_are_kept_as_they_came(deng):
    document = (CORPUS / "synthetic_liaocheng_rainstorm_yellow_alert.xml").read_bytes()
    body = send(deng, document)
    kept = deng.get(f"{SIGNALS}/{body['id']}.xml")
    assert kept.data == document
    assert kept.mimetype == "application/cap+xml"
    assert deng.get(f"{SIGNALS}/{body['id']}.xml", headers={"If-None-Match": kept.headers["ETag"]}).status_code == 304
    assert deng.get(f"{SIGNALS}/00000000-0000-4000-8000-000000000001.xml").status_code == 404
    assert deng.get(f"{SIGNALS}/00000000-0000-4000-8000-000000000001").status_code == 404


def test_the_same_signal_may_come_any_number_of_times_and_in_another_dress(deng, session):
    first = send(deng, message())
    again = send(deng, message(), 200)
    document = deng.get(f"{SIGNALS}/{first['id']}.xml").data.replace(b"<info>", b"\n   <info>\n")
    assert send(deng, document, 200)["id"] == first["id"] == again["id"]
    assert len(events(session)) == 1
    assert session.scalar(select(func.count()).select_from(Signal)) == 1


def test_another_signal_under_the_same_name_is_kept_beside_it_and_somebody_is_told(deng, session, phone_of, cast):
    first = send(deng, message())
    refused = send(deng, message(colour="red"), 409)
    assert refused["type"] == "/problems/conflict"
    assert refused["present"]["conflicts_with"] == first["id"]
    assert refused["present"]["state"] == "conflict"
    assert send(deng, message(colour="red"), 409)["present"]["id"] == refused["present"]["id"]
    assert deng.get(f"{SIGNALS}/{first['id']}").json["colour"] == "yellow"
    assert len(events(session)) == 1
    alarms = phone_of(cast.jin).get("/api/v1/alarms?open=true").json["items"]
    assert [each["kind"] for each in alarms] == ["signal_conflict"]


def test_an_update_takes_the_place_of_what_it_names_and_a_cancel_ends_it(deng, session):
    yellow = message(1, "yellow", regions=(COUNTY, OTHER_COUNTY))
    red = message(2, "red", minutes=30, updates=(yellow,))
    first, second = send(deng, yellow), send(deng, red)
    assert second["chain"] == first["id"]
    assert states(session) == {"1": "replaced", "2": "active"}
    changed = session.scalars(select(FloodEvent).order_by(FloodEvent.seq.desc())).first()
    assert sorted(changed.regions) == [COUNTY, OTHER_COUNTY]  # risk is weighed where it was, too
    assert (changed.values["was"], changed.values["left"], changed.values["over"]) == (
        "yellow",
        [OTHER_COUNTY],
        [COUNTY],
    )
    send(deng, cancel(3, yellow, red))
    assert states(session) == {"1": "replaced", "2": "cancelled", "3": "kept"}
    assert [(what, level) for what, level, _ in events(session)] == [
        ("began", "yellow"),
        ("changed", "red"),
        ("ended", "red"),
    ]
    abouts = set(session.scalars(select(FloodEvent.about_id)))
    assert {str(each) for each in abouts} == {first["id"]}


def test_an_update_that_comes_before_its_alert_leaves_the_alert_dead_on_arrival(deng, session):
    yellow = message(1, "yellow")
    red = message(2, "red", minutes=30, updates=(yellow,))
    later = send(deng, red)
    assert later["references"][0]["known"] is False
    earlier = send(deng, yellow)
    assert earlier["state"] == "replaced"
    assert earlier["chain"] == later["id"]
    assert [(what, level) for what, level, _ in events(session)] == [("began", "red")]


def test_a_cancel_of_something_never_seen_is_kept_and_holds_when_it_comes(deng, session):
    yellow = message(1)
    assert send(deng, cancel(2, yellow))["state"] == "kept"
    assert send(deng, yellow)["state"] == "cancelled"
    assert events(session) == []


def test_a_link_missing_in_the_middle_ends_the_first_when_it_comes(deng, session):
    first = message(1, "yellow")
    second = message(2, "orange", minutes=10, updates=(first,))
    third = message(3, "red", minutes=20, updates=(second,))
    for each in (first, third, second):
        send(deng, each)
    assert states(session) == {"1": "replaced", "3": "active", "2": "replaced"}
    rows = session.execute(select(FloodEvent).order_by(FloodEvent.seq)).scalars().all()
    assert [(row.what, row.level) for row in rows] == [("began", "yellow"), ("began", "red"), ("ended", "yellow")]
    assert rows[2].values["continued_by"] == str(rows[1].about_id)


def test_an_update_that_joins_two_chains_goes_on_with_one_and_ends_the_other(deng, session):
    one, two = message(1, "yellow"), message(2, "blue", minutes=1, regions=(OTHER_COUNTY,))
    first, second = send(deng, one), send(deng, two)
    send(deng, message(3, "red", minutes=5, regions=(CITY,), updates=(one, two)))
    rows = session.execute(select(FloodEvent).order_by(FloodEvent.seq)).scalars().all()[2:]
    assert [(row.what, str(row.about_id)) for row in rows] == [("changed", first["id"]), ("ended", second["id"])]
    assert rows[1].values["continued_by"] == first["id"]


def test_a_signal_is_over_when_its_time_is(deng, session, house):
    send(deng, message(lasts=60))
    assert job.run(house, now=at(59)) == 0
    assert job.run(house, now=at(60)) == 1
    assert job.run(house, now=at(60)) == 0
    session.expire_all()
    assert states(session) == {"1": "expired"}
    assert [(what, level) for what, level, _ in events(session)] == [("began", "yellow"), ("ended", "yellow")]


def test_one_that_was_over_before_it_was_sent_never_holds_and_ends_nothing(deng, session):
    good = message(1)
    send(deng, good)
    assert send(deng, message(2, "red", minutes=5, lasts=-10, updates=(good,)))["state"] == "never"
    assert send(deng, message(3, minutes=-900))["state"] == "expired"
    assert states(session)["1"] == "active"
    assert len(events(session)) == 1


def test_an_exercise_ends_nothing_real_and_is_over_no_real_place(deng, session):
    real = message(1, "red")
    send(deng, real)
    drill = exercise(message(2, "red", minutes=5, updates=(real,)))
    assert send(deng, drill)["is_exercise"]
    assert send(deng, exercise(cancel(3, real)))["state"] == "kept"
    assert states(session)["1"] == "active"
    assert [row.identifier for row in store.active_over(session, [VILLAGE], at(10))] == ["3715_1"]
    marks = list(session.scalars(select(FloodEvent.is_exercise).order_by(FloodEvent.seq)))
    assert marks == [False, True]
    found = {each["id"] for each in deng.get(f"{SIGNALS}?active=true").json["items"]}
    assert len(found) == 1
    assert len(deng.get(f"{SIGNALS}?exercise=true").json["items"]) == 2


@pytest.mark.parametrize(
    ("asked", "found"), [(VILLAGE, True), (TOWN, True), (COUNTY, True), (CITY, True), (OTHER_COUNTY, False)]
)
def test_a_signal_over_a_county_is_over_all_that_lies_in_it_or_around_it(deng, session, asked, found):
    send(deng, message())
    assert bool(store.active_over(session, [asked], at(1))) is found
    assert bool(deng.get(f"{SIGNALS}?region={asked}").json["items"]) is found
    assert store.active_over(session, [], at(1)) == []
    assert store.active_over(session, [asked], at(361)) == []


def test_signals_are_paged_newest_first_and_by_whether_they_hold(deng):
    for number in range(3):
        send(deng, message(number, minutes=number))
    first = deng.get(f"{SIGNALS}?limit=2").json
    rest = deng.get(first["next"]).json
    assert [each["identifier"] for each in first["items"] + rest["items"]] == ["3715_2", "3715_1", "3715_0"]
    assert rest["next"] is None
    assert len(deng.get(f"{SIGNALS}?active=true").json["items"]) == 3
    assert deng.get(f"{SIGNALS}?active=false").json["items"] == []


def test_a_duty_officer_may_write_a_signal_down_as_json(deng, app):
    operation = app.test_client().get("/api/openapi.json").json["paths"]["/api/v1/flood/signals"]["post"]
    example = operation["requestBody"]["content"]["application/json"]["example"]
    answered = deng.post(SIGNALS, json=example)
    assert answered.status_code == 201, answered.json
    assert (answered.json["colour"], answered.json["state"]) == ("red", "active")
    assert deng.post(SIGNALS, json=example).status_code == 200
    written = deng.get(answered.json["document"]).data
    assert send(deng, written, 200)["id"] == answered.json["id"]


def test_a_duty_officer_of_a_county_cannot_warn_another_one(session, phone_of, cast):
    add_appointment(session, cast.sun, Post.DUTY_OFFICER, COUNTY)
    sun = phone_of(cast.sun)
    assert send(sun, message(1))["state"] == "active"
    refused = send(sun, message(2, regions=(OTHER_COUNTY,)), 404)
    assert refused["errors"][0]["pointer"] == "/info/0/area"
    assert sun.post(SIGNALS, data=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
