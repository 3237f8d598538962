"""Where a reach may be cut, and what lies on which side."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from backend.domain.splits import LEAST_PART_M, LONGEST_AHEAD, LOWER, UPPER, may_begin, may_cut, side, side_of_stretch

TODAY = date(2025, 7, 2)


@pytest.mark.parametrize(
    ("at_m", "may"),
    [(LEAST_PART_M - 0.1, False), (LEAST_PART_M, True), (950.0, True), (950.1, False)],
)
def test_each_part_is_long_enough_to_be_walked(at_m, may):
    assert may_cut(at_m, 1_000.0) is may


def test_what_lies_at_the_cut_or_nowhere_stays_above():
    assert side(500.0, 500.0) == UPPER
    assert side(500.0, 500.1) == LOWER
    assert side(500.0, None) == UPPER


def test_a_lower_reach_lies_on_one_side_whichever_way_it_runs_or_across():
    assert side_of_stretch(500.0, 0.0, 510.0) == UPPER
    assert side_of_stretch(500.0, 1_000.0, 490.0) == LOWER
    assert side_of_stretch(500.0, 400.0, 600.0) is None
    assert side_of_stretch(500.0, 600.0, 400.0) is None


def test_a_split_begins_today_or_within_a_year():
    assert not may_begin(TODAY - timedelta(days=1), TODAY)
    assert may_begin(TODAY, TODAY)
    assert may_begin(TODAY + LONGEST_AHEAD, TODAY)
    assert not may_begin(TODAY + LONGEST_AHEAD + timedelta(days=1), TODAY)
