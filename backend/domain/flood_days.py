"""What holds in a place on a day (汛情所处阶段): season, key window and response taken together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.domain.responses import SEVERE, Response, ResponseLevel, highest
from backend.domain.seasons import Dates, DayOfYear, Phase, Season, by_default, deciding

NOON = time(12)
"""A response asks for the walks of a day if it holds at noon: then it has half of the day or more (our judgement)."""
Place = tuple[str, str | None]
"""A region and a river; no river: what holds for the region as a whole."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds: the phase of the year, the highest response, and whether that one says it is safe to walk."""

    phase: Phase = Phase.NONE
    level: ResponseLevel | None = None
    is_safe: bool = True

    @property
    def is_pressing(self) -> bool:
        """Whether flood hazards have half the time."""
        return self.phase is Phase.WINDOW or self.level is not None

    @property
    def keeps_off(self) -> bool:
        """Whether nobody is to be sent to the water."""
        return self.level in SEVERE and not self.is_safe


@dataclass(frozen=True, slots=True)
class Pressing:
    """Where flood hazards have half the time at one moment; a database can be asked by it, too."""

    usually: bool
    windows: tuple[tuple[str, bool], ...]
    """Regions with a window of their own, the innermost first, and whether it is open."""
    responses: tuple[Response, ...]

    def holds(self, region: str, river: str | None) -> bool:
        """Whether it does for a reach of a river in a region."""
        is_open = next((is_open for prefix, is_open in self.windows if region.startswith(prefix)), self.usually)
        return is_open or any(each.covers(region, river) for each in self.responses)


@dataclass(frozen=True, slots=True)
class Ground:
    """Some places taken together, of which the highest counts; equal where the same versions and responses hold."""

    parts: frozenset[tuple[tuple[Season, ...], tuple[Response, ...]]]
    window: tuple[DayOfYear, DayOfYear]
    zone: ZoneInfo

    def on(self, day: date) -> Standing:
        """What a day asks for, as it was known on that day."""
        return self._standing(day, datetime.combine(day, NOON, self.zone))

    def at(self, moment: datetime) -> Standing:
        """What holds at a moment."""
        return self._standing(day_of(moment, self.zone), moment)

    def _standing(self, day: date, moment: datetime) -> Standing:
        phases = {self._phase(seasons, day) for seasons, _ in self.parts}
        level, is_safe = highest(each for _, found in self.parts for each in found if each.holds(moment))
        return Standing(max(phases, key=list(Phase).index, default=Phase.NONE), level, is_safe)

    def _phase(self, seasons: tuple[Season, ...], day: date) -> Phase:
        known = [each for each in seasons if each.year == day.year and each.since <= day]
        dates = known[-1].dates if known else by_default(day.year, *self.window)
        return dates.phase(day)


@dataclass(frozen=True, slots=True)
class FloodDays:
    """Every version and response that may bear on some days."""

    seasons: tuple[Season, ...]
    responses: tuple[Response, ...]
    window: tuple[DayOfYear, DayOfYear]
    """The key window of a year for which nobody has set anything."""
    zone: ZoneInfo

    def dates(self, region: str, year: int, day: date) -> Dates:
        """The days of a year in a region, as known on a day."""
        season = deciding(self.seasons, region, year, day)
        return season.dates if season else by_default(year, *self.window)

    def ground(self, places: Iterable[Place]) -> Ground:
        """These places taken together."""
        parts = frozenset((self._over(region), self._under(region, river)) for region, river in places)
        return Ground(parts, self.window, self.zone)

    def pressing(self, at: datetime) -> Pressing:
        """Where flood hazards have half the time at a moment."""
        day = day_of(at, self.zone)
        own = {each.region for each in self.seasons if each.year == day.year and each.since <= day}
        inner_first = sorted(own, key=lambda region: (-len(region), region))
        windows = tuple((region, self._is_open(region, day)) for region in inner_first)
        usually = by_default(day.year, *self.window).phase(day) is Phase.WINDOW
        return Pressing(usually, windows, tuple(each for each in self.responses if each.holds(at)))

    def _is_open(self, region: str, day: date) -> bool:
        return self.dates(region, day.year, day).phase(day) is Phase.WINDOW

    def _over(self, region: str) -> tuple[Season, ...]:
        """The versions that may decide about a region; the last that is known on a day does."""
        over = (each for each in self.seasons if region.startswith(each.region))
        return tuple(sorted(over, key=lambda each: (len(each.region), each.version)))

    def _under(self, region: str, river: str | None) -> tuple[Response, ...]:
        return tuple(each for each in self.responses if each.covers(region, river))


def asked_from(moment: datetime, zone: ZoneInfo) -> date:
    """The first day whose walks a response of that moment asks for."""
    local = moment.astimezone(zone)
    return local.date() if local.time() <= NOON else local.date() + timedelta(days=1)
