"""Campaigns begin on their day, and segments that end before they answer are excused on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.services import campaigns
from jobs.runner import House, until_done


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Begin what is due, one a transaction, then excuse batch after batch; how many of both."""
    return until_done(lambda: _begun(house, now) or _excused(house, now), alive)


def _begun(house: House, now: datetime) -> int:
    with house.database.transaction() as session:
        return int(campaigns.begin_one(session, now=now, zone=house.settings.zone))


def _excused(house: House, now: datetime) -> int:
    with house.database.transaction() as session:
        return campaigns.excuse(session, now=now, zone=house.settings.zone)
