"""Questions about the roster of duty: shifts, and who holds the post where there are none."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for
from backend.domain.regions import LENGTHS
from backend.models.people import Appointment, Person
from backend.models.regions import Region
from backend.models.roster import FloodShift
from backend.store.people import covers


def add(session: Session, values: dict[str, Any]) -> bool:
    """Enter a shift, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(FloodShift).on_conflict_do_nothing(index_elements=[FloodShift.id])
    return session.execute(insertion.returning(FloodShift.id), values).first() is not None


def existing(session: Session, shift_id: UUID) -> AnyRow | None:
    """The shift of that id with the person's name."""
    return session.execute(_shown().where(FloodShift.id == shift_id)).one_or_none()


def withdraw(session: Session, shift_id: UUID, now: datetime) -> None:
    """Take a shift out; that it was there stays on record."""
    session.execute(update(FloodShift).where(FloodShift.id == shift_id).values(withdrawn_at=now))


def between(session: Session, region: str, begin: datetime, end: datetime) -> list[AnyRow]:
    """The shifts of a region that touch a span of time, the earliest first."""
    touching = (FloodShift.region_code == region, FloodShift.from_at < end, FloodShift.until_at > begin)
    question = _shown().where(*touching, FloodShift.withdrawn_at.is_(None))
    return list(session.execute(question.order_by(FloodShift.from_at, FloodShift.id)).all())


def at(session: Session, region: str, moment: datetime) -> list[AnyRow]:
    """The shifts of a region that run at a moment."""
    running = (FloodShift.region_code == region, FloodShift.from_at <= moment, FloodShift.until_at > moment)
    question = _shown().where(*running, FloodShift.withdrawn_at.is_(None))
    return list(session.execute(question.order_by(FloodShift.from_at, FloodShift.id)).all())


def candidates(session: Session, region: str, day: date) -> list[AnyRow]:
    """Who has a post in a region or around it on a day, the nearest first: id, name, post, region_code, region_name."""
    around = [region[:length] for length in LENGTHS.values() if length <= len(region)]
    columns = (Person.id, Person.name, Appointment.post, Appointment.region_code, Region.name.label("region_name"))
    question = select(*columns).join(Appointment, Appointment.person_id == Person.id)
    question = question.outerjoin(Region, Region.code == Appointment.region_code)
    here = (Appointment.region_code.in_(around), covers(Appointment, day), Person.is_active.is_(True))
    nearest = func.length(Appointment.region_code).desc()
    return list(
        session.execute(question.where(*here).order_by(nearest, Appointment.post, Person.name, Person.id)).all()
    )


def _shown() -> Select[*tuple[Any, ...]]:
    columns = (*FloodShift.__table__.columns, Person.name.label("person"), Region.name.label("region_name"))
    question = select(*columns).join(Person, Person.id == FloodShift.person_id)
    return question.outerjoin(Region, Region.code == FloodShift.region_code)
