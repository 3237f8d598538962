"""Questions about saved filters: always one person's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.db import insert_for
from backend.models.filters import SavedFilter


def of_person(session: Session, person_id: UUID, listed: str | None) -> list[SavedFilter]:
    """Somebody's filters by name; of one list, or of all."""
    question = select(SavedFilter).where(SavedFilter.person_id == person_id)
    if listed is not None:
        question = question.where(SavedFilter.list == listed)
    return list(session.scalars(question.order_by(SavedFilter.list, SavedFilter.name)))


def count(session: Session, person_id: UUID, listed: str) -> int:
    """How many somebody keeps for a list."""
    mine = (SavedFilter.person_id == person_id, SavedFilter.list == listed)
    return session.scalar(select(func.count()).select_from(SavedFilter).where(*mine)) or 0


def existing(session: Session, filter_id: UUID) -> SavedFilter | None:
    """The filter of that id, whosever it is."""
    return session.get(SavedFilter, filter_id)


def add(session: Session, values: dict[str, Any]) -> bool:
    """Insert, or nothing where the id or the name is taken; whether it is new."""
    insertion = insert_for(session)(SavedFilter).on_conflict_do_nothing()
    return session.execute(insertion.returning(SavedFilter.id), values).scalar_one_or_none() is not None


def forget(session: Session, person_id: UUID, filter_id: UUID) -> None:
    """Somebody's filter is gone; that of another stays."""
    session.execute(delete(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.person_id == person_id))
