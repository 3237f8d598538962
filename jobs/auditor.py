"""The auditor looks at hazards of which something fell due within the last hour, and at all open call-outs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.services import auditing
from jobs.runner import House


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """How many hazards and call-outs missed a step; in a drill a tick is longer, and so is what counts as late."""
    drill = house.settings.drill
    grace = auditing.GRACE * drill.speed if drill else auditing.GRACE
    with house.database.transaction() as session:
        missed = auditing.lately(session, now=now, grace=grace)
    with house.database.transaction() as session:
        return missed + auditing.calls(session, now=now, grace=grace)
