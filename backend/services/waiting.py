"""What waits for somebody: hazards that want an act of theirs, the soonest due first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.db import Session
from backend.domain.access import Actor, with_cases
from backend.domain.access import Scope as World
from backend.domain.hazards import State
from backend.domain.regions import level_of
from backend.domain.terms import CHIEFS, Post
from backend.store import hazards

MOST = 50
"""More than a day's work of a clerk; the list of hazards has them all."""
_OF_CLERKS = (
    ("accept", State.REPORTED),
    ("assign", State.ACCEPTED),
    ("verify", State.DONE_REPORTED),
    ("close", State.VERIFIED),
)


def of(session: Session, actor: Actor, *, now: datetime) -> list[Any]:
    """At most fifty, each with what it waits for: mend, check, accept, assign, verify, close, extension or help."""
    units = with_cases(World(()), actor).units
    waits = [("mend", hazards.mended_by(actor.whose, units)), ("check", hazards.to_check(actor.whose, now))]
    desks = [seat.region for seat in actor.seats if seat.post is Post.BUREAU_CLERK]
    if desks:
        waits += [(what, hazards.standing_in([state], desks)) for what, state in _OF_CLERKS]
        waits.append(("extension", hazards.asked_for("extension", desks)))
    for seat in actor.seats:
        if seat.post in CHIEFS or seat.post is Post.OFFICE_CLERK:
            waits.append(("help", hazards.asked_for("help", [seat.region], level_of(seat.region))))
    return hazards.waiting(session, waits, MOST)
