"""Alarms are told to whoever must look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.services import alerting
from jobs.runner import House, until_done


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Tell batch after batch; how many alarms."""
    return until_done(lambda: _batch(house, now), alive)


def _batch(house: House, now: datetime) -> int:
    with house.database.transaction() as session:
        return alerting.tell(session, now=now, zone=house.settings.zone)
