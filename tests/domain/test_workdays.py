"""Working days by the Chinese calendar: shifted weekends, long holidays, and years that nobody has published yet."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.workdays import Calendar, Due, Period, Unit, YearOff, due

ZONE = ZoneInfo("Asia/Shanghai")
TABLE = Calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        ("2025-07-02", True),
        ("2025-07-05", False),  # a Saturday
        ("2025-10-01", False),  # National Day
        ("2025-10-11", True),  # a Saturday worked for it
        ("2026-02-14", True),  # worked before the Spring Festival
        ("2031-07-02", True),  # not published: Monday to Friday
        ("2031-07-05", False),
    ],
)
def test_weekends_and_holidays_are_those_of_the_notice(day, is_worked):
    assert TABLE.is_worked(date.fromisoformat(day)) is is_worked


def test_a_working_day_ends_at_midnight_of_the_zone():
    assert due(at("2025-07-02T12:00"), Period(1, Unit.WORKDAYS), TABLE, ZONE) == Due(at("2025-07-04T00:00"))
    # Handed in at one in the morning: in Beijing it is a day later than in UTC.
    assert due(at("2025-07-03T01:00"), Period(1, Unit.WORKDAYS), TABLE, ZONE) == Due(at("2025-07-05T00:00"))


def test_ten_working_days_pass_over_the_week_of_national_day():
    ends = due(at("2025-09-26T09:00"), Period(10, Unit.WORKDAYS), TABLE, ZONE)
    assert ends == Due(at("2025-10-17T00:00"))


def test_days_and_minutes_elapse_whatever_the_calendar_says():
    assert due(at("2025-09-30T09:00"), Period(3, Unit.DAYS), TABLE, ZONE) == Due(at("2025-10-03T09:00"))
    assert due(at("2025-10-01T09:00"), Period(30, Unit.MINUTES), TABLE, ZONE) == Due(at("2025-10-01T09:30"))


def test_a_year_that_is_not_published_is_provisional_until_it_is_brought_in():
    asked = at("2030-12-30T12:00"), Period(3, Unit.WORKDAYS)
    assert due(*asked, TABLE, ZONE) == Due(at("2031-01-03T00:00"), is_provisional=True)
    years = {year: YearOff(frozenset(), frozenset()) for year in (2030,)}
    years[2031] = YearOff(off=frozenset({date(2031, 1, 1), date(2031, 1, 2)}), worked=frozenset({date(2031, 1, 4)}))
    assert due(*asked, Calendar(years), ZONE) == Due(at("2031-01-05T00:00"))
    assert Calendar(years).is_worked(date(2031, 1, 4))


def test_half_a_period_is_rounded_up_and_never_nothing():
    halves = [Period(amount, Unit.DAYS).halved().amount for amount in (0, 1, 3, 10)]
    assert halves == [1, 1, 2, 5]


@given(st.dates(date(2005, 1, 1), date(2040, 1, 1)), st.integers(0, 60))
def test_between_a_day_and_the_nth_working_day_after_it_there_are_n_that_are_worked(day, count):
    last = TABLE.nth_after(day, count)
    between = [date.fromordinal(number) for number in range(day.toordinal() + 1, last.toordinal() + 1)]
    assert sum(TABLE.is_worked(each) for each in between) == count
    assert count == 0 or TABLE.is_worked(last)
