"""Once a day: what was owed in periods that are over is settled, day after day that is not yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.clock import day_of
from backend.services import duty_periods
from jobs.runner import House, until_done


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Settle every day that is old enough; how many."""
    zone = house.settings.zone

    def some() -> int:
        with house.database.transaction() as session:
            return duty_periods.settle(session, today=day_of(now, zone), now=now, zone=zone)

    return until_done(some, alive)
