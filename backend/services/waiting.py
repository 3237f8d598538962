"""What waits for somebody: hazards that want an act of theirs, the soonest due first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.db import Session
from backend.domain.access import Actor, with_cases
from backend.domain.access import Scope as World
from backend.domain.hazards import State
from backend.domain.regions import level_of
from backend.domain.terms import CHIEFS, Post
from backend.store import waiting as store
from backend.store.waiting import Wait

MOST = 50
"""More than a day's work of a clerk; the list of hazards has them all."""
MOST_COUNTED = 1_000
"""From here on it is only said that there are many (our judgement)."""
_OF_CLERKS = (
    ("accept", State.REPORTED),
    ("assign", State.ACCEPTED),
    ("verify", State.DONE_REPORTED),
    ("close", State.VERIFIED),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A hazard, and for which act of the actor it waits."""

    row: Any
    what: str


def of(session: Session, actor: Actor, *, now: datetime) -> list[Waiting]:
    """At most fifty, each with what it waits for: mend, check, extension, help, accept, assign, verify or close."""
    waits = waits_of(actor, now=now)
    return [Waiting(row, waits[row.rank][0]) for row in store.soonest(session, waits, MOST)]


def counted(session: Session, actor: Actor, found: Sequence[Any], *, now: datetime) -> int:
    """How many wait in all, of which these were found; no further than `MOST_COUNTED`."""
    if len(found) < MOST:
        return len(found)
    return store.counted(session, waits_of(actor, now=now), MOST_COUNTED)


def waits_of(actor: Actor, *, now: datetime) -> list[Wait]:
    """For what hazards may wait that is this person's to do; what presses most comes first."""
    waits = [("mend", store.mended_by(actor.whose)), ("check", store.to_check(actor.whose, now))]
    if units := with_cases(World(()), actor).units:
        waits.append(("mend", store.mended_in(units)))
    desks = [seat.region for seat in actor.seats if seat.post is Post.BUREAU_CLERK]
    if desks:
        waits.append(("extension", store.more_time_asked(desks, but=actor.whose)))
        waits += [(what, store.standing_in(state, desks)) for what, state in _OF_CLERKS]
    for seat in actor.seats:
        if seat.post in CHIEFS or seat.post is Post.OFFICE_CLERK:
            waits.append(("help", store.help_asked(level_of(seat.region), [seat.region])))
    return waits
