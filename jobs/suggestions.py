"""Prosecutors' suggestions without a reply climb; one that cannot is set aside, loudly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.db import Session
from backend.services import suggestions
from backend.services.asides import Work
from jobs.runner import House, first_aside, sweep, until_done


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Take step after step until nothing is due; how many suggestions were looked at."""
    return until_done(lambda: _batch(house, now), alive)


def _batch(house: House, now: datetime) -> int:
    def chase(session: Session, *, limit: int) -> int:
        return suggestions.sweep(session, now=now, zone=house.settings.zone, limit=limit)

    aside = first_aside(Work.SUGGESTION, "suggestion", now=now)
    return sweep(house, chase, aside, batch=suggestions.BATCH, broke="chasing_broke", now=now)
