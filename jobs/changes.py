"""Changes that no phone may ask for any more go: an older cursor starts afresh."""

from __future__ import annotations

from datetime import datetime

from backend.services import clockwork
from jobs.runner import House


def run(house: House, *, now: datetime) -> int:
    """Delete them; how many rows."""
    with house.database.transaction() as session:
        return clockwork.forget_changes(session, now=now)
