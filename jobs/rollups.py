"""Days on which something changed are counted again, so that a question for figures reads rows that are right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.services import rollups
from jobs.runner import House, until_done


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Count until nothing is owed; how many debts were settled."""

    def batch() -> int:
        with house.database.transaction() as session:
            return rollups.settle(session, zone=house.settings.zone)

    return until_done(batch, alive)
