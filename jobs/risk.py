"""The risk of reaches follows what happens to the water: only what is touched is weighed anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from backend.services import risk, weighing
from backend.services.risk import Part
from jobs.runner import House, drain


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Weigh what waits, part by part; how many parts."""
    done = 0
    while True:
        with house.database.reading() as session:
            work = risk.waiting(session, now=now, zone=house.settings.zone)
        done += weighed(house, work.parts, now, alive)
        with house.database.transaction() as session:
            risk.finish(session, work, now=now)
        if not work.is_more:
            return done


def weighed(house: House, parts: Sequence[Part], now: datetime, alive: Callable[[], object]) -> int:
    """Weigh these parts, each in a transaction; one that breaks is set aside, and comes again with the day."""
    left = dict(enumerate(parts))

    def work(number: int) -> bool:
        with house.database.transaction() as session:
            weighing.weigh(session, left[number], now=now, zone=house.settings.zone)
        del left[number]
        return True

    return drain(lambda aside: [number for number in left if number not in aside][:1], work, alive)
