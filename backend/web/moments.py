"""Time as people read it: 今天 09:15（2 小时前）, 还剩 3 天, 逾期 2 天; exact on hover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from backend.clock import day_of, local
from backend.words import Language, Text, say

_STEPS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


@dataclass(frozen=True, slots=True)
class Moments:
    """The moment of this page, its zone and its language."""

    now: datetime
    zone: ZoneInfo
    language: Language

    def when(self, said: str | datetime | None) -> str:
        """The day and time, with how long ago where that is less than two days."""
        at = _moment(said)
        if at is None:
            return ""
        day, here = day_of(at, self.zone), local(at, self.zone)
        days = (day - day_of(self.now, self.zone)).days
        name = {0: "time.today", -1: "time.yesterday", 1: "time.tomorrow"}.get(days)
        text = f"{self._say(name)} {here:%H:%M}" if name else f"{self._day(day)} {here:%H:%M}"
        if timedelta() <= self.now - at < timedelta(days=2):
            return self._say("time.with_ago", when=text, ago=self.lasts(self.now - at))
        return text

    def exact(self, said: str | datetime | None) -> str:
        """To the second, for hovering."""
        at = _moment(said)
        return f"{local(at, self.zone):%Y-%m-%d %H:%M:%S}" if at else ""

    def due(self, said: str | datetime | None) -> str:
        """How long is left, or for how long it has been late."""
        at = _moment(said)
        if at is None:
            return ""
        if at <= self.now:
            return self._say("time.late", lasts=self.lasts(self.now - at))
        return self._say("time.left", lasts=self.lasts(at - self.now))

    def is_over(self, said: str | datetime | None) -> bool:
        """Whether that moment has passed."""
        at = _moment(said)
        return at is not None and at <= self.now

    def lasts(self, span: timedelta | float) -> str:
        """A span in one unit, the largest of which there is at least one; seconds below a minute."""
        seconds = span.total_seconds() if isinstance(span, timedelta) else span
        for size, name in _STEPS:
            if seconds >= size:
                return self._say(f"time.{name}s", count=int(seconds // size))
        return self._say("time.seconds", count=int(max(0, seconds)))

    def span(self, period: Mapping[str, str]) -> str:
        """The days of a period, of which `until` is the first that is no more of it."""
        first, over = (date.fromisoformat(period[name]) for name in ("from", "until"))
        last = over - timedelta(days=1)
        return self._day(first) if last <= first else f"{self._day(first)} – {self._day(last)}"

    def _day(self, day: date) -> str:
        key = "time.day" if day.year == day_of(self.now, self.zone).year else "time.day_of_year"
        return self._say(key, year=day.year, month=day.month, day=day.day)

    def _say(self, key: str | None, **values: object) -> str:
        return say(Text(key or "", values), self.language)


def standing(period: Mapping[str, Any], day: date) -> str:
    """Whether something holds `now`, on that day, `later`, or is `over`: `until` is the first day without it."""
    if period["from"] > day.isoformat():
        return "later"
    return "over" if period["until"] and period["until"] <= day.isoformat() else "now"


def _moment(said: str | datetime | None) -> datetime | None:
    return datetime.fromisoformat(said) if isinstance(said, str) and said else said or None
