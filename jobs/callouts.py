"""Call-outs: rolls are filled, silence climbs, doors are passed on, rolls are closed; what breaks is set aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from backend.db import AWAY
from backend.domain.alarms import Alarm
from backend.services import alarms, door_knocks
from backend.services.calling import Calling
from backend.services.callouts import BATCH, set_first_aside
from jobs.runner import House

log = structlog.get_logger(__name__)


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Do everything about call-outs that is due as of a moment; how many were looked at."""
    calling = calling_of(house)
    with house.database.reading() as session:
        if not calling.is_calling(session, now=now):
            return 0
    while _filled(house, calling, now):
        alive()
    done = 0
    while looked := _swept(house, calling, now):
        done += looked
        alive()
    with house.database.transaction() as session:
        done += door_knocks.pass_on(session, now=now, zone=house.settings.zone)
    with house.database.transaction() as session:
        done += calling.close_rolls(session, now=now)
    return done


def calling_of(house: House) -> Calling:
    """What lets warnings out, with what the house has for it."""
    assert house.keyring is not None
    return Calling(house.keyring, house.settings.zone, house.hours)


def _filled(house: House, calling: Calling, now: datetime) -> bool:
    with house.database.transaction() as session:
        found = calling.fill_one(session, now=now)
    _swept(house, calling, now)
    return found


def _swept(house: House, calling: Calling, now: datetime) -> int:
    """A batch in one transaction; where that breaks, one at a time, to find the one that does."""
    try:
        with house.database.transaction() as session:
            return calling.sweep(session, now=now)
    except AWAY:
        raise  # the database is broken, and nobody's call-out: the next tick takes it up
    except Exception:
        log.exception("callouts_broke")
        return sum(_one(house, calling, now) for _ in range(BATCH))


def _one(house: House, calling: Calling, now: datetime) -> int:
    try:
        with house.database.transaction() as session:
            return calling.sweep(session, now=now, limit=1)
    except AWAY:
        raise
    except Exception:
        with house.database.transaction() as session:
            callout = set_first_aside(session, now=now)
            alarms.sound(session, Alarm.SET_ASIDE, f"callout/{callout}", now=now, what=f"callout {callout}")
        log.exception("set_aside", callout=str(callout))
        return 1
