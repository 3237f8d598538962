"""Reminders: once a day who is behind with walks or was not trained; measures that fall due, or are missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from backend.clock import day_of
from backend.services import clockwork, reminding, training_coverage
from jobs.runner import House

AT = time(6)
"""An hour and a half before the digest goes out, in the business zone."""
DUTY = "duty_reminders"


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Queue what is to be said; how many notices, those of an earlier run of the day included."""
    with house.database.transaction() as session:
        told = reminding.checks(session, now=now) + reminding.unsafe(session, now=now, zone=house.settings.zone)
    slot = datetime.combine(day_of(now, house.settings.zone), AT, house.settings.zone)
    if now < slot:
        return told
    with house.database.transaction() as session:
        if not clockwork.claim_turn(session, DUTY, slot):
            return told
    told += _behind(house, now, alive)
    with house.database.transaction() as session:
        clockwork.finish_turn(session, DUTY, slot)
    return told


def _behind(house: House, now: datetime, alive: Callable[[], object]) -> int:
    """City by city, and of each as many at a time as fit into a short transaction."""
    told = 0
    with house.database.reading() as session:
        cities = reminding.cities(session)
    for city in cities:
        with house.database.reading() as session:
            wanted = reminding.behind(session, city, now=now, zone=house.settings.zone)
            wanted += training_coverage.reminders(session, city, now=now, zone=house.settings.zone)
        for start in range(0, len(wanted), reminding.BATCH):
            with house.database.transaction() as session:
                reminding.queue(session, wanted[start : start + reminding.BATCH], now=now)
            with house.database.transaction() as session:
                clockwork.hold_turn(session, DUTY)
        alive()
        told += len(wanted)
    return told
