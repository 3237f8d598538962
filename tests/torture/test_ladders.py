"""Ladders under a clock that jumps, runners that race and a database that is gone in between: each step once."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from backend.db import Database
from backend.domain.escalation import LadderRule
from backend.domain.hazards import Severity
from backend.models.facts import Fact
from backend.models.notices import Notice
from backend.services import reactions
from jobs import auditor, escalation
from jobs.runner import House
from tests.api.hazard_cases import Case
from tests.cast import NOON

pytestmark = pytest.mark.torture

JUMPS = [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-1), timedelta(days=1)]
LADDER = LadderRule().ladders[Severity.ORDINARY]
DUE = datetime.fromisoformat("2025-07-04T00:00:00+08:00")


def steps_of(database: Database) -> dict[Any, list[tuple[int, datetime]]]:
    """By hazard, the steps its timeline tells of, each with when it was taken."""
    found: dict[Any, list[tuple[int, datetime]]] = {}
    with database.reading() as session:
        for fact in session.scalars(select(Fact).where(Fact.act == "climb").order_by(Fact.thing_id, Fact.number)):
            numbers = dict.fromkeys(told["step"] for told in json.loads(fact.body)["told"])
            found.setdefault(fact.thing_id, []).extend((number, fact.at) for number in numbers)
    return found


def test_whatever_the_clock_does_no_step_is_skipped_taken_twice_or_taken_too_early(lasting, settings, times):
    """A7: time goes on by an hour at a time and jumps back and forth by hours and days; then to the year 2038."""
    house, dice = House(settings, lasting.database, lasting.app.extensions["hezhang"].photos), Random(7)
    for _ in range(times(3)):
        Case(lasting.phone_of, lasting.cast.wang)
    real, shift = NOON, timedelta()
    while real < NOON + timedelta(days=20):
        real += timedelta(hours=3)
        if dice.random() < 0.15:
            shift = dice.choice([*JUMPS, timedelta()])
        with ThreadPoolExecutor(3) as runners:
            list(runners.map(lambda _: escalation.run(house, now=real + shift), range(3)))  # noqa: B023 - at once
    escalation.run(house, now=datetime.fromisoformat("2038-01-19T04:00:00+00:00"))
    taken = steps_of(lasting.database)
    assert len(taken) == times(3)
    for steps in taken.values():
        assert [number for number, _ in steps] == list(range(1, len(LADDER) + 1))
        assert all(at >= step.at(NOON, DUE) for step, (_, at) in zip(LADDER, steps, strict=True))
    assert auditor.run(house, now=datetime.fromisoformat("2038-01-19T04:02:00+00:00")) == 0


def test_each_step_is_told_once_to_each_whom_it_reaches(lasting, settings, times):
    """Three runners at once over all hazards, some of which die in the middle: one notice for each step and person."""
    house, dice = House(settings, lasting.database, lasting.app.extensions["hezhang"].photos), Random(8)
    for _ in range(times(8)):
        Case(lasting.phone_of, lasting.cast.wang)
    for hours in range(0, 24 * 18, 6):
        now = NOON + timedelta(hours=hours)

        def sweep(number: int, now: datetime = now) -> None:
            try:
                with lasting.database.transaction() as session:
                    _broken_sweep(session, house, now, breaks=dice.random() < 0.4 and number == 0)
            except Killed:
                return

        with ThreadPoolExecutor(3) as runners:
            list(runners.map(sweep, range(3)))
            escalation.run(house, now=now)
    told = Counter[tuple[Any, Any, int]]()
    with lasting.database.reading() as session:
        for fact in session.scalars(select(Fact).where(Fact.act == "climb")):
            for each in json.loads(fact.body)["told"]:
                told[fact.thing_id, each["person"], each["step"]] += 1
        notices = session.scalars(select(Notice.id).where(Notice.key.startswith("climb"))).all()
    assert set(told.values()) == {1}
    assert len(notices) == len(told)


class Killed(Exception):
    """The runner dies before it commits."""


def _broken_sweep(session: Any, house: House, now: datetime, *, breaks: bool) -> None:
    reactions.escalate(session, now=now, zone=house.settings.zone, limit=7)
    if breaks:
        raise Killed
