"""Hazards that are late climb along the chief chain of their river; one that cannot is set aside, loudly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import structlog

from backend.clock import in_words
from backend.db import AWAY
from backend.domain.alarms import Alarm
from backend.services import alarms, escalation, reactions
from backend.words import aloud
from jobs.runner import House

log = structlog.get_logger(__name__)


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Climb batch after batch until nothing is due; how many hazards took a step."""
    done = 0
    while count := _batch(house, now):
        done += count
        alive()
    return done


def preview(house: House, *, now: datetime) -> Iterator[str]:
    """Who would be told what and why, a line each; nothing is written."""
    with house.database.reading() as session:
        due = escalation.due(session, now=now, zone=house.settings.zone)
        names = escalation.names(session, due)
        for climbed in due:
            for told in climbed.told:
                yield aloud(
                    "escalation.preview",
                    hazard=climbed.hazard.id,
                    step=told.number,
                    rung=aloud(f"escalation.rung.{told.rung}"),
                    person=names[told.person_id],
                    channels=", ".join(told.step.channels),
                    due=in_words(climbed.hazard.due_at, house.settings.zone),
                )


def _batch(house: House, now: datetime) -> int:
    """A batch in one transaction; where that breaks, one at a time, to find the one that does."""
    try:
        with house.database.transaction() as session:
            return reactions.escalate(session, now=now, zone=house.settings.zone)
    except AWAY:
        raise  # the database is broken, and no hazard: the next tick takes it up
    except Exception:
        log.exception("escalation_broke")
        return sum(_one(house, now) for _ in range(escalation.BATCH))


def _one(house: House, now: datetime) -> int:
    try:
        with house.database.transaction() as session:
            return reactions.escalate(session, now=now, zone=house.settings.zone, limit=1)
    except AWAY:
        raise
    except Exception:
        with house.database.transaction() as session:
            hazard = escalation.set_first_aside(session, now=now)
            alarms.sound(session, Alarm.SET_ASIDE, f"hazard/{hazard}", now=now, what=f"escalation {hazard}")
        log.exception("set_aside", hazard=str(hazard))
        return 1
