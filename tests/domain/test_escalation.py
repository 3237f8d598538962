"""The ladder of a late hazard: each step once, in order, whenever somebody looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.escalation import LadderRule, Rung, Step, climb, expected, next_look
from backend.domain.hazards import Severity, Watch

NOON = datetime(2025, 7, 2, 4, 0, tzinfo=UTC)
DUE = NOON + timedelta(days=10)
LADDERS = LadderRule().ladders


def told(severity: Severity, after_due: timedelta) -> list[tuple[Rung, ...]]:
    return [step.tell for step in climb(LADDERS[severity], 0, NOON, DUE, DUE + after_due).steps]


def test_the_owner_is_reminded_when_four_fifths_of_the_time_are_over():
    assert told(Severity.ORDINARY, -timedelta(days=2, seconds=1)) == []
    assert told(Severity.ORDINARY, -timedelta(days=2)) == [(Rung.OWNER,)]


@pytest.mark.parametrize(
    ("severity", "after_due", "last"),
    [
        (Severity.ORDINARY, timedelta(), Rung.TOWN_CHIEF),
        (Severity.ORDINARY, timedelta(days=3), Rung.COUNTY_OFFICE),
        (Severity.ORDINARY, timedelta(days=7), Rung.COUNTY_CHIEF),
        (Severity.ORDINARY, timedelta(days=15), Rung.CITY_OFFICE),
        (Severity.MAJOR, timedelta(days=1), Rung.COUNTY_OFFICE),
        (Severity.MAJOR, timedelta(days=5), Rung.CITY_CHIEF),
        (Severity.CRITICAL, timedelta(minutes=15), Rung.COUNTY_OFFICE),
        (Severity.CRITICAL, timedelta(minutes=60), Rung.CITY_CHIEF),
    ],
)
def test_it_climbs_along_the_chain(severity, after_due, last):
    assert told(severity, after_due - timedelta(seconds=1))[-1][-1] is not last
    assert told(severity, after_due)[-1][-1] is last


def test_the_city_puts_it_under_watch():
    steps = climb(LADDERS[Severity.MAJOR], 0, NOON, DUE, DUE + timedelta(days=9)).steps
    assert [step.watch for step in steps] == [*[Watch.NONE] * 4, Watch.KEY, Watch.KEY]


@given(st.sampled_from(Severity), st.lists(st.integers(0, 40 * 24 * 60), max_size=12))
def test_however_often_and_late_one_looks_every_step_is_taken_once_and_in_order(severity, minutes):
    ladder, rung = LADDERS[severity], 0
    taken: list[Step] = []
    for moment in sorted(NOON + timedelta(minutes=each) for each in minutes):
        found = climb(ladder, rung, NOON, DUE, moment)
        taken += found.steps
        assert found.next_at is None or found.next_at > moment
        assert len(taken) == found.rung == expected(ladder, NOON, DUE, moment)
        rung = found.rung
    assert taken == list(ladder[: len(taken)])
    assert next_look(ladder, len(ladder), NOON, DUE) is None
