"""Alarms reach people: whoever keeps their region, or the house itself, is told once, and again when nobody looks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.alarms import Alarm
from backend.domain.lanes import Lane
from backend.domain.notices import APP, SMS, Wanted
from backend.domain.regions import LENGTHS
from backend.domain.terms import Level, Post
from backend.services import notices
from backend.store import alarms, escalation

BATCH = 200
_CAN_WAIT = frozenset({Alarm.UNKNOWN_YEAR, Alarm.SET_ASIDE})
_KEEPERS = (Post.DUTY_OFFICER, Post.OFFICE_CLERK)


def tell(session: Session, *, now: datetime, zone: ZoneInfo, limit: int = BATCH) -> int:
    """Queue notices of alarms that nobody has been told of; how many alarms."""
    untold = alarms.untold(session, limit)
    if not untold:
        return 0
    today = day_of(now, zone)
    notices.queue(
        session,
        [
            Wanted(
                person,
                f"alarm:{alarm.id}:{alarm.times}",
                "alarm",
                {"alarm": {"key": f"alarm.{alarm.kind}", "values": alarm.values}},
                *_how(Alarm(alarm.kind)),
                ("alarm", alarm.id),
            )
            for alarm in untold
            for person in _keepers(session, alarm, today)
        ],
        now=now,
    )
    alarms.told(session, [alarm.seq for alarm in untold], now)
    return len(untold)


def _how(kind: Alarm) -> tuple[Lane, tuple[str, ...]]:
    """What cannot wait wakes people up; a year without its holidays, or a hazard that is tried again, does not."""
    return (Lane.NORMAL, (APP,)) if kind in _CAN_WAIT else (Lane.URGENT, (APP, SMS))


def _keepers(session: Session, alarm: Any, today: date) -> list[UUID]:
    """The duty officers and clerks of its county, else of its city, else the administrators; never nobody."""
    for level in (Level.COUNTY, Level.CITY):
        place = alarm.region_code[: LENGTHS[level]]
        if len(place) == LENGTHS[level]:
            held = escalation.holders(session, _KEEPERS, [place], today)
            people = [person for each in held.values() for person in each]
            away = escalation.substitutes(session, people, today)
            there = dict.fromkeys(away.get(person, person) for person in people)
            if reachable := [person for person in there if person is not None]:
                return reachable
    return escalation.holding(session, Post.ADMINISTRATOR, today)
