"""Records (审计): who did what, told to whoever may look, each with what was there before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.db import Session
from backend.domain.access import Actor, scope_of
from backend.domain.actions import Action
from backend.errors import NotFound
from backend.services import timeline
from backend.services.timeline import Told
from backend.store import records, regions
from backend.store.records import FACT, SOURCES, Asked, Place, Seen

_SETS = frozenset({"make", "change", "keep", "set", "set_monthly", "enter"})
"""Acts whose body says how a thing is from then on: what the one before them said is what was there before."""

_FURTHEST = 2**63
"""No number is as high."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: a row of the list, what was there before, and the fact as it is told where it is one."""

    row: Any
    before: Mapping[str, Any]
    told: Told | None


def listed(session: Session, actor: Actor, asked: Asked, *, after: Place | None, limit: int) -> list[Any]:
    """What happened in the actor's part of the world, the newest first, one more than `limit` when there are more."""
    return records.listed(session, _seen(session, actor), asked, after=after, limit=limit)


def exports(
    session: Session, actor: Actor, asked: Asked, *, after: tuple[datetime, int] | None, limit: int
) -> list[Any]:
    """Which lists left the house in whose hands, the newest first, one more than `limit` when there are more."""
    return records.exports(session, _seen(session, actor), asked, after=after, limit=limit)


def one(session: Session, actor: Actor, source: str, seq: int) -> Entry:
    """One act with what was there before; NotFound where it is not the actor's to see."""
    is_there = source in SOURCES and seq < _FURTHEST
    row = records.one(session, _seen(session, actor), SOURCES.index(source), seq) if is_there else None
    if row is None:
        raise NotFound()
    if source == FACT:
        return Entry(row, {}, timeline.one(session, row.thing_id, row.number))
    last = records.before(session, row, _SETS) if row.act in _SETS else None
    return Entry(row, last.body if last else {}, None)


def _seen(session: Session, actor: Actor) -> Seen:
    """Acts of people who have, or had, a post in one's part of the world; hazards where one sees hazards."""
    doers = scope_of(actor, Action.SEE_AUDIT).regions
    cases = scope_of(actor, Action.SEE_HAZARDS).regions
    return Seen(doers, cases, any(regions.is_all(session, region) for region in doers))
