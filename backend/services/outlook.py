"""The outlook (汛情): how far it is to the key window, the gravest signal and our own warnings in force; told on every
page.

It is looked at once for everybody and kept for a moment: a few rows decide for all regions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.flood_warnings import Level
from backend.domain.seasons import Dates, DayOfYear, Phase, Season, by_default, deciding
from backend.domain.signals import Colour
from backend.services import flood_days
from backend.store import flood_warnings, seasons, signals

FRESH_S, OLDEST_S = 30, 600
"""So long what was looked at is told again, and so long by a page that has no question to spare for it (our judgement):
people are called because of a signal, the bar only reminds of it.
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A signal in force: its colour, what it is about, and the regions where it holds."""

    colour: Colour
    event: str
    regions: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning of our own in force: what leads to its board, and the regions that it touches."""

    id: UUID
    number: str
    level: Level
    headline: str
    is_drill: bool
    regions: tuple[str, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Sky:
    """What holds anywhere at a moment."""

    at: datetime
    signals: tuple[Held, ...]
    seasons: tuple[Season, ...]
    window: tuple[DayOfYear, DayOfYear]
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """What it comes to for some regions: days to the next turn of the year, and the gravest signal."""

    phase: Phase
    turn: Phase
    """What begins next, be it next year."""
    days_to_go: int
    signal: Held | None
    others: int
    """Further signals in force there."""


@dataclass(slots=True)
class Lookout:
    """The newest look; one for the house. It is replaced as a whole, so threads need no lock."""

    sky: Sky | None = None

    def fresh(self, now: datetime, within: timedelta) -> Sky | None:
        """The last look, unless another is wanted."""
        sky = self.sky
        return sky if sky is not None and timedelta() <= now - sky.at < within else None

    def doubt(self) -> None:
        """Something has changed that the last look does not show: it is no longer a fresh one."""
        if self.sky is not None:
            self.sky = replace(self.sky, at=self.sky.at - timedelta(seconds=FRESH_S))


def look(session: Session, *, now: datetime, zone: ZoneInfo) -> Sky:
    """Look at everything that holds: four questions."""
    rule = flood_days.duty_rule_at(session, now)
    held = [
        Held(Colour(row.colour), row.shown["event"] or "", tuple(row.regions), row.over_at)
        for row in signals.in_force(session, now)
        if row.colour
    ]
    year = day_of(now, zone).year
    years = seasons.of_years(session, [year, year + 1])
    warned = [
        Warned(row.id, row.number, Level(row.level), row.headline, row.is_drill, regions, row.expires_at)
        for row, regions in flood_warnings.in_force(session)
    ]
    return Sky(now, tuple(held), tuple(years), (rule.window_begin, rule.window_end), tuple(warned))


def over(sky: Sky, regions: Sequence[str], day: date, now: datetime) -> Outlook:
    """What it comes to on a day: the year of the first region, the signals of all of them, around and below them."""
    dates = _dates(sky, regions[0], day.year, day)
    turn = dates.next_turn(day) or (_dates(sky, regions[0], day.year + 1, day).begin, Phase.SEASON)
    touching = [each for each in sky.signals if each.until > now and _touches(each.regions, regions)]
    gravest = max(touching, key=lambda each: each.colour.rank, default=None)
    return Outlook(
        dates.phase(day),
        turn[1],
        (turn[0] - day).days,
        gravest,
        max(0, len(touching) - 1),
    )


def warned_over(sky: Sky, regions: Sequence[str], within: Sequence[str], now: datetime) -> list[Warned]:
    """Warnings in force over some regions that touch what the reader sees: the gravest first, drills last."""
    touching = [
        each
        for each in sky.warnings
        if (each.until is None or each.until > now)
        and _touches(each.regions, regions)
        and _touches(each.regions, within)
    ]
    return sorted(touching, key=lambda each: (each.is_drill, -each.level.rank))


def _dates(sky: Sky, region: str, year: int, day: date) -> Dates:
    known = deciding(sky.seasons, region, year, day)
    return known.dates if known else by_default(year, *sky.window)


def _touches(where: Sequence[str], regions: Sequence[str]) -> bool:
    return any(one.startswith(other) or other.startswith(one) for one in where for other in regions)
