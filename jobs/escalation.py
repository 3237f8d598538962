"""Hazards that are late climb along the chief chain of their river; one that cannot is set aside, loudly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from backend.clock import in_words
from backend.db import Session
from backend.services import escalation, reactions
from backend.services.asides import Work
from backend.words import aloud
from jobs.runner import House, first_aside, sweep, until_done


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Climb batch after batch until nothing is due; how many hazards took a step."""
    return until_done(lambda: _batch(house, now), alive)


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
    def climb(session: Session, *, limit: int) -> int:
        return reactions.escalate(session, now=now, zone=house.settings.zone, limit=limit)

    aside = first_aside(Work.HAZARD, "escalation", now=now)
    return sweep(house, climb, aside, batch=escalation.BATCH, broke="escalation_broke", now=now)
