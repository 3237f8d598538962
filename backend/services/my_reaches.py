"""The reaches that are one's own today: for whom one stands there, and by whose minimum a walk would be judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor
from backend.domain.terms import Level, Post
from backend.services import patrols
from backend.store import escalation, segments
from backend.store.reaches import Named


@dataclass(frozen=True, slots=True)
class Mine:
    """A reach one answers for or stands in for."""

    row: Any
    """What names it, with length_m and river_name."""
    level: Level
    """Whose minimum would be asked of a walk there."""
    post: Post
    absent: tuple[UUID, str] | None
    """The person one stands in for; None where it is one's own."""


def of(session: Session, actor: Actor, today: date) -> list[Mine]:
    """One's own reaches and those of the absent, by code, each as the judge of a walk of today would take it."""
    rows = segments.of_people(session, actor.whose, today)
    claims = patrols.claims_on(session, actor.person_id, [_named(row) for row in rows], today)
    absent = {claim.person_id for claim in claims.values()} - {actor.person_id}
    names = escalation.names(session, absent) if absent else {}
    found = []
    for row in rows:
        if (claim := claims.get(row.id)) is None:
            continue  # it was taken away between two questions
        whose = (claim.person_id, names[claim.person_id]) if claim.person_id in absent else None
        found.append(Mine(row, patrols.level_of(claim), patrols.post_of(claim), whose))
    return found


def _named(row: Any) -> Named:
    return Named(row.id, row.code, row.name, row.river_code, row.region_code, row.level, row.until_day, row.version)
