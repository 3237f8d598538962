"""Working days (工作日) by the Chinese calendar with its shifted weekends, and periods counted in them.

Source: the State Council's yearly notice on holidays, as `chinesecalendar` has it; a year that the library does not
know yet can be brought in by an administrator, and is Monday to Friday until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import ceil
from zoneinfo import ZoneInfo

import chinese_calendar

_KNOWN_YEARS = frozenset(day.year for day in chinese_calendar.holidays)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class YearOff:
    """What a notice says of one year: days off from Monday to Friday, and weekends that are worked."""

    off: frozenset[date]
    worked: frozenset[date]


@dataclass(frozen=True)
class Calendar:
    """Which days are worked: years brought in by an administrator first, then the library's."""

    brought_in: Mapping[int, YearOff] = field(default_factory=dict)

    def is_known(self, year: int) -> bool:
        """Whether the notice of that year is there; if not, Monday to Friday stands in for it."""
        return year in self.brought_in or year in _KNOWN_YEARS

    def is_worked(self, day: date) -> bool:
        """Whether offices work on that day."""
        year = self.brought_in.get(day.year)
        if year is not None:
            return day in year.worked or (day.weekday() < 5 and day not in year.off)
        if day.year in _KNOWN_YEARS:
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5

    def nth_after(self, day: date, count: int) -> date:
        """The n-th working day after a day; the day itself for none."""
        while count > 0:
            day += _DAY
            count -= self.is_worked(day)
        return day


class Unit(StrEnum):
    """In what a period is counted."""

    MINUTES = "minutes"
    DAYS = "days"
    WORKDAYS = "workdays"


@dataclass(frozen=True, slots=True)
class Period:
    """So many minutes, elapsed days or working days."""

    amount: int
    unit: Unit

    def halved(self) -> Period:
        """Half of it, rounded up to a whole one, at least 1."""
        return Period(max(ceil(self.amount / 2), 1), self.unit)


@dataclass(frozen=True, slots=True)
class Due:
    """A moment by which something is due; provisional when a year was not in the calendar yet."""

    at: datetime
    is_provisional: bool = False


def due(begun_at: datetime, period: Period, calendar: Calendar, zone: ZoneInfo) -> Due:
    """When a period ends: minutes and days elapse; working days end with the last of them (24:00 in the zone)."""
    if period.unit is Unit.MINUTES:
        return Due(begun_at + timedelta(minutes=period.amount))
    if period.unit is Unit.DAYS:
        return Due(begun_at + timedelta(days=period.amount))
    begins = begun_at.astimezone(zone).date()
    last = calendar.nth_after(begins, period.amount)
    midnight = datetime.combine(last + _DAY, time(), zone).astimezone(begun_at.tzinfo)
    return Due(midnight, not all(calendar.is_known(year) for year in range(begins.year, last.year + 1)))
