"""The flood season (汛期) and its key window (七下八上): dated by region and year, each change a version of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from backend.domain.flood_events import What
from backend.errors import BadInput, Flaw
from backend.words import Text

SEASON = "season"
"""What it is called on record."""
FURTHEST = 2
"""So many years ahead a season may be set (our judgement)."""
_BEGIN, _END = (6, 1), (9, 30)
_SPACE = UUID("4f3f6d0e-8a0c-5f5e-9d53-8e2f0f7a2b11")
_A_DAY = timedelta(days=1)
DayOfYear = tuple[int, int]
"""Month and day."""


class Phase(StrEnum):
    """Where the year stands in a place."""

    NONE = "none"
    SEASON = "season"
    WINDOW = "window"


_ORDER = list(Phase)


@dataclass(frozen=True, slots=True)
class Dates:
    """The first and last days of season and window in a year."""

    begin: date
    end: date
    window_begin: date
    window_end: date

    def phase(self, day: date) -> Phase:
        """Where a day stands."""
        if self.window_begin <= day <= self.window_end:
            return Phase.WINDOW
        return Phase.SEASON if self.begin <= day <= self.end else Phase.NONE

    def next_turn(self, day: date) -> tuple[date, Phase] | None:
        """The next day that stands elsewhere, and where; None after the last of the year."""
        edges = sorted((self.begin, self.end + _A_DAY, self.window_begin, self.window_end + _A_DAY))
        later = ((edge, self.phase(edge)) for edge in edges if edge > day)
        return next((turn for turn in later if turn[1] is not self.phase(day)), None)

    def of(self, phase: Phase) -> tuple[date, date] | None:
        """The first and the last day of a phase."""
        if phase is Phase.NONE:
            return None
        return (self.window_begin, self.window_end) if phase is Phase.WINDOW else (self.begin, self.end)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row that other dates would move from one phase to another."""

    begin: date
    end: date
    """The last of them."""
    before: Phase
    after: Phase


@dataclass(frozen=True, slots=True)
class Season:
    """One version of the year of a region; it holds from the day on which it was made, never before."""

    id: UUID
    region: str
    year: int
    version: int
    since: date
    dates: Dates


@dataclass(frozen=True, slots=True)
class SeasonDraft:
    """A year of a region as it is to be."""

    id: UUID
    body_sha256: bytes
    region: str
    year: int
    dates: Dates
    reason: str
    document: str | None = None
    seen: int | None = None
    """The newest version of it that whoever drafted it has seen, if they say so."""


def by_default(year: int, window_begin: DayOfYear, window_end: DayOfYear) -> Dates:
    """A year for which nobody has set anything."""
    days = (date(year, *each) for each in (_BEGIN, _END, window_begin, window_end))
    return Dates(*days)


def deciding(seasons: Iterable[Season], region: str, year: int, day: date) -> Season | None:
    """The version that decides about a region, as known on a day: of the nearest region upward the newest."""
    known = (each for each in seasons if each.year == year and each.since <= day and region.startswith(each.region))
    return max(known, key=lambda each: (len(each.region), each.version), default=None)


def check(draft: SeasonDraft, today: date) -> None:
    """BadInput for a year that is over or far away, and for days that are not in it or not in order."""
    if not today.year <= draft.year <= today.year + FURTHEST:
        raise BadInput(Flaw("/year", Text.of("flaw.season_year", first=today.year, last=today.year + FURTHEST)))
    dates = draft.dates
    days = {name: getattr(dates, name) for name in ("begin", "end", "window_begin", "window_end")}
    flaws = [Flaw(f"/{name}", Text("flaw.season_day")) for name, day in days.items() if day.year != draft.year]
    if dates.end < dates.begin:
        flaws.append(Flaw("/end", Text("flaw.season_order")))
    if not dates.begin <= dates.window_begin <= dates.window_end <= dates.end:
        flaws.append(Flaw("/window_end", Text("flaw.season_window")))
    if flaws:
        raise BadInput(*flaws)


def moved(before: Dates, after: Dates, since: date) -> list[Stretch]:
    """The days from one on that stand elsewhere by other dates of the same year, in order."""
    found: list[Stretch] = []
    last = max(before.end, after.end)
    day = max(since, min(before.begin, after.begin))
    while day <= last:
        was, will = before.phase(day), after.phase(day)
        if was is not will:
            if found and found[-1].end + _A_DAY == day and (found[-1].before, found[-1].after) == (was, will):
                found[-1] = Stretch(found[-1].begin, day, was, will)
            else:
                found.append(Stretch(day, day, was, will))
        day += _A_DAY
    return found


def turns(before: Phase, after: Phase) -> list[tuple[Phase, What]]:
    """What is entered or left on the way from one phase to another, in order."""
    old, new = _ORDER.index(before), _ORDER.index(after)
    if old <= new:
        return [(phase, What.BEGAN) for phase in _ORDER[old + 1 : new + 1]]
    return [(phase, What.ENDED) for phase in reversed(_ORDER[new + 1 : old + 1])]


def name_of(region: str, year: int) -> UUID:
    """What a year is called for which nobody has set anything."""
    return uuid5(_SPACE, f"{region}:{year}")
