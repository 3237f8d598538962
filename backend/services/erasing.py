"""Erasing personal values of a thing, on record: from its row and from beside its timeline (PIPL article 47)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from backend.db import Session
from backend.services import timeline
from backend.store import hazards as store
from backend.store import interim, lookbacks

ERASED = ""


def erase_hazard(session: Session, hazard_id: UUID, *, reason: str, now: datetime) -> int | None:
    """Take out description, notes, words of measures and of look-backs; how many of the timeline's, None: no hazard."""
    store.hold(session, hazard_id)
    hazard = store.existing(session, hazard_id)
    if hazard is None:
        return None
    count = timeline.erase(session, hazard_id)
    interim.erase(session, hazard_id)
    lookbacks.erase(session, hazard_id)
    said = {"count": count, "reason": reason}
    timeline.add(session, hazard, timeline.ERASE, said, by=None, now=now, description=ERASED)
    return count
