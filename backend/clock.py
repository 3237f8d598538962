"""Time: the one real clock, and the days of the business zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
_FASTEST = 3600


def utcnow() -> datetime:
    """The present moment; only the edges (api, web, cli, jobs) may ask."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Drill:
    """A clock for drills: at `since` of the real time it showed `begin`, and it runs `speed` times as fast.

    Every process that is given the same text has the same time.
    """

    begin: datetime
    speed: float
    since: datetime

    def __call__(self) -> datetime:
        """The moment it shows."""
        return self.shown_at(utcnow())

    def shown_at(self, real: datetime) -> datetime:
        """What it showed at a moment of the real time; before it began, and after now, nothing is known to happen."""
        return self.begin + (min(max(real, self.since), utcnow()) - self.since) * self.speed

    def written(self) -> str:
        """For another process."""
        return f"{self.begin.isoformat()}*{self.speed:g}@{self.since.timestamp()}"

    @classmethod
    def read(cls, value: str) -> Drill:
        """`2025-07-28T08:00+08:00*60`, from now on; or as another process wrote it. ValueError for anything else."""
        begin, _, rest = value.partition("*")
        speed, _, since = rest.partition("@")
        at = datetime.fromisoformat(begin)
        if at.tzinfo is None or not 1 <= float(speed) <= _FASTEST:
            raise ValueError(value)
        return cls(at, float(speed), datetime.fromtimestamp(float(since), UTC) if since else utcnow())


def clock_of(drill: Drill | None) -> Clock:
    """The clock of a drill, or the real one."""
    return drill or utcnow


def outside(clock: Clock) -> Clock:
    """The time in which everybody else lives: the real one, in a drill, too."""
    return utcnow if isinstance(clock, Drill) else clock


def inside(clock: Clock, at: datetime) -> datetime:
    """What the house's clock showed at a moment of everybody else's time."""
    return clock.shown_at(at) if isinstance(clock, Drill) else at


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The business day in which a moment lies."""
    return local(at, zone).date()


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """A moment in the business zone; the last hours of the calendar stay in their own."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at


def in_words(at: datetime, zone: ZoneInfo) -> str:
    """A moment as people read it; the end of a day is its 24:00, for whoever reads 00:00 comes a day late."""
    here = local(at, zone)
    if here.time() == time.min:
        return f"{(here - timedelta(days=1)):%Y-%m-%d} 24:00"
    return f"{here:%Y-%m-%d %H:%M}"


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment (00:00, business zone) of a day."""
    return datetime.combine(day, time.min, zone)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The end (24:00, business zone) of a day."""
    return start_of(day + timedelta(days=1), zone)
