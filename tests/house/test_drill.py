"""A clock for drills: faster, the same for every process, and never where people are real."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.clock import Drill, clock_of, inside, outside, utcnow
from backend.config import ImpossibleSettings, Settings


def test_it_runs_from_its_moment_as_fast_as_it_is_told_in_every_process():
    drill = Settings.from_env({"HEZHANG_CLOCK": "2025-07-28T08:00+08:00*60"}).drill
    assert drill is not None
    assert timedelta() <= drill() - datetime(2025, 7, 28, 0, 0, tzinfo=UTC) < timedelta(minutes=10)
    again = Drill.read(drill.written())
    assert abs(again() - drill()) < timedelta(seconds=60)
    hour_ago = Drill(drill.begin, 60, utcnow() - timedelta(hours=1))
    assert hour_ago() - drill.begin >= timedelta(hours=60)


def test_without_one_time_is_real_and_providers_live_in_the_real_time_always():
    drill = Drill.read("2025-07-28T08:00+08:00*60")
    assert clock_of(None) is utcnow
    assert clock_of(drill) is drill
    assert outside(drill) is utcnow


def test_what_a_provider_says_happened_when_the_clock_of_the_drill_showed_it():
    since = utcnow() - timedelta(minutes=10)
    drill = Drill(datetime(2028, 7, 28, tzinfo=UTC), 60, since)
    assert inside(drill, since + timedelta(seconds=5)) == drill.begin + timedelta(minutes=5)
    assert inside(drill, datetime(2000, 1, 1, tzinfo=UTC)) == drill.begin
    assert inside(drill, datetime(9000, 1, 1, tzinfo=UTC)) <= drill()
    assert inside(utcnow, since) == since


@pytest.mark.parametrize(
    "value", ["now*60", "2025-07-28T08:00*60", "2025-07-28T08:00+08:00", "2025-07-28T08:00+08:00*0.5"]
)
def test_one_that_cannot_be_read_is_refused(value):
    with pytest.raises(ImpossibleSettings):
        Settings.from_env({"HEZHANG_CLOCK": value})


def test_production_knows_the_real_time_only():
    with pytest.raises(ImpossibleSettings):
        Settings.from_env({"HEZHANG_CLOCK": "2025-07-28T08:00+08:00*60", "HEZHANG_ENV": "production"})
