"""Readings: each item alone, corrected when sent otherwise; the latest value, its rise and its band follow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.models.flood_events import FloodEvent
from backend.models.stations import Reading
from tests.api.station_cases import BASE, level, make_station, send
from tests.cast import NOON


@pytest.fixture
def key(phone_of, cast) -> str:
    """A gauge is there."""
    return make_station(phone_of(cast.jin))


@pytest.fixture
def gateway(phone_of) -> Any:
    """Whoever sends; nobody is signed in."""
    return phone_of(None)


def ago(**time: float) -> datetime:
    return NOON - timedelta(**time)


def latest(phone: Any, quantity: str = "water_level_m") -> dict[str, Any]:
    found: dict[str, Any] = phone.get(f"{BASE}/stations/LC").json["latest"][quantity]
    return found


def events(session: Any) -> list[tuple[str, str | None]]:
    rows = session.execute(select(FloodEvent.what, FloodEvent.level).order_by(FloodEvent.seq))
    return [(row.what, row.level) for row in rows]


def test_each_item_stands_alone_and_nothing_is_half_stored(gateway, key, phone_of, cast, session):
    make_station(phone_of(cast.jin), "OTHER")
    results = send(
        gateway,
        key,
        level(NOON, 32.0, rain_mm_1h=3.5, flow_m3s=12),
        level(NOON + timedelta(days=1), 32.0),
        level(ago(minutes=5), 9_999.0, rain_mm_1h=1),
        level(ago(minutes=5), 32.0, "OTHER"),
        level(ago(minutes=5), 32.0, "NOWHERE"),
        level(datetime(1969, 1, 1, tzinfo=NOON.tzinfo), 32.0),
        level(ago(minutes=6), 32.0, surprise=1),
        {"station": "LC", "at": NOON.isoformat()},
        {"station": "LC\x00", "at": NOON.isoformat(), "rain_mm_1h": 1},
        level(ago(minutes=7), "deep"),  # type: ignore[arg-type]
        "LC",
        None,
    )
    assert [each["status"] for each in results] == ["stored"] + ["refused"] * 11
    pointers = [each["errors"][0]["pointer"] for each in results[1:]]
    assert pointers == [
        "/1/at",
        "/2/water_level_m",
        "/3/station",
        "/4/station",
        "/5/at",
        "/6/surprise",
        "/7",
        "/8/station",
        "/9/water_level_m",
        "/10",
        "/11",
    ]
    assert session.scalar(select(func.count()).select_from(Reading)) == 3


@pytest.mark.parametrize("body", ['[{"station":"LC","at":"2025-07-02T12:00:00+08:00","water_level_m":NaN}]', "[", "{}"])
def test_what_is_no_list_of_numbers_is_refused_as_a_whole(gateway, key, body):
    headers = {"X-Station-Key": key, "Content-Type": "application/json"}
    assert gateway.post(f"{BASE}/readings", data=body, headers=headers).status_code in (400, 422)


def test_more_than_five_thousand_are_refused_and_five_thousand_are_taken(gateway, key):
    many = [level(ago(minutes=number), 32.0) for number in range(5_001)]
    headers = {"X-Station-Key": key}
    assert gateway.post(f"{BASE}/readings", json=many, headers=headers).status_code == 422
    assert {each["status"] for each in send(gateway, key, *many[:5_000])} == {"stored"}


@pytest.mark.parametrize("headers", [{}, {"X-Station-Key": ""}, {"X-Station-Key": "guessed"}])
def test_without_a_key_that_opens_something_nothing_is_read(gateway, key, headers):
    refused = gateway.post(f"{BASE}/readings", json=[level(NOON, 32.0)], headers=headers)
    assert refused.status_code == 401


def test_a_reading_sent_again_is_unchanged_and_sent_otherwise_is_corrected(gateway, key, phone_of, cast):
    wang = phone_of(cast.wang)
    assert send(gateway, key, level(NOON, 33.9))[0]["status"] == "stored"
    assert send(gateway, key, level(NOON, 33.9))[0]["status"] == "unchanged"
    assert send(gateway, key, level(NOON, 32.9))[0]["status"] == "stored"
    assert (latest(wang)["value"], latest(wang)["band"]) == (32.9, "normal")
    assert wang.get(f"{BASE}/stations/LC").json["readings"]["water_level_m"] == [["2025-07-02T12:00:00+08:00", 32.9]]


def test_rising_over_a_mark_is_told_once_and_falling_only_below_the_ripples(gateway, key, clock, session):
    for minute, level_m in enumerate([33.4, 33.5, 33.48, 33.52, 33.41, 35.2, 34.95, 33.3]):
        clock.now = NOON + timedelta(minutes=minute)
        send(gateway, key, level(clock.now, level_m))
    assert events(session) == [("rose", "warning"), ("rose", "guaranteed"), ("fell", "normal")]
    rose = session.scalars(select(FloodEvent).order_by(FloodEvent.seq)).first()
    assert (rose.regions, rose.rivers, len(rose.segments)) == (["371502"], ["TUHAI"], 1)
    assert (rose.values["level_m"], rose.values["over_m"], rose.values["from"]) == (33.5, 0.0, "normal")


def test_late_and_unordered_readings_are_kept_and_tell_nobody_anything(gateway, key, clock, session, phone_of, cast):
    send(gateway, key, level(ago(minutes=1), 33.0))
    send(gateway, key, level(ago(minutes=30), 36.0))  # older than the latest
    assert (latest(phone_of(cast.wang))["value"], events(session)) == (33.0, [])
    clock.now = NOON + timedelta(hours=5)
    send(gateway, key, level(NOON, 36.0))  # newer than the latest, and five hours old
    shown = latest(phone_of(cast.wang))
    assert (shown["value"], shown["band"], events(session)) == (36.0, "normal", [])
    send(gateway, key, level(clock.now, 36.0))  # it is so now: now they are told
    assert events(session) == [("rose", "guaranteed")]


def test_several_readings_at_once_tell_what_they_come_to(gateway, key, session):
    send(gateway, key, *(level(ago(minutes=20 - n), level_m) for n, level_m in enumerate([33.0, 33.6, 35.1, 34.0])))
    assert events(session) == [("rose", "warning")]


def test_a_fast_rise_is_told_of_and_shown_in_metres_an_hour(gateway, key, clock, session, phone_of, cast):
    old, young = level(ago(hours=4), 20.0), level(ago(minutes=50), 31.9)  # too long ago, and too short
    send(gateway, key, old, young, level(ago(hours=3), 30.0), level(ago(hours=2), 31.0), level(NOON, 32.0))
    assert (latest(phone_of(cast.wang))["rate"], latest(phone_of(cast.wang))["fast"]) == (0.5, True)
    clock.now = NOON + timedelta(hours=2)
    send(gateway, key, level(clock.now, 32.1))
    assert (latest(phone_of(cast.wang))["rate"], latest(phone_of(cast.wang))["fast"]) == (0.05, False)
    assert events(session) == [("changed", "normal"), ("changed", "normal")]


def test_rain_and_flow_have_a_latest_value_and_no_band(gateway, key, phone_of, cast):
    send(gateway, key, {"station": "LC", "at": NOON.isoformat(), "rain_mm_1h": 60.5})
    assert latest(phone_of(cast.wang), "rain_mm_1h") == {"value": 60.5, "at": "2025-07-02T12:00:00+08:00"}
