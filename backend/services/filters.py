"""Saved filters: somebody keeps what they ask a list for every day."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from backend.db import Session, lock
from backend.domain.access import Actor
from backend.domain.filters import MOST, FilterDraft
from backend.errors import Conflict
from backend.models.filters import SavedFilter
from backend.services import replays
from backend.store import filters


def keep(session: Session, actor: Actor, draft: FilterDraft, *, now: datetime) -> tuple[SavedFilter, bool]:
    """Keep it once: the filter, and whether it is new.

    Conflict for an id that stands for another, for a name that one has used, and when there are too many.
    """
    lock(session, f"filters:{actor.person_id}")
    known = filters.existing(session, draft.id)
    if known is not None:
        return replays.same(known, actor.person_id, draft.body_sha256, owner="person_id"), False
    if filters.count(session, actor.person_id, draft.listed) >= MOST:
        raise Conflict("filters_full", most=MOST)
    values = {
        "id": draft.id,
        "person_id": actor.person_id,
        "list": draft.listed.value,
        "name": draft.name,
        "query": draft.query,
        "body_sha256": draft.body_sha256,
        "made_at": now,
    }
    if not filters.add(session, values):
        raise Conflict("filter_name", name=draft.name)
    return SavedFilter(**values), True


def forget(session: Session, actor: Actor, filter_id: UUID) -> None:
    """It is gone; forgotten again, nothing changes."""
    filters.forget(session, actor.person_id, filter_id)


def of_actor(session: Session, actor: Actor, listed: str | None) -> list[SavedFilter]:
    """One's own filters by name."""
    return filters.of_person(session, actor.person_id, listed)
