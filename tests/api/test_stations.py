"""Stations: who keeps them, where they are found, which reach they speak for, and whom they alarm when silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.models.alarms import Alarm
from backend.models.changes import Record
from backend.models.flood_events import FloodEvent
from jobs import stations as job
from tests.api.station_cases import BASE, GAUGE, level, make_station, send
from tests.cast import NOON


def test_a_station_speaks_for_the_nearest_reach_of_its_river(phone_of, cast):
    jin = phone_of(cast.jin)
    made = jin.put(f"{BASE}/stations/LC", json=GAUGE)
    assert made.status_code == 201, made.text
    assert (made.status_code, made.json["segment"], made.json["has_key"]) == (201, "TUHAI-371502-001", False)
    far = GAUGE | {"location": {"lon": 110.0, "lat": 30.0}}
    assert jin.put(f"{BASE}/stations/FAR", json=far).json["segment"] is None
    named = GAUGE | {"segment": "TUHAI-371502-002"}
    assert jin.put(f"{BASE}/stations/NAMED", json=named).json["segment"] == "TUHAI-371502-002"


def test_the_same_station_may_be_described_again_and_a_change_says_which_version_was_seen(phone_of, cast, session):
    feng = phone_of(cast.feng)
    seen = feng.put(f"{BASE}/stations/LC", json=GAUGE).headers["ETag"]
    assert feng.put(f"{BASE}/stations/LC", json=GAUGE).status_code == 200
    other = GAUGE | {"warning_m": 33.8}
    assert feng.put(f"{BASE}/stations/LC", json=other).status_code == 428
    assert feng.put(f"{BASE}/stations/LC", json=other, headers={"If-Match": '"station-9"'}).status_code == 412
    changed = feng.put(f"{BASE}/stations/LC", json=other, headers={"If-Match": seen})
    assert (changed.status_code, changed.json["warning_m"]) == (200, 33.8)
    assert feng.get(f"{BASE}/stations/LC").headers["ETag"] == changed.headers["ETag"]
    acts = session.scalars(select(Record.act).where(Record.thing_type == "station").order_by(Record.seq)).all()
    assert acts == ["make", "change"]


@pytest.mark.parametrize(
    ("said", "status", "pointer"),
    [
        ({"guaranteed_m": 33.5}, 422, "/guaranteed_m"),
        ({"river": "NOWHERE"}, 422, "/river"),
        ({"segment": "CHIPING-371503"}, 422, "/segment"),
        ({"segment": "NOWHERE"}, 422, "/segment"),
        ({"region": "371503"}, 404, "/region"),
        ({"region": "371502999"}, 404, "/region"),
        ({"warning_m": 9999}, 422, "/warning_m"),
        ({"kind": "well"}, 422, "/kind"),
        ({"location": {"lon": 500, "lat": 0}}, 422, "/location/lon"),
    ],
)
def test_what_cannot_be_meant_of_a_station_is_named_by_its_place(phone_of, cast, said, status, pointer):
    refused = phone_of(cast.feng).put(f"{BASE}/stations/LC", json=GAUGE | said)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (status, pointer)


def test_a_station_of_another_county_is_neither_changed_nor_given_a_key(phone_of, cast):
    jin, feng = phone_of(cast.jin), phone_of(cast.feng)
    assert jin.put(f"{BASE}/stations/CP", json=GAUGE | {"region": "371503"}).status_code == 201
    assert feng.put(f"{BASE}/stations/CP", json=GAUGE).status_code == 404
    assert feng.post(f"{BASE}/stations/CP/key", json={}).status_code == 404
    assert feng.post(f"{BASE}/stations/NOWHERE/key", json={}).status_code == 404
    assert feng.put(f"{BASE}/stations/a b", json=GAUGE).status_code == 404


def test_everybody_finds_stations_by_region_river_and_box(phone_of, cast):
    jin, wang = phone_of(cast.jin), phone_of(cast.wang)
    make_station(jin, "A")
    make_station(jin, "B", region="371503", location={"lon": 116.25, "lat": 36.58}, river="CHIPING")

    def found(question: str) -> list[str]:
        return [each["code"] for each in wang.get(f"{BASE}/stations?{question}").json["items"]]

    assert found("") == ["A", "B"]
    assert found("region=371502") == found("river=TUHAI") == found("bbox=115.9,36.4,116,36.5") == ["A"]
    first = wang.get(f"{BASE}/stations?limit=1").json
    assert ([each["code"] for each in first["items"]], wang.get(first["next"]).json["items"][0]["code"]) == (["A"], "B")
    assert wang.get(f"{BASE}/stations/NOWHERE").status_code == 404


def test_a_station_that_is_not_heard_is_an_alarm_until_it_speaks_again(phone_of, cast, session, house, clock):
    key = make_station(phone_of(cast.jin))
    assert job.run(house, now=NOON + timedelta(days=1)) == 0  # it was never heard: nobody waits for it yet
    send(phone_of(None), key, level(NOON, 32.0))
    assert job.run(house, now=NOON + timedelta(minutes=119)) == 0
    assert job.run(house, now=NOON + timedelta(minutes=120)) == 1
    assert job.run(house, now=NOON + timedelta(minutes=121)) == 0
    alarm = session.scalars(select(Alarm).where(Alarm.kind == "silent_station")).one()
    assert (alarm.about, alarm.region_code, alarm.ended_at) == ("LC", "371502", None)
    assert phone_of(None).get(f"{BASE}/stations/LC").status_code == 401
    assert phone_of(cast.wang).get(f"{BASE}/stations/LC").json["silent_since"] is not None

    clock.now = NOON + timedelta(hours=3)
    send(phone_of(None), key, level(NOON + timedelta(minutes=30), 32.0))  # what it had measured before: not a word
    assert phone_of(cast.wang).get(f"{BASE}/stations/LC").json["silent_since"] is not None
    send(phone_of(None), key, level(clock.now, 32.1))
    session.refresh(alarm)
    assert alarm.ended_at is not None
    events = session.scalars(select(FloodEvent.what).order_by(FloodEvent.seq)).all()
    assert events == ["fell_silent", "heard_again"]


def test_a_new_key_ends_the_old_one_and_may_serve_several_stations(phone_of, cast):
    jin, gateway = phone_of(cast.jin), phone_of(None)
    old = make_station(jin, "A")
    make_station(jin, "B")
    both = jin.post(f"{BASE}/stations/A/key", json={"also": ["B"]})
    assert (both.status_code, both.json["stations"], both.headers["Cache-Control"]) == (201, ["A", "B"], "no-store")
    sent = send(gateway, both.json["key"], level(NOON, 32.0, "A"), level(NOON, 32.5, "B"))
    assert [each["status"] for each in sent] == ["stored", "stored"]
    dead = gateway.post(f"{BASE}/readings", json=[], headers={"X-Station-Key": old})
    assert dead.status_code == 401
