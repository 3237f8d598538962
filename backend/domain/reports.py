"""Reports (月报、周报): which days a month's or a week's is about, and of what parts it is made, in no language yet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from backend.domain.stats import Period
from backend.words import Text

_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)
_YEARS = range(1971, 9998)


class Unit(StrEnum):
    """How a number is shown."""

    COUNT = "count"
    KILOMETRES = "kilometres"
    HOURS = "hours"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its word and, where there is one, that of the period before."""

    word: Text
    value: float | None
    """None: a share of nothing."""
    before: float | None = None
    unit: Unit = Unit.COUNT


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers by place, day or kind; `plotted`: which column is drawn beside it, the first after the names being 0;
    `shares`: which columns are shares, None of nothing.
    """

    title: Text
    headings: Sequence[Text]
    rows: Sequence[tuple[Text | str, Sequence[float | None]]]
    plotted: int | None = None
    shares: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report."""

    title: Text
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a place: its days, those it is compared with, and its parts in the bureau's order."""

    of: str
    place: str
    period: Period
    before: Period
    as_of: datetime
    sections: Sequence[Section]


def period_of(of: str) -> Period:
    """The days of `2025-07` or `2025-W27` (weeks run Monday to Sunday); ValueError for anything else."""
    if (month := _MONTH.fullmatch(of)) and int(month[1]) in _YEARS:
        first = date(int(month[1]), int(month[2]), 1)
        return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
    if (week := _WEEK.fullmatch(of)) and int(week[1]) in _YEARS:
        first = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        return Period(first, first + timedelta(days=6))
    raise ValueError(of)


def before(of: str) -> Period:
    """The month or week before; ValueError as above."""
    last = period_of(of).first - timedelta(days=1)
    return period_of(month_of(last) if "W" not in of else week_of(last))


def month_of(day: date) -> str:
    """The month of a day, as a report is asked for."""
    return f"{day:%Y-%m}"


def week_of(day: date) -> str:
    """The same of its week."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def share(part: int, whole: int) -> float | None:
    """A part of a whole from 0 to 1; None of nothing."""
    return part / whole if whole else None
