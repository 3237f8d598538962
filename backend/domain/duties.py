"""What each chief owes: so many walks a period on each river, and which of them are done.

The defaults are the city's own policy; weeks run Monday to Sunday, 旬 are the days 1–10, 11–20 and 21–end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from backend.domain.reasons import Reason
from backend.domain.terms import CHIEFS, WALKERS, Outcome, Post
from backend.words import Text

MOST_WALKS = 100
"""A bound on the walks of a period, which only keeps out what cannot be meant."""
PROVES_NOTHING = frozenset({Reason.DRIVEN, Reason.COPIED_TRACK})
"""Reasons for which a walk says nothing of the bank (a copy tells of the day of its original)."""


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


def is_pressing(period: Period, day: date) -> bool:
    """Whether whoever is behind at the end of a day is to be reminded: half of the period is gone."""
    return ((day - period.begin).days + 1) * 2 >= period.days


class ImpossibleDuty(ValueError):
    """A rule that cannot be meant; `name` says which part, `text` why."""

    def __init__(self, name: str, text: Text) -> None:
        super().__init__(name)
        self.name, self.text = name, text


def duty_rule(version: int, body: dict[str, Any]) -> DutyRule:
    """Read a stored or proposed version; what it does not name keeps its default. ImpossibleDuty names the part."""
    default = body_of(DutyRule())
    for name in body.keys() - default.keys():
        raise ImpossibleDuty(name, _choice(default))
    whole = default | body
    begin, end = (_day_of_year(name, whole[name]) for name in ("window_begin", "window_end"))
    if end < begin:
        raise ImpossibleDuty("window_end", Text("flaw.day_of_year"))
    return DutyRule(
        version=version,
        usual=DutyRule().usual | _frequencies("usual", whole["usual"]),
        in_window=_frequencies("in_window", whole["in_window"]),
        window_begin=begin,
        window_end=end,
    )


def changed(rule: DutyRule, version: int, proposal: dict[str, Any]) -> DutyRule:
    """The next version, of which only the parts that change are named; null takes a post out of the window."""
    body = body_of(rule)
    for name, part in proposal.items():
        if not isinstance(part, dict) or not isinstance(body.get(name), dict):
            body[name] = part
            continue
        for post, frequency in part.items():
            is_part = isinstance(frequency, dict) and post in body[name]
            body[name][post] = body[name][post] | frequency if is_part else frequency
    if isinstance(body["in_window"], dict):
        body["in_window"] = {post: asked for post, asked in body["in_window"].items() if asked is not None}
    return duty_rule(version, body)


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


def proves_walking(reasons: Iterable[str], reviewed: Outcome | None) -> bool:
    """Whether the stretches of a walk count as walked, however short it was; a review has the last word."""
    if reviewed is Outcome.VALID or reviewed is Outcome.INVALID:
        return reviewed is Outcome.VALID
    return PROVES_NOTHING.isdisjoint(reasons)


def _frequencies(name: str, body: Any) -> dict[Post, Frequency]:
    if not isinstance(body, dict):
        raise ImpossibleDuty(name, _choice(WALKERS))
    for post in body.keys() - WALKERS:
        raise ImpossibleDuty(f"{name}/{post}", _choice(WALKERS))
    return {Post(post): _frequency(f"{name}/{post}", asked) for post, asked in body.items()}


def _frequency(name: str, body: Any) -> Frequency:
    if not isinstance(body, dict) or body.keys() != {"walks", "span"}:
        raise ImpossibleDuty(name, _choice(("walks", "span")))
    walks, span = body["walks"], body["span"]
    if isinstance(walks, bool) or not isinstance(walks, int) or not 0 <= walks <= MOST_WALKS:
        raise ImpossibleDuty(f"{name}/walks", Text("flaw.between", {"low": 0, "high": MOST_WALKS}))
    if span not in list(Span):
        raise ImpossibleDuty(f"{name}/span", _choice(Span))
    return Frequency(walks, Span(span))


def _day_of_year(name: str, body: Any) -> tuple[int, int]:
    """A month and a day that every year has."""
    try:
        month, day = body
        date(2025, month, day)
    except (TypeError, ValueError):
        raise ImpossibleDuty(name, Text("flaw.day_of_year")) from None
    return month, day


def _choice(choices: Iterable[str]) -> Text:
    return Text("flaw.choice", {"choices": ", ".join(sorted(choices))})


def _month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
