"""Questions about silences."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for
from backend.domain.access import Scope
from backend.domain.regions import LENGTHS
from backend.models.flood_warnings import Silence
from backend.models.people import Person
from backend.store.regions import inside

_SHOWN = select(*Silence.__table__.columns, Person.name.label("made_by")).join(Person, Person.id == Silence.made_by_id)


def add(session: Session, values: dict[str, Any]) -> bool:
    """Insert, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(Silence).on_conflict_do_nothing(index_elements=[Silence.id])
    return session.execute(insertion.returning(Silence.id), values).scalar_one_or_none() is not None


def existing(session: Session, silence_id: UUID) -> AnyRow | None:
    """The silence of that id, whoever may see it."""
    return session.execute(_SHOWN.where(Silence.id == silence_id)).one_or_none()


def end(session: Session, silence_id: UUID, now: datetime) -> None:
    """It is over; ended once, it stays so."""
    open_still = update(Silence).where(Silence.id == silence_id, Silence.ended_at.is_(None))
    session.execute(open_still.values(ended_at=now))


def listed(session: Session, scope: Scope, now: datetime) -> list[AnyRow]:
    """Silences of a part of the world that are not over."""
    here = or_(*(inside(Silence.region_code, prefix) for prefix in scope.regions))
    question = _SHOWN.where(here, Silence.ended_at.is_(None), Silence.until_at > now)
    return list(session.execute(question.order_by(Silence.until_at, Silence.id)).all())


def over(session: Session, regions: Collection[str], now: datetime) -> dict[str, datetime]:
    """Silences in force over these regions: by the region of each, until when."""
    around = {region[:length] for region in regions for length in LENGTHS.values() if length <= len(region)}
    if not around:
        return {}
    question = select(Silence.region_code, func.max(Silence.until_at)).where(
        Silence.region_code.in_(around), Silence.from_at <= now, Silence.until_at > now, Silence.ended_at.is_(None)
    )
    return {row[0]: row[1] for row in session.execute(question.group_by(Silence.region_code))}
