"""Questions about training in an assessment: who was asked to which session of the time, and was credited with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.models.people import Absence, Appointment
from backend.models.training import Training, TrainingAttendance, TrainingInvitation
from backend.store.assessment_figures import Asked
from backend.store.people import covers
from backend.store.regions import inside


def sums(session: Session, asked: Asked) -> list[AnyRow]:
    """Sessions to which people were asked, and of these credited: person_id, post, region_code, hits, size."""
    each = asked_to_come(session, asked).subquery()
    key = (each.c.person_id, each.c.post, each.c.region_code)
    question = select(*key, func.sum(each.c.is_hit).label("hits"), func.count().label("size"))
    return list(session.execute(question.group_by(*key)).all())


def asked_to_come(session: Session, asked: Asked, people: Collection[UUID] = ()) -> Any:
    """A row for each session and person of a post who was asked by it on its day, and was not away: person_id, post,
    region_code, training_id, is_hit. Whoever was asked twice owes it once. `people`: of these alone.
    """
    credited = exists().where(
        TrainingAttendance.training_id == TrainingInvitation.training_id,
        TrainingAttendance.person_id == Appointment.person_id,
        TrainingAttendance.hours > 0,
    )
    key = (Appointment.person_id, Appointment.post, TrainingInvitation.training_id)
    around = TrainingInvitation.region_code
    is_asked = and_(
        Appointment.post == TrainingInvitation.post,
        func.substr(Appointment.region_code, 1, func.length(around)) == around,
    )
    columns = (func.min(Appointment.region_code).label("region_code"), _number(credited).label("is_hit"))
    question = select(*key, *columns).select_from(TrainingInvitation).join(Appointment, is_asked)
    if people:
        question = question.where(Appointment.person_id.in_(list(people)))
    return question.where(
        Appointment.post.in_(asked.posts),
        inside(Appointment.region_code, asked.region),
        or_(false(), *(_on(day, held) for day, held in _sessions(session, asked).items())),
    ).group_by(*key)


def _sessions(session: Session, asked: Asked) -> dict[date, list[UUID]]:
    """Sessions that began in the time and were not called off, by their day."""
    question = select(Training.id, Training.begins_at).where(
        Training.begins_at >= asked.begins_at, Training.begins_at < asked.ends_at, Training.withdrawn_at.is_(None)
    )
    zone = asked.begins_at.tzinfo
    found: dict[date, list[UUID]] = defaultdict(list)
    for row in session.execute(question):
        found[row.begins_at.astimezone(zone).date()].append(row.id)
    return found


def _on(day: date, held: list[UUID]) -> ColumnElement[bool]:
    """Of the sessions of a day those who held their post on it, and were there to come."""
    away = exists().where(Absence.person_id == Appointment.person_id, covers(Absence, day)).correlate(Appointment)
    return and_(TrainingInvitation.training_id.in_(held), covers(Appointment, day), ~away)


def _number(condition: ColumnElement[bool]) -> Any:
    """1 or 0, the same in each row of a group."""
    return func.max(case((condition, 1), else_=0))
