"""What passes on when somebody leaves, comes or is replaced, and who hears of it the same moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.succession import heir, passes_on
from backend.domain.terms import Duty
from backend.store import appointments, changes

Passed = dict[str, UUID | None]


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody leaves segments on a day: who, in whose favour, and what today is."""

    person_id: UUID
    substitute: UUID | None
    until: date
    today: date
    now: datetime


def leave(session: Session, leaving: Leaving, held: Iterable[Any]) -> Passed:
    """End these assignments; each segment that has no other chief passes on. Who has each then, by segment id."""
    rows = list(held)
    appointments.end_assignments(session, [row.id for row in rows], leaving.until)
    passed: Passed = {}
    for row in rows:
        _tell(session, leaving, leaving.person_id, row.segment_id, "gone")
        if not passes_on(Duty(row.duty)):
            continue
        others = appointments.chiefs_of(session, row.segment_id, leaving.until)
        passed[str(row.segment_id)] = others[0] if others else _hand_over(session, leaving, row)
    return passed


def replace(session: Session, segment_ids: Iterable[UUID], since: date, *, today: date, now: datetime) -> None:
    """A new chief has come: whoever acted for these segments does so no longer."""
    rows = appointments.acting(session, segment_ids, since)
    appointments.end_assignments(session, [row.id for row in rows], since)
    for row in rows:
        if since <= today:
            changes.changed(session, now, [row.person_id], "segment", row.segment_id, "gone")


def _hand_over(session: Session, leaving: Leaving, row: Any) -> UUID | None:
    superiors = _superiors(session, row.parent_id, leaving.until)
    candidates = [*superiors, *([leaving.substitute] if leaving.substitute else [])]
    in_office = appointments.in_office(session, candidates, leaving.until)
    next_one = heir(leaving.person_id, leaving.substitute, superiors, in_office)
    if next_one is not None:
        appointments.hand_over(session, next_one, row.segment_id, Duty(row.duty), leaving.until)
        _tell(session, leaving, next_one, row.segment_id, "put")
    return next_one


def _tell(session: Session, leaving: Leaving, person_id: UUID, segment_id: UUID, op: changes.Op) -> None:
    """Tell what is so today; what the calendar will change, the sync of that day tells."""
    if leaving.until <= leaving.today:
        changes.changed(session, leaving.now, [person_id], "segment", segment_id, op)


def _superiors(session: Session, parent_id: UUID | None, day: date) -> list[UUID]:
    """The chiefs of the reaches above, the nearest first."""
    found: list[UUID] = []
    while parent_id is not None:
        found += appointments.chiefs_of(session, parent_id, day)
        parent_id = appointments.parent_of(session, parent_id)
    return found
