"""What each chief owes in which period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.duties import Basis, DutyRule, Frequency, Period, Span, around, is_pressing, owed, post_of
from backend.domain.duty_rules import ImpossibleDuty, body_of, changed, duty_rule
from backend.domain.flood_days import FloodDays, Standing
from backend.domain.responses import Response, ResponseLevel
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


def under(*responses: Response) -> Callable[[date], Standing]:
    return FloodDays((), responses, ((7, 21), (8, 10)), ZONE).ground({("371502001001", "TUHAI")}).on


def response(level: str, begun: str, ended: str | None = None, *, is_safe: bool = True) -> Response:
    until = datetime.fromisoformat(ended).replace(tzinfo=ZONE) if ended else None
    since = datetime.fromisoformat(begun).replace(tzinfo=ZONE)
    return Response(uuid4(), ResponseLevel(level), ("3715",), (), is_safe, since, until)


def test_under_a_response_a_walk_is_owed_every_two_days_counted_from_its_beginning():
    rule = DutyRule()
    on = under(response("IV", "2025-07-03T09:00", "2025-07-08T09:00"))
    periods = [rule.period(Post.VILLAGE_CHIEF, date(2025, 7, day), on) for day in range(1, 9)]
    assert [(each.begin.day, each.until.day) for each in periods] == [
        (30, 3),
        (30, 3),
        (3, 5),
        (3, 5),
        (5, 7),
        (5, 7),
        (7, 8),
        (8, 14),
    ]
    # Of two days one is half, so it owes the walk; of the weeks around it less than half is left.
    assert [owed(each, each.days) for each in periods] == [0, 0, 1, 1, 1, 1, 1, 1]
    assert rule.period(Post.WARDEN, date(2025, 7, 3), on) == rule.period(Post.WARDEN, date(2025, 7, 3), under())


def test_the_higher_the_response_the_more_often_and_a_change_of_level_begins_a_period():
    rule = DutyRule()
    on = under(response("III", "2025-07-25T09:00", "2025-07-26T09:00"), response("II", "2025-07-26T09:00"))
    daily, twice = (rule.period(Post.TOWN_CHIEF, date(2025, 7, day), on) for day in (25, 26))
    assert (daily.days, daily.walks, twice.days, twice.walks) == (1, 1, 1, 2)
    assert owed(twice, 1) == 2
    assert rule.asked(Post.CITY_CHIEF, on(date(2025, 7, 26)))[0] is Basis.USUAL
    assert rule.asked(Post.VILLAGE_CHIEF, on(date(2025, 7, 24)))[0] is Basis.WINDOW


def test_where_it_is_not_safe_nobody_owes_a_walk():
    rule = DutyRule()
    on = under(response("II", "2025-07-02T09:00", "2025-07-04T09:00", is_safe=False))
    for post in (Post.CITY_CHIEF, Post.VILLAGE_CHIEF, Post.WARDEN):
        period = rule.period(post, date(2025, 7, 3), on)
        assert (rule.asked(post, on(date(2025, 7, 3)))[0], owed(period, period.days)) == (Basis.UNSAFE, 0)
    assert rule.period(Post.VILLAGE_CHIEF, date(2025, 7, 3), on).begin == date(2025, 7, 2)


def test_every_two_days_as_the_usual_duty_is_counted_by_the_calendar():
    usual = {**DutyRule().usual, Post.WARDEN: Frequency(1, Span.TWO_DAYS)}
    rule = DutyRule(usual=usual)
    first = rule.period(Post.WARDEN, date(2025, 7, 3), under())
    assert first.days == 2
    assert rule.period(Post.WARDEN, first.until, under()).begin == first.until


def test_every_two_days_under_a_response_that_goes_on_for_years_are_still_two_days():
    on = under(response("IV", "2020-01-01T00:00"))
    assert DutyRule().period(Post.TOWN_CHIEF, date(2025, 7, 3), on).days == 2


@given(DAYS, st.integers(1, 9))
def test_periods_under_a_response_follow_each_other_without_gap_or_overlap(day, length):
    begun = datetime.combine(day, time(9), ZONE)
    on = under(Response(uuid4(), ResponseLevel.IV, ("3715",), (), True, begun, begun + timedelta(days=length)))
    for asked in (day + timedelta(days=n) for n in range(-2, length + 2)):
        period = DutyRule().period(Post.VILLAGE_CHIEF, asked, on)
        assert period.begin <= asked < period.until
        assert DutyRule().period(Post.VILLAGE_CHIEF, period.begin, on) == period
        assert DutyRule().period(Post.VILLAGE_CHIEF, period.until - timedelta(days=1), on) == period


def test_a_version_says_only_what_changes_under_a_response_and_null_takes_a_post_out():
    change = {"under_response": {"IV": {"warden": {"walks": 1, "span": "day"}, "town_chief": None}}}
    made = changed(DutyRule(), 1, change)
    assert set(made.under_response[ResponseLevel.IV]) == {Post.VILLAGE_CHIEF, Post.WARDEN}
    assert made.under_response[ResponseLevel.III] == DutyRule().under_response[ResponseLevel.III]
    again = changed(made, 2, {"under_response": {"II": {"warden": {"walks": 3}}, "I": None}})
    assert again.under_response[ResponseLevel.II][Post.WARDEN] == Frequency(3, Span.DAY)
    assert ResponseLevel.I not in again.under_response


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"under_response": 5}, "under_response"),
        ({"under_response": {"V": {}}}, "under_response/V"),
        ({"under_response": {"IV": 5}}, "under_response/IV"),
        ({"under_response": {"IV": {"prosecutor": {"walks": 1, "span": "day"}}}}, "under_response/IV/prosecutor"),
        ({"under_response": {"IV": {"warden": {"walks": 1}}}}, "under_response/IV/warden"),
    ],
)
def test_a_duty_under_a_response_that_cannot_be_meant_is_refused_by_its_place(body, place):
    with pytest.raises(ImpossibleDuty) as refused:
        changed(DutyRule(), 1, body)
    assert refused.value.name == place
