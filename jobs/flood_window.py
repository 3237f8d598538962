"""Seasons and key windows that are entered, moved or left are made known once, and what is news is told to the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.services import flood_news, seasons
from jobs.runner import House


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Look what is not known yet, then tell batch after batch; how many events and batches."""
    with house.database.transaction() as session:
        done = seasons.turn(session, now=now, zone=house.settings.zone)
    while _told(house, now):
        done += 1
        alive()
    return done


def _told(house: House, now: datetime) -> bool:
    with house.database.transaction() as session:
        return flood_news.tell(session, now=now, zone=house.settings.zone)
