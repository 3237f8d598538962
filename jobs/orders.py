"""Orders that are not done are chased; one that cannot be is set aside, loudly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.db import Session
from backend.services import chasing
from backend.services.asides import Work
from jobs.runner import House, first_aside, sweep, until_done


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Take step after step until nothing is due; how many orders were looked at."""
    return until_done(lambda: _batch(house, now), alive)


def _batch(house: House, now: datetime) -> int:
    def chase(session: Session, *, limit: int) -> int:
        return chasing.sweep(session, now=now, zone=house.settings.zone, limit=limit)

    aside = first_aside(Work.ORDER, "order", now=now)
    return sweep(house, chase, aside, batch=chasing.BATCH, broke="chasing_broke", now=now)
