"""Once a day: what was owed in periods that are over is settled, day after day that is not yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.clock import day_of
from backend.services import duty_periods
from backend.services.duty_periods import Reckoned
from jobs.runner import House, until_done


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Settle every day that is old enough, each in a transaction of its own; how many."""
    zone = house.settings.zone

    def some() -> int:
        with house.database.reading() as session:
            days = duty_periods.reckon(session, today=day_of(now, zone), now=now, zone=zone)
        return sum(settled(day) for day in days)

    def settled(day: Reckoned) -> bool:
        with house.database.transaction() as session:
            return duty_periods.settle(session, day, now=now)

    return until_done(some, alive)
