"""Questions about whom an order reaches: who sits where, answers for which reach, and which places are empty."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow, among
from backend.domain.terms import Level
from backend.models.people import Appointment, Person
from backend.models.regions import Region
from backend.models.segments import Assignment, Segment
from backend.store.people import covers
from backend.store.regions import inside
from backend.store.segments import in_force


def answering(session: Session, rivers: Collection[str], regions: Sequence[str], day: date) -> list[AnyRow]:
    """Who answers on a day for reaches of these rivers in these regions, the lowest first.

    person_id, duty, level, region_code, segment_id.
    """
    here = (Segment.river_code.in_(list(rivers)), _lies_in(Segment.region_code, regions))
    return list(session.execute(_held(day).where(*here)).all())


def answering_for(session: Session, segment_id: UUID, day: date) -> list[AnyRow]:
    """The same of one reach."""
    return list(session.execute(_held(day).where(Segment.id == segment_id)).all())


def reaches_of(session: Session, people: Collection[UUID], day: date) -> dict[UUID, AnyRow]:
    """The lowest reach for which each of these people answers on a day."""
    found: dict[UUID, AnyRow] = {}
    for row in session.execute(_held(day).where(among(session, Assignment.person_id, list(people)))):
        found.setdefault(row.person_id, row)
    return found


def seats_of(session: Session, people: Collection[UUID], day: date) -> list[AnyRow]:
    """The posts of these people on a day, the lowest region first: person_id, post, region_code."""
    columns = (Appointment.person_id, Appointment.post, Appointment.region_code)
    question = select(*columns).join(Person, Person.id == Appointment.person_id)
    question = question.where(Appointment.person_id.in_(list(people)), covers(Appointment, day), Person.is_active)
    return list(session.execute(question.order_by(func.length(Appointment.region_code).desc(), Appointment.id)).all())


def ever_inside(session: Session, people: Collection[UUID], region: str) -> set[UUID]:
    """Which of these people have held a post in a region at some time."""
    question = select(Appointment.person_id).where(Appointment.person_id.in_(list(people)))
    return set(session.scalars(question.where(inside(Appointment.region_code, region)).distinct()))


def regions_at(session: Session, level: Level, regions: Sequence[str]) -> list[str]:
    """The regions of a level that lie in these."""
    question = select(Region.code).where(Region.level == int(level), _lies_in(Region.code, regions))
    return list(session.scalars(question.order_by(Region.code)))


def _held(day: date) -> Any:
    columns = (Assignment.person_id, Assignment.duty, Segment.level, Segment.region_code, Segment.river_code)
    question = select(*columns, Segment.id.label("segment_id")).join(Segment, Segment.id == Assignment.segment_id)
    question = question.join(Person, Person.id == Assignment.person_id)
    question = question.where(in_force(day), covers(Assignment, day), Person.is_active.is_(True))
    return question.order_by(Segment.level, Segment.code, Assignment.from_day)


def _lies_in(column: Any, regions: Sequence[str]) -> ColumnElement[bool]:
    return or_(false(), *(inside(column, region) for region in regions))
