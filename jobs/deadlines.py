"""Deadlines of hazards are counted anew when policy, season or calendar has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.services import recounting, securing
from jobs.runner import House, until_done


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Count batch after batch until all are as they would be counted now; how many."""
    return until_done(lambda: _batch(house, now), alive)


def _batch(house: House, now: datetime) -> int:
    with house.database.transaction() as session:
        securing.mark(session, now=now)
        return recounting.recount(session, now=now, zone=house.settings.zone)
