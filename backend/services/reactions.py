"""What follows from what: one fact, and the services that are told of it in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.domain.calls import Heard
from backend.services import acks, escalation, telling
from backend.services.sync import HAZARD
from backend.store import changes

Following = Callable[[Session, Sequence[Heard], datetime], object]
WHEN_HEARD: tuple[Following, ...] = (acks.heard,)
"""Who is told of what was heard of letters that must be answered."""


def heard(session: Session, what: Sequence[Heard], *, now: datetime) -> None:
    """Tell those who wait for answers: keys that were pressed, calls that failed, texts that arrived."""
    if what:
        for follow in WHEN_HEARD:
            follow(session, what, now)


def escalate(session: Session, *, now: datetime, zone: ZoneInfo, limit: int = escalation.BATCH) -> int:
    """Climb what is due, and let the phones of everybody it reaches hear of it; how many."""
    climbed = escalation.sweep(session, now=now, zone=zone, limit=limit)
    told = [(told.person_id, each.hazard.id) for each in climbed for told in each.told]
    changes.changed_all(session, now, told, HAZARD)
    telling.climbed(session, climbed, now=now)
    return len(climbed)
