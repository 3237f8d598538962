"""Signals end when their time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.services import signals
from jobs.runner import House, until_done


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """End batch after batch; how many signals."""
    return until_done(lambda: _batch(house, now), alive)


def _batch(house: House, now: datetime) -> int:
    with house.database.transaction() as session:
        return signals.expire(session, now=now)
