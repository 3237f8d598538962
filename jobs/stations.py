"""Stations that are not heard any more are told of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.services import stations
from jobs.runner import House, until_done


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Note batch after batch; how many stations."""
    return until_done(lambda: _batch(house, now), alive)


def _batch(house: House, now: datetime) -> int:
    with house.database.transaction() as session:
        return stations.note_silent(session, now=now)
