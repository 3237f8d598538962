"""What each chief owes in which period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.duties import DutyRule, Period, Span, around, is_pressing, owed, post_of
from backend.domain.duty_rules import body_of, duty_rule
from backend.domain.flood_days import FloodDays, Standing
from backend.domain.terms import Post

ZONE = ZoneInfo("Asia/Shanghai")


def by_default(rule: DutyRule) -> Callable[[date], Standing]:
    """A place for which nobody has set or declared anything."""
    window = rule.window_begin, rule.window_end
    return FloodDays((), (), window, ZONE).ground({("371502001001", "TUHAI")}).on


DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("span", "day", "begin", "until"),
    [
        (Span.DAY, date(2025, 7, 2), date(2025, 7, 2), date(2025, 7, 3)),
        (Span.WEEK, date(2025, 7, 6), date(2025, 6, 30), date(2025, 7, 7)),
        (Span.TEN_DAYS, date(2025, 7, 10), date(2025, 7, 1), date(2025, 7, 11)),
        (Span.TEN_DAYS, date(2025, 7, 11), date(2025, 7, 11), date(2025, 7, 21)),
        (Span.TEN_DAYS, date(2025, 7, 31), date(2025, 7, 21), date(2025, 8, 1)),
        (Span.TEN_DAYS, date(2024, 2, 29), date(2024, 2, 21), date(2024, 3, 1)),
        (Span.MONTH, date(2025, 12, 31), date(2025, 12, 1), date(2026, 1, 1)),
        (Span.QUARTER, date(2025, 12, 31), date(2025, 10, 1), date(2026, 1, 1)),
        (Span.QUARTER, date(2025, 5, 15), date(2025, 4, 1), date(2025, 7, 1)),
    ],
)
def test_periods_have_the_edges_of_the_office_calendar(span, day, begin, until):
    assert around(span, day) == (begin, until)


@given(st.sampled_from(Span), DAYS)
def test_periods_follow_each_other_without_gap_or_overlap(span, day):
    begin, until = around(span, day)
    assert begin <= day < until
    assert around(span, until)[0] == until
    assert around(span, begin - timedelta(days=1))[1] == begin


@given(st.sampled_from([Post.VILLAGE_CHIEF, Post.TOWN_CHIEF, Post.WARDEN, Post.CITY_CHIEF]), DAYS)
def test_duty_periods_too_even_where_the_window_cuts_them(post, day):
    rule = DutyRule()
    on = by_default(rule)
    period = rule.period(post, day, on)
    assert period.begin <= day < period.until
    assert rule.period(post, period.begin, on) == period
    assert rule.period(post, period.until - timedelta(days=1), on) == period


def test_the_key_window_asks_village_chiefs_twice_a_week():
    rule = DutyRule()
    on = by_default(rule)
    assert rule.period(Post.VILLAGE_CHIEF, date(2025, 7, 24), on) == Period(date(2025, 7, 21), date(2025, 7, 28), 7, 2)
    assert rule.period(Post.VILLAGE_CHIEF, date(2025, 7, 17), on).walks == 1
    # In 2026 the window opens on a Tuesday: Monday alone is no half of a week, so nothing is owed for it.
    monday = rule.period(Post.VILLAGE_CHIEF, date(2026, 7, 20), on)
    assert (monday.days, owed(monday, 7)) == (1, 0)
    assert owed(rule.period(Post.VILLAGE_CHIEF, date(2026, 7, 21), on), 7) == 1


def test_a_part_period_owes_the_whole_number_share_and_one_from_half_on():
    week = Period(date(2025, 7, 21), date(2025, 7, 28), 7, 2)
    assert [owed(week, days) for days in range(8)] == [0, 0, 0, 0, 1, 1, 1, 2]
    month = Period(date(2025, 7, 1), date(2025, 8, 1), 31, 1)
    assert owed(month, 15) == 0
    assert owed(month, 16) == 1
    assert owed(Period(date(2025, 7, 1), date(2025, 8, 1), 31, 0), 31) == 0


def test_a_duty_rule_survives_being_stored():
    rule = duty_rule(3, body_of(DutyRule()))
    assert rule.usual == DutyRule().usual
    assert rule.in_window == DutyRule().in_window
    assert duty_rule(0, {}) == DutyRule()
    assert duty_rule(2, {"window_begin": [7, 15]}).window_begin == (7, 15)
    assert rule.under_response == DutyRule().under_response


def test_an_assignment_brings_the_duty_of_its_level_or_the_wardens():
    assert post_of(3, False) is Post.COUNTY_CHIEF
    assert post_of(1, True) is Post.WARDEN


def test_whoever_is_behind_is_reminded_when_half_of_the_period_is_gone():
    week = Period(date(2025, 6, 30), date(2025, 7, 7), 7, 1)
    assert [is_pressing(week, date(2025, 7, day)) for day in (1, 2, 3, 6)] == [False, False, True, True]
    day = Period(date(2025, 7, 2), date(2025, 7, 3), 1, 1)
    assert is_pressing(day, date(2025, 7, 2))
