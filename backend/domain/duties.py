"""What each chief owes: so many walks a period on each river, and which of them are done.

The defaults are the city's own policy; weeks run Monday to Sunday, 旬 are the days 1–10, 11–20 and 21–end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from backend.domain.flood_days import Standing
from backend.domain.reasons import Reason
from backend.domain.responses import ResponseLevel
from backend.domain.seasons import Phase
from backend.domain.terms import CHIEFS, Outcome, Post

_A_DAY = timedelta(days=1)
_LONGEST = 366
"""So far back the beginning of a response is looked for."""
PROVES_NOTHING = frozenset({Reason.DRIVEN, Reason.COPIED_TRACK})
"""Reasons for which a walk says nothing of the bank (a copy tells of the day of its original)."""


class Span(StrEnum):
    """The length of a period."""

    DAY = "day"
    TWO_DAYS = "two_days"
    WEEK = "week"
    TEN_DAYS = "ten_days"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Frequency:
    """So many walks a period."""

    walks: int
    span: Span


class Basis(StrEnum):
    """Why so many walks are owed."""

    USUAL = "usual"
    WINDOW = "window"
    RESPONSE = "response"
    UNSAFE = "unsafe"
    """Nobody is to go to the water."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from – until (the first day after it), and what is owed in it when served whole."""

    begin: date
    until: date
    whole_days: int
    walks: int
    basis: Basis = field(default=Basis.USUAL, compare=False)

    @property
    def days(self) -> int:
        """How many days of it there are, after clipping."""
        return (self.until - self.begin).days


def _under_response() -> dict[ResponseLevel, dict[Post, Frequency]]:
    chiefs = (Post.TOWN_CHIEF, Post.VILLAGE_CHIEF)
    daily, twice = Frequency(1, Span.DAY), Frequency(2, Span.DAY)
    return {
        ResponseLevel.IV: dict.fromkeys(chiefs, Frequency(1, Span.TWO_DAYS)),
        ResponseLevel.III: dict.fromkeys((*chiefs, Post.WARDEN), daily),
        ResponseLevel.II: dict.fromkeys((*chiefs, Post.WARDEN), twice),
        ResponseLevel.I: dict.fromkeys((*chiefs, Post.WARDEN), twice),
    }


@dataclass(frozen=True, slots=True)
class DutyRule:
    """One version of the duty: a frequency for each post, others in the key window (七下八上) and under responses."""

    version: int = 0
    """0: as built in, before anybody has written one."""
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
    under_response: dict[ResponseLevel, dict[Post, Frequency]] = field(default_factory=_under_response)
    window_begin: tuple[int, int] = (7, 21)
    """Month and day on which the key window begins where nobody has set it for the year."""
    window_end: tuple[int, int] = (8, 10)
    """The last day of that window."""

    def asked(self, post: Post, standing: Standing) -> tuple[Basis, Frequency]:
        """How often a post is to walk where that holds, and why so often."""
        usual = self.usual[post]
        if standing.keeps_off:
            return Basis.UNSAFE, Frequency(0, usual.span)
        if standing.level and post in self.under_response.get(standing.level, {}):
            return Basis.RESPONSE, self.under_response[standing.level][post]
        if standing.phase is Phase.WINDOW and post in self.in_window:
            return Basis.WINDOW, self.in_window[post]
        return Basis.USUAL, usual

    def period(self, post: Post, day: date, standing_on: Callable[[date], Standing]) -> Period:
        """The period of a post in which a day lies; it ends where so many walks are asked for no longer."""
        asked = self.asked(post, standing_on(day))
        basis, frequency = asked

        def is_same(other: date) -> bool:
            return self.asked(post, standing_on(other)) == asked

        begin, until = around(frequency.span, day)
        whole_days = (until - begin).days
        if frequency.span is Span.TWO_DAYS and basis is not Basis.USUAL:
            begin = day - timedelta(days=_days_before(day, is_same) % 2)
            until = begin + timedelta(days=2)
        first = last = day
        while first > begin and is_same(first - _A_DAY):
            first -= _A_DAY
        while last + _A_DAY < until and is_same(last + _A_DAY):
            last += _A_DAY
        return Period(first, last + _A_DAY, whole_days, frequency.walks, basis)


def _days_before(day: date, is_same: Callable[[date], bool]) -> int:
    """How many days the same was asked for before a day; every two days are counted from where that begins."""
    return next((n for n in range(_LONGEST) if not is_same(day - timedelta(days=n + 1))), _LONGEST)


def around(span: Span, day: date) -> tuple[date, date]:
    """The whole period around a day: from – until."""
    if span is Span.DAY:
        return day, day + _A_DAY
    if span is Span.TWO_DAYS:
        begin = day - timedelta(days=day.toordinal() % 2)
        return begin, begin + timedelta(days=2)
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


def is_pressing(period: Period, day: date) -> bool:
    """Whether whoever is behind at the end of a day is to be reminded: half of the period is gone."""
    return ((day - period.begin).days + 1) * 2 >= period.days


def post_of(level: int, is_warden: bool) -> Post:
    """Which post's duty an assignment brings: by the level of its reach, or the warden's."""
    return Post.WARDEN if is_warden else next(post for post, rank in CHIEFS.items() if rank == level)


def proves_walking(reasons: Iterable[str], reviewed: Outcome | None) -> bool:
    """Whether the stretches of a walk count as walked, however short it was; a review has the last word."""
    if reviewed is Outcome.VALID or reviewed is Outcome.INVALID:
        return reviewed is Outcome.VALID
    return PROVES_NOTHING.isdisjoint(reasons)


def _month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
