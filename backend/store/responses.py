"""Questions about responses: what holds, what has held, and every act."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for
from backend.domain.responses import ENDS, Response, ResponseLevel
from backend.models.people import Person
from backend.models.responses import FloodResponse


def add(session: Session, values: dict[str, Any]) -> bool:
    """Write an act, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(FloodResponse).on_conflict_do_nothing(index_elements=[FloodResponse.id])
    return session.execute(insertion.returning(FloodResponse.seq), values).first() is not None


def existing(session: Session, response_id: UUID) -> AnyRow | None:
    """The act of that id with its maker's name."""
    return session.execute(_shown().where(FloodResponse.id == response_id)).one_or_none()


def end(session: Session, ids: Collection[UUID], by: UUID, now: datetime) -> None:
    """Let these hold no longer, because of a later act."""
    ended = update(FloodResponse).where(FloodResponse.id.in_(ids))
    session.execute(ended.values(ended_at=now, ended_by=by))


def ended_by(session: Session, act_id: UUID) -> list[UUID]:
    """Those that an act changed or ended."""
    question = select(FloodResponse.id).where(FloodResponse.ended_by == act_id)
    return list(session.scalars(question.order_by(FloodResponse.seq)))


def listed(session: Session, *, at: datetime | None, after: int | None, limit: int) -> list[AnyRow]:
    """Every act, or what was in force at a moment, the newest first; keyset after a number."""
    question = _shown()
    if at is not None:
        question = question.where(_in_force(at))
    if after is not None:
        question = question.where(FloodResponse.seq < after)
    return list(session.execute(question.order_by(FloodResponse.seq.desc()).limit(limit)).all())


def in_force(session: Session, at: datetime) -> list[AnyRow]:
    """What is in force at a moment, the oldest first."""
    return list(session.execute(_shown().where(_in_force(at)).order_by(FloodResponse.seq)).all())


def since(session: Session, moment: datetime) -> list[Response]:
    """Everything that held at that moment or later."""
    question = select(FloodResponse).where(
        FloodResponse.level != ENDS, or_(FloodResponse.ended_at.is_(None), FloodResponse.ended_at > moment)
    )
    return [_response(row) for row in session.scalars(question.order_by(FloodResponse.seq))]


def _in_force(at: datetime) -> Any:
    is_open = or_(FloodResponse.ended_at.is_(None), FloodResponse.ended_at > at)
    return and_(FloodResponse.level != ENDS, FloodResponse.begun_at <= at, is_open)


def _shown() -> Select[*tuple[Any, ...]]:
    columns = (*FloodResponse.__table__.columns, Person.name.label("made_by"))
    return select(*columns).join(Person, Person.id == FloodResponse.made_by_id)


def _response(row: FloodResponse) -> Response:
    return Response(
        row.id,
        ResponseLevel(row.level),
        tuple(row.regions),
        tuple(row.rivers),
        row.is_safe,
        row.begun_at,
        row.ended_at,
    )
