"""A gauge climbs through a night over both its marks, falls silent at the worst moment, and is heard again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.models.alarms import Alarm
from backend.models.flood_events import FloodEvent
from backend.models.notices import Notice
from jobs import alerts, drift, risk, stations
from tests.api.station_cases import BASE, level, make_station, send

EVENING = datetime(2025, 7, 28, 12, 0, tzinfo=UTC)
"""20:00 in the key window."""
HERE, BELOW = "TUHAI-371502-001", "TUHAI-371502-002"


@pytest.fixture
def night(clock, house, phone_of, cast):
    """Move the clock to so many hours after the evening, let every job look, and see the risk of both reaches."""

    def at(hours: float, key: str | None = None, level_m: float | None = None) -> tuple[str, str]:
        clock.now = EVENING + timedelta(hours=hours)
        if key is not None and level_m is not None:
            assert send(phone_of(None), key, level(clock.now, level_m))[0]["status"] == "stored"
        for job in (stations, risk, alerts):
            job.run(house, now=clock.now)
        shown = phone_of(cast.zhao).get(f"{BASE}/risk?region=371502").json["items"]
        levels = {each["segment"]["code"]: each["level"] for each in shown}
        return levels[HERE], levels[BELOW]

    return at


def reasons(phone: Any) -> list[str]:
    """Why a reach is as it is, in words."""
    newest = phone.get(f"{BASE}/risk/{HERE}").json["items"][0]
    return [factor["text"] for factor in newest["factors"]]


def test_a_gauge_climbs_over_both_marks_falls_silent_and_is_heard_again(night, clock, house, phone_of, cast, session):
    clock.now = EVENING
    drift.run(house, now=clock.now)
    key = make_station(phone_of(cast.jin))

    # It rains. The water rises fast, before it comes to any mark.
    assert night(0, key, 31.0) == ("low", "low")
    assert night(2, key, 32.2) == ("low", "low")
    assert reasons(phone_of(cast.zhao))[0] == "聊城站（LC，就在本河段）水位上涨很快"

    # Over the warning level at midnight, over the guaranteed level at three: the reach and the one below it.
    assert night(4, key, 33.6) == ("high", "high")
    assert night(6, key, 34.6) == ("high", "high")
    assert night(7, key, 35.1) == ("extreme", "extreme")

    # A ripple brings nothing back.
    assert night(7.2, key, 34.95) == ("extreme", "extreme")

    # Then nothing more comes. After two hours somebody is told, and nobody takes it for good news.
    assert night(9.1) == ("extreme", "extreme")
    assert night(9.3) == ("extreme", "extreme")
    assert "聊城站（LC，就在本河段）没有报来数据，水情不明" in reasons(phone_of(cast.zhao))
    alarm = session.scalars(select(Alarm).where(Alarm.kind == "silent_station")).one()
    assert alarm.told_at is not None
    told = session.scalars(select(Notice).where(Notice.about_id == alarm.id)).all()
    assert [(notice.person_id, notice.key) for notice in told] == [(cast.sun, "alarm")]

    # The gateway is back by noon, with what it had kept: history changes nothing, the present does.
    send(phone_of(None), key, level(EVENING + timedelta(hours=9), 36.4))
    assert night(16, key, 33.0) == ("low", "low")
    session.refresh(alarm)
    assert alarm.ended_at is not None
    events = session.execute(select(FloodEvent.kind, FloodEvent.what, FloodEvent.level).order_by(FloodEvent.seq))
    assert [f"{what} {level or ''}".strip() for kind, what, level in events if kind == "station"] == [
        "changed normal",
        "rose warning",
        "rose guaranteed",
        "fell_silent",
        "heard_again",
        "fell normal",
    ]
