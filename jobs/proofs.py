"""Every night all timelines are checked against their seals; what does not add up is an alarm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.domain.alarms import Alarm
from backend.files import ledger
from backend.services import alarms, verifying
from jobs.runner import House


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """How many facts were looked at."""
    kept = ledger.lines(house.settings.seals_file)  # before the look at the database, which may be ahead of it
    found = verifying.verified(house.database, kept)
    with house.database.transaction() as session:
        verifying.note(session, found, now=now)
        if found.wrong is None:
            alarms.end(session, Alarm.BROKEN_CHAIN, now=now)
        else:
            what, number = found.wrong.what, found.wrong.number
            alarms.sound(session, Alarm.BROKEN_CHAIN, what, now=now, thing=what, number=number)
    return found.facts
