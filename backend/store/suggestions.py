"""Questions about prosecutors' suggestions: those that one sees, and whose next step is due."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, update
from sqlalchemy.orm import Session, aliased

from backend.db import AnyRow, insert_for
from backend.domain.access import Scope
from backend.domain.terms import Post
from backend.models.cooperation import Suggestion
from backend.models.hazards import Hazard
from backend.models.people import Person
from backend.store import cooperation
from backend.store.regions import inside


def add(session: Session, values: dict[str, Any]) -> bool:
    """Insert, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(Suggestion).on_conflict_do_nothing(index_elements=[Suggestion.id])
    return session.execute(insertion.returning(Suggestion.seq), values).scalar_one_or_none() is not None


def existing(session: Session, suggestion_id: UUID) -> AnyRow | None:
    """The suggestion of that id, whoever may see it."""
    return session.execute(_shown().where(Suggestion.id == suggestion_id)).one_or_none()


def listed(
    session: Session,
    scope: Scope,
    *,
    limit: int,
    after: int | None,
    hazard: UUID | None = None,
    owed: Scope | None = None,
) -> list[AnyRow]:
    """Those of these regions, and those of the prosecutors among the seats, the newest first; keyset.

    `owed`: only those that wait for a reply of these offices.
    """
    parts = [inside(Suggestion.region_code, region) for region in scope.regions]
    parts += [Suggestion.law_region == region for post, region in scope.handed if post is Post.PROSECUTOR]
    question = _shown().where(or_(false(), *parts))
    if owed is not None:
        question = question.where(is_owed(owed))
    return cooperation.newest(session, Suggestion, question, limit=limit, after=after, hazard=hazard)


def is_owed(by: Scope) -> ColumnElement[bool]:
    """Without a reply, in the region of one of these offices."""
    here = or_(false(), *(inside(Suggestion.region_code, region) for region in by.regions))
    return and_(Suggestion.replied_at.is_(None), here)


def reply(session: Session, suggestion_id: UUID, **values: Any) -> bool:
    """Note the reply; whether there was none. Its ladder ends."""
    here = and_(Suggestion.id == suggestion_id, Suggestion.replied_at.is_(None))
    said = update(Suggestion).where(here).values(next_step_at=None, **values).returning(Suggestion.seq)
    return session.execute(said).first() is not None


def claim_due(session: Session, now: datetime, limit: int) -> list[AnyRow]:
    """Suggestions whose next step is due, the most overdue first; nobody else takes them until the transaction ends."""
    due = select(*Suggestion.__table__.columns).where(Suggestion.next_step_at <= now)
    due = due.order_by(Suggestion.next_step_at, Suggestion.seq).limit(limit).with_for_update(skip_locked=True)
    return list(session.execute(due).all())


def advance(session: Session, suggestion_id: UUID, **values: Any) -> None:
    """How far its ladder was climbed."""
    session.execute(update(Suggestion).where(Suggestion.id == suggestion_id).values(**values))


def _shown() -> Any:
    replier = aliased(Person)
    columns = (Person.name.label("made_by"), replier.name.label("replied_by"), Hazard.kind, Hazard.state)
    question = select(*Suggestion.__table__.columns, *columns).join(Person, Person.id == Suggestion.made_by_id)
    question = question.join(Hazard, Hazard.id == Suggestion.hazard_id)
    return question.outerjoin(replier, replier.id == Suggestion.replied_by_id)
