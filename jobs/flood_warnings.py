"""Warnings: rules are asked about what happened; what nobody signed goes out by itself, and what is over ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from backend.db import Session
from backend.services import warning_rules
from backend.services.calling import Calling
from jobs.callouts import calling_of
from jobs.runner import Aside, House, attempt, drain

BATCH = 50


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Do what is due about warnings as of a moment, each in a transaction of its own; how many."""
    calling = calling_of(house)
    with house.database.reading() as session:
        if not calling.is_due(session, now=now):
            return 0
    done = drain(lambda aside: _unruled(house, aside), lambda seq: _ruled(house, calling, seq, now), alive)
    for one in (calling.unanswered, calling.expire_one):
        while _done(house, one, now):
            done += 1
            alive()
    return done


def _unruled(house: House, aside: set[int]) -> Sequence[int]:
    """The next events; one on which the rules break holds up none that comes after it."""
    with house.database.reading() as session:
        found = warning_rules.waiting(session, BATCH + len(aside))
    return [seq for seq in found if seq not in aside]


def _ruled(house: House, calling: Calling, seq: int, now: datetime) -> bool:
    """One event; where it breaks no rule is asked about it again, and somebody is told to look."""

    def aside(session: Session) -> Aside:
        warning_rules.give_up(session, seq, now=now)
        return Aside("flood_event", seq, f"flood event {seq}")

    return bool(attempt(house, lambda session: warning_rules.follow(session, calling, seq, now=now), aside, now=now))


def _done(house: House, one: Callable[..., bool], now: datetime) -> bool:
    with house.database.transaction() as session:
        return one(session, now=now)
