"""Signals end when their time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.services import signals
from jobs.runner import House


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """End batch after batch; how many signals."""
    done = 0
    while count := _batch(house, now):
        done += count
        alive()
    return done


def _batch(house: House, now: datetime) -> int:
    with house.database.transaction() as session:
        return signals.expire(session, now=now)
