"""Drills: the monthly roll-call of each list that has one, asked of the database and not of the calendar alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.services import roll_calls
from jobs.callouts import calling_of
from jobs.runner import House


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Let out the roll-calls that are missing, each in a transaction of its own; how many."""
    calling, done = calling_of(house), 0
    is_more = True
    while is_more:
        with house.database.transaction() as session:
            is_more = roll_calls.hold_one(session, calling, now=now)
        done += is_more
        alive()
    return done
