"""Statistics: which periods can be asked for, and which list stands behind each figure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from backend.domain.hazards import MOVES, OPEN, State
from backend.domain.stats import ACTS, FIGURES, GROUPS, By, Noun, Period, Records, added, key_of, records

DAY = date(2025, 7, 2)


@pytest.mark.parametrize(
    ("days", "flaw"), [(0, None), (-1, "flaw.days_order"), (366 * 5 - 1, None), (366 * 5, "flaw.too_many_days")]
)
def test_a_period_is_in_order_and_at_most_five_years_long(days, flaw):
    assert Period(DAY, DAY + timedelta(days=days)).flaw == flaw


def test_of_a_period_the_days_between_two_others_are_taken():
    period = Period(DAY, DAY + timedelta(days=9))
    assert period.within(DAY - timedelta(days=5), DAY + timedelta(days=3)) == Period(DAY, DAY + timedelta(days=3))
    assert period.within(DAY, DAY + timedelta(days=99)) == period
    assert period.within(DAY - timedelta(days=5), DAY - timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("group", "figure", "filters"),
    [
        ("patrols", "handed_in", ()),
        ("patrols", "doubtful", (("standing", "doubtful"),)),
        ("patrols", "metres", (("standing", "counted"),)),
        ("hazards", "reported", ()),
        ("four_illegal", "cleared", (("class", "four_illegal"), ("status", "closed"))),
        ("flood", "closed", (("class", "flood"), ("act", "close"))),
    ],
)
def test_a_figure_opens_to_the_list_of_what_it_counts(group, figure, filters):
    found = records(group, figure)
    assert found is not None
    assert (found.noun, found.filters) == (GROUPS[group], filters)


def test_calls_and_answers_to_campaigns_stand_on_boards_of_their_own():
    assert records("callouts", "called") is None
    assert records("campaigns", "late") is None


def test_what_was_reported_is_divided_by_how_it_stands_and_nothing_is_left_out():
    parts = [records("hazards", figure) for figure in ("standing", "cleared", "rejected", "merged")]
    states = [state for part in parts if isinstance(part, Records) for _, state in part.filters]
    assert sorted(states) == sorted(State)
    assert set(OPEN) < set(states)
    assert set(ACTS.values()) < set(MOVES)


def test_rows_are_added_figure_by_figure_and_days_are_shown_by_month():
    figures = FIGURES[Noun.CALLOUTS]
    row = {"called": 3, "answered": 2, "in_time": 1}
    assert added([row, row], figures) == {"called": 6, "answered": 4, "in_time": 2}
    assert added([], figures) == {"called": 0, "answered": 0, "in_time": 0}
    assert key_of(By.MONTH, "2025-07-02") == "2025-07"
    assert key_of(By.DAY, "2025-07-02") == "2025-07-02"
