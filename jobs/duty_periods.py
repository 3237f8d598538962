"""Once a day: what was owed in periods that are over is settled, day after day that is not yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.services import duty_periods
from jobs.runner import House


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Settle every day that is old enough; how many."""
    return duty_periods.settle_all(house.database, now=now, zone=house.settings.zone, alive=alive)
