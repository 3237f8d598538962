"""Tries, codes and tokens that can never matter again go."""

from __future__ import annotations

from datetime import datetime

from backend.services import logins
from jobs.runner import House


def run(house: House, *, now: datetime) -> int:
    """Delete them; how many rows."""
    with house.database.transaction() as session:
        return logins.tidy(session, now=now)
