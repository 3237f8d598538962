"""Every night the figures that are kept are counted once more from the records; a difference is an alarm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.domain.alarms import Alarm
from backend.services import alarms, rollups
from jobs.runner import House


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """How many days were looked at."""
    seen = 0
    wrong = []
    for _, _, found in rollups.checked(house.database, zone=house.settings.zone):
        seen += 1
        wrong += found
        alive()
    with house.database.transaction() as session:
        if not wrong:
            alarms.end(session, Alarm.WRONG_FIGURES, now=now)
        for each in wrong[:1]:
            values = {"day": each.day.isoformat(), "region": each.region, "figure": f"{each.noun}.{each.figure}"}
            alarms.sound(session, Alarm.WRONG_FIGURES, values["day"], now=now, **values)
    return seen
