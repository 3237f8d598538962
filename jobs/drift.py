"""Once a day: how the water flows is drawn anew, and what comes with the days alone is weighed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.clock import day_of
from backend.services import flow, risk
from jobs.risk import weighed
from jobs.runner import House


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Draw, then weigh every reach part by part; how many parts."""
    zone = house.settings.zone
    with house.database.reading() as session:
        drawn = flow.drawn(session, day_of(now, zone))
    with house.database.transaction() as session:
        flow.redraw(session, drawn)
    alive()
    with house.database.reading() as session:
        parts = risk.everything(session, risk.DAY, now=now, zone=zone)
    return weighed(house, parts, now, alive)
