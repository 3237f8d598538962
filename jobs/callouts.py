"""Call-outs: rolls are filled, silence climbs, doors are passed on, rolls are closed; what breaks is set aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from backend.services import door_knocks
from backend.services.asides import Work
from backend.services.calling import Calling
from backend.services.callouts import BATCH
from jobs.runner import House, first_aside, sweep, until_done


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Do everything about call-outs that is due as of a moment; how many were looked at."""
    calling = calling_of(house)
    with house.database.reading() as session:
        if not calling.is_calling(session, now=now):
            return 0
    while _filled(house, calling, now):
        alive()
    done = until_done(lambda: _swept(house, calling, now), alive)
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
    aside = first_aside(Work.CALLOUT, "callout", now=now)
    return sweep(house, partial(calling.sweep, now=now), aside, batch=BATCH, broke="callouts_broke", now=now)
