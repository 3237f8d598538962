"""What each chief owes: so many walks a period on each river, and which of them are done.

The defaults are the city's own policy; weeks run Monday to Sunday, 旬 are the days 1–10, 11–20 and 21–end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from backend.domain.terms import CHIEFS, Post


class Span(StrEnum):
    """The length of a period."""

    DAY = "day"
    WEEK = "week"
    TEN_DAYS = "ten_days"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Frequency:
    """So many walks a period."""

    walks: int
    span: Span


@dataclass(frozen=True, slots=True)
class Period:
    """Days from – until (the first day after it), and what is owed in it when served whole."""

    begin: date
    until: date
    whole_days: int
    walks: int

    @property
    def days(self) -> int:
        """How many days of it there are, after clipping."""
        return (self.until - self.begin).days


@dataclass(frozen=True, slots=True)
class DutyRule:
    """One version of the duty: a frequency for each post, another in the key window (七下八上)."""

    version: int = 1
    usual: dict[Post, Frequency] = field(
        default_factory=lambda: {
            Post.CITY_CHIEF: Frequency(1, Span.QUARTER),
            Post.COUNTY_CHIEF: Frequency(1, Span.MONTH),
            Post.TOWN_CHIEF: Frequency(1, Span.TEN_DAYS),
            Post.VILLAGE_CHIEF: Frequency(1, Span.WEEK),
            Post.WARDEN: Frequency(1, Span.DAY),
        }
    )
    in_window: dict[Post, Frequency] = field(
        default_factory=lambda: {
            Post.TOWN_CHIEF: Frequency(1, Span.WEEK),
            Post.VILLAGE_CHIEF: Frequency(2, Span.WEEK),
        }
    )
    window_begin: tuple[int, int] = (7, 21)
    """Month and day on which the key window begins."""
    window_end: tuple[int, int] = (8, 10)
    """The last day of the key window."""

    def window(self, year: int) -> tuple[date, date]:
        """The key window of a year: from – until (the day after its last)."""
        return date(year, *self.window_begin), date(year, *self.window_end) + timedelta(days=1)

    def period(self, post: Post, day: date) -> Period:
        """The period of a post in which a day lies; it ends where the window begins or ends."""
        opens, closes = self.window(day.year)
        inside = opens <= day < closes and post in self.in_window
        frequency = self.in_window[post] if inside else self.usual[post]
        begin, until = around(frequency.span, day)
        whole_days = (until - begin).days
        if inside:
            begin, until = max(begin, opens), min(until, closes)
        elif post in self.in_window:
            begin, until = (begin, min(until, opens)) if day < opens else (max(begin, closes), until)
        return Period(begin, until, whole_days, frequency.walks)


def around(span: Span, day: date) -> tuple[date, date]:
    """The whole period around a day: from – until."""
    if span is Span.DAY:
        return day, day + timedelta(days=1)
    if span is Span.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    if span is Span.TEN_DAYS:
        begin = day.replace(day=1 + 10 * min((day.day - 1) // 10, 2))
        return begin, begin + timedelta(days=10) if begin.day < 21 else _month_after(day.replace(day=1))
    first = day.replace(day=1)
    if span is Span.QUARTER:
        first = first.replace(month=1 + 3 * ((day.month - 1) // 3))
        return first, _month_after(_month_after(_month_after(first)))
    return first, _month_after(first)


def owed(period: Period, served_days: int) -> int:
    """Walks owed by somebody who held the post on so many days of a period.

    A part period owes the whole-number share, at least 1 when it is half or more.
    """
    served = min(served_days, period.days)
    share = period.walks * served / period.whole_days
    return max(int(share), 1 if served * 2 >= period.whole_days and period.walks else 0)


def duty_rule(version: int, body: dict[str, Any]) -> DutyRule:
    """Read a stored version; what it does not name keeps its default."""
    default = DutyRule()
    return DutyRule(
        version=version,
        usual=default.usual | _frequencies(body.get("usual", {})),
        in_window=_frequencies(body["in_window"]) if "in_window" in body else default.in_window,
        window_begin=tuple(body.get("window_begin", default.window_begin)),
        window_end=tuple(body.get("window_end", default.window_end)),
    )


def body_of(rule: DutyRule) -> dict[str, Any]:
    """The rule as it is stored and shown."""
    return {
        "usual": {post.value: {"walks": f.walks, "span": f.span.value} for post, f in rule.usual.items()},
        "in_window": {post.value: {"walks": f.walks, "span": f.span.value} for post, f in rule.in_window.items()},
        "window_begin": list(rule.window_begin),
        "window_end": list(rule.window_end),
    }


def post_of(level: int, is_warden: bool) -> Post:
    """Which post's duty an assignment brings: by the level of its reach, or the warden's."""
    return Post.WARDEN if is_warden else next(post for post, rank in CHIEFS.items() if rank == level)


def _frequencies(body: dict[str, Any]) -> dict[Post, Frequency]:
    return {Post(post): Frequency(int(f["walks"]), Span(f["span"])) for post, f in body.items()}


def _month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
