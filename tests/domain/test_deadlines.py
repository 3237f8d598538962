"""Deadlines of hazards: one for each phase, halved when the water presses, fair when they are counted anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.deadlines import DeadlineRule, Phase, Setting, deadline, phase_of, recomputed, soonest
from backend.domain.hazards import OPEN, Kind, Severity, State, Watch
from backend.domain.workdays import Calendar, Due

ZONE = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2025, 7, 2, 4, 0, tzinfo=UTC)
USUAL = Setting(DeadlineRule(), Calendar(), ZONE)
PRESSING = Setting(DeadlineRule(), Calendar(), ZONE, is_pressing=True)


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("phase", "severity", "watch", "until"),
    [
        (Phase.ACCEPT, Severity.ORDINARY, Watch.NONE, "2025-07-04T00:00"),
        (Phase.ACCEPT, Severity.CRITICAL, Watch.NONE, "2025-07-02T12:30"),
        (Phase.START, Severity.CRITICAL, Watch.NONE, "2025-07-02T14:00"),
        (Phase.FIX, Severity.MINOR, Watch.NONE, "2025-07-05T12:00"),
        (Phase.FIX, Severity.ORDINARY, Watch.NONE, "2025-07-17T00:00"),
        (Phase.FIX, Severity.MAJOR, Watch.KEY, "2025-07-31T00:00"),
        (Phase.FIX, Severity.MAJOR, Watch.LISTED, "2025-08-31T12:00"),
        (Phase.VERIFY, Severity.MAJOR, Watch.LISTED, "2025-07-10T00:00"),
    ],
)
def test_each_phase_has_its_time(phase, severity, watch, until):
    assert deadline(phase, Kind.DUMP, severity, watch, WEDNESDAY, USUAL).at == local(until)


def test_when_the_water_presses_flood_hazards_have_half_the_time_and_others_all_of_it():
    asked = Phase.FIX, Severity.ORDINARY, Watch.NONE, WEDNESDAY
    of_levee = deadline(asked[0], Kind.LEVEE_DEFECT, *asked[1:], PRESSING)
    of_rubbish = deadline(asked[0], Kind.DUMP, *asked[1:], PRESSING)
    assert (of_levee.at, of_rubbish.at) == (local("2025-07-10T00:00"), local("2025-07-17T00:00"))


def test_every_open_hazard_waits_for_something_and_no_other_does():
    waiting = {state for state in State if phase_of(state, Severity.ORDINARY)}
    assert waiting == set(OPEN)
    assert phase_of(State.ASSIGNED, Severity.CRITICAL) is Phase.START
    assert phase_of(State.ASSIGNED, Severity.MAJOR) is Phase.FIX


HOURS = st.integers(-500, 500).map(lambda hours: Due(WEDNESDAY + timedelta(hours=hours)))


@given(HOURS, HOURS, st.sampled_from(Severity))
def test_a_deadline_counted_anew_is_no_way_out_and_no_trap(old, new, severity):
    found = recomputed(old, new, severity, WEDNESDAY)
    notice = timedelta(minutes=15) if severity is Severity.CRITICAL else timedelta(hours=24)
    if old.at <= WEDNESDAY:
        assert found == old
    elif new.at >= WEDNESDAY + notice:
        assert found == new
    else:
        assert found.at == min(old.at, WEDNESDAY + notice) or found.at == new.at > old.at


def test_a_step_is_not_taken_at_once_because_the_policy_changed():
    hour = timedelta(hours=1)
    ordinary, critical = Severity.ORDINARY, Severity.CRITICAL
    assert soonest(WEDNESDAY + 90 * hour, WEDNESDAY - hour, ordinary, WEDNESDAY) == WEDNESDAY + 24 * hour
    assert soonest(WEDNESDAY + 3 * hour, WEDNESDAY - hour, ordinary, WEDNESDAY) == WEDNESDAY + 3 * hour
    assert soonest(None, WEDNESDAY - hour, critical, WEDNESDAY) == WEDNESDAY + hour / 4
    assert soonest(None, WEDNESDAY + 90 * hour, ordinary, WEDNESDAY) == WEDNESDAY + 90 * hour
    assert soonest(WEDNESDAY, None, ordinary, WEDNESDAY) is None
