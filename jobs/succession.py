"""What passes on with the day: the hazards of handovers agreed for it, and what lies on reaches cut in two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from backend.clock import day_of
from backend.services import handovers, splits
from jobs.runner import House, drain

BATCH = 100


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Let one after the other go over, each in a transaction; one that breaks is set aside until the next run."""
    today = day_of(now, house.settings.zone)

    def cut(aside: set[UUID]) -> list[UUID]:
        with house.database.reading() as session:
            return [each for each in splits.waiting(session, today=today, limit=BATCH) if each not in aside]

    def agreed(aside: set[UUID]) -> list[UUID]:
        with house.database.reading() as session:
            return [each for each in handovers.waiting(session, today=today, limit=BATCH) if each not in aside]

    def settle_split(split_id: UUID) -> bool:
        with house.database.transaction() as session:
            return splits.settle(session, split_id, today=today, now=now)

    def settle_handover(handover_id: UUID) -> bool:
        with house.database.transaction() as session:
            return handovers.settle(session, handover_id, now=now)

    # The reaches first: a handover of a part may have been agreed for the same day.
    return drain(cut, settle_split, alive) + drain(agreed, settle_handover, alive)
