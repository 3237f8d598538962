"""Warnings: rules are asked about what happened; what nobody signed goes out by itself, and what is over ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.services import warning_rules
from backend.services.calling import Calling
from jobs.callouts import calling_of
from jobs.runner import House


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
    with house.database.transaction() as session:
        return warning_rules.follow(session, calling, now=now)


def _done(house: House, one: Callable[..., bool], now: datetime) -> bool:
    with house.database.transaction() as session:
        return one(session, now=now)
