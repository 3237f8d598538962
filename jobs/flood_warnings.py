"""Warnings: rules are asked about what happened; what nobody signed goes out by itself, and what is over ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from backend.db import AWAY
from backend.domain.alarms import Alarm
from backend.services import alarms, warning_rules
from backend.services.calling import Calling
from jobs.callouts import calling_of
from jobs.runner import House

log = structlog.get_logger(__name__)


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Do what is due about warnings as of a moment, each in a transaction of its own; how many."""
    calling = calling_of(house)
    with house.database.reading() as session:
        if not calling.is_due(session, now=now):
            return 0
    done = _ruled(house, calling, now)
    for one in (calling.unanswered, calling.expire_one):
        while _done(house, one, now):
            done += 1
            alive()
    return done


def _ruled(house: House, calling: Calling, now: datetime) -> int:
    """Events in one transaction; where that breaks, one at a time, to find the one that does."""
    try:
        with house.database.transaction() as session:
            return warning_rules.follow(session, calling, now=now)
    except AWAY:
        raise
    except Exception:
        log.exception("warning_rules_broke")
        return sum(_ruled_alone(house, calling, now) for _ in range(warning_rules.BATCH))


def _ruled_alone(house: House, calling: Calling, now: datetime) -> int:
    try:
        with house.database.transaction() as session:
            return warning_rules.follow(session, calling, now=now, limit=1)
    except AWAY:
        raise
    except Exception:
        with house.database.transaction() as session:
            event = warning_rules.set_first_aside(session, now=now)
            alarms.sound(session, Alarm.SET_ASIDE, f"flood_event/{event}", now=now, what=f"flood event {event}")
        log.exception("set_aside", flood_event=event)
        return 1


def _done(house: House, one: Callable[..., bool], now: datetime) -> bool:
    with house.database.transaction() as session:
        return one(session, now=now)
