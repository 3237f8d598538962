"""Time: the one real clock, and the days of the business zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


def utcnow() -> datetime:
    """The present moment; only the edges (api, web, cli, jobs) may ask."""
    return datetime.now(UTC)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The business day in which a moment lies."""
    return at.astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment (00:00, business zone) of a day."""
    return datetime.combine(day, time.min, zone)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The end (24:00, business zone) of a day."""
    return start_of(day + timedelta(days=1), zone)
