"""What follows from what: one fact, and the services that are told of it in the same transaction."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.services import escalation
from backend.services.escalation import Climbed
from backend.services.sync import HAZARD
from backend.store import changes


def escalate(session: Session, *, now: datetime, zone: ZoneInfo, limit: int = escalation.BATCH) -> int:
    """Climb what is due, put each step on record and let the phones of everybody it reaches hear of it; how many."""
    climbed = escalation.sweep(session, now=now, zone=zone, limit=limit)
    changes.record_all(session, now, None, "climb", HAZARD, [(str(each.hazard.id), _body(each)) for each in climbed])
    told = [(told.person_id, each.hazard.id) for each in climbed for told in each.told]
    changes.changed_all(session, now, told, HAZARD)
    return len(climbed)


def _body(climbed: Climbed) -> dict[str, object]:
    """The steps taken, whom each was for, where they were found, and when the next is due."""
    return {
        "rung": climbed.climb.rung,
        "watch": climbed.watch.value,
        "next_at": climbed.climb.next_at.isoformat() if climbed.climb.next_at else None,
        "told": [
            {
                "step": told.number,
                "for": told.rung.value,
                "at": told.found_at.value if told.found_at else None,
                "person": str(told.person_id),
                "channels": [channel.value for channel in told.step.channels],
            }
            for told in climbed.told
        ],
    }
