"""Seals over all timelines are made, and written to the file that leaves the house."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.files import ledger
from backend.services import seals
from jobs.runner import House


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Seal until nothing is left, then write what the file has not; how many seals were made."""
    done = 0
    while _one(house, now):
        done += 1
        alive()
    with ledger.appending(house.settings.seals_file) as kept:
        with house.database.reading() as session:
            lines = [seals.line(made) for made in seals.after(session, kept.lines)]
        kept.add(lines)
    return done


def _one(house: House, now: datetime) -> bool:
    with house.database.transaction() as session:
        return seals.seal(session, now=now) is not None
