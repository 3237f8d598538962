"""The auditor looks at every hazard with a deadline, once a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.services import auditing
from jobs.runner import House


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """How many batches were looked at."""
    drill = house.settings.drill
    grace = auditing.GRACE * drill.speed if drill else auditing.GRACE
    after: int | None = 0
    batches = 0
    while after is not None:
        with house.database.transaction() as session:
            after = auditing.everything(session, now=now, after=after, grace=grace)
        batches += 1
        alive()
    return batches
