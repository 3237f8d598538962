"""Questions about posts: who holds which where, and what passes on when somebody leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.access import Scope
from backend.models.people import Absence, Appointment, Person
from backend.models.regions import Region
from backend.models.segments import Assignment, Segment
from backend.store.people import covers


def listed(
    session: Session, scope: Scope, today: date, *, after: tuple[str, str], limit: int, **asked: Any
) -> list[Person]:
    """People with a post in the scope today, by name, one more than `limit` when there are more."""
    held = [Appointment.person_id == Person.id, covers(Appointment, today), _within(scope)]
    if asked.get("region"):
        held.append(Appointment.region_code.startswith(asked["region"], autoescape=True))
    if asked.get("post"):
        held.append(Appointment.post == asked["post"])
    question = select(Person).where(exists().where(*held))
    if asked.get("q"):
        question = question.where(Person.name.contains(asked["q"], autoescape=True))
    name, key = after
    question = question.where(or_(Person.name > name, and_(Person.name == name, Person.id > UUID(key))))
    return list(session.scalars(question.order_by(Person.name, Person.id).limit(limit + 1)))


def person(session: Session, person_id: UUID) -> Person | None:
    """The person of that id."""
    return session.get(Person, person_id)


def appointments(session: Session, person_ids: Sequence[UUID]) -> list[AnyRow]:
    """Every appointment of these people, past ones too, with the region's name."""
    columns = (
        Appointment.id,
        Appointment.person_id,
        Appointment.post,
        Appointment.region_code,
        Region.name.label("region_name"),
        Appointment.unit_code,
        Appointment.from_day,
        Appointment.until_day,
        Appointment.substitute_id,
    )
    question = select(*columns).join(Region, Region.code == Appointment.region_code)
    question = question.where(Appointment.person_id.in_(person_ids)).order_by(Appointment.from_day, Appointment.id)
    return list(session.execute(question).all())


def appointment(session: Session, appointment_id: UUID) -> Appointment | None:
    """The appointment of that id, held until the transaction ends."""
    return session.scalars(select(Appointment).where(Appointment.id == appointment_id).with_for_update()).one_or_none()


def add(session: Session, row: Person | Appointment | Absence | Assignment) -> None:
    """Write a new row."""
    session.add(row)
    session.flush()


def held_by(session: Session, appointment_id: UUID, day: date) -> list[AnyRow]:
    """The segments an appointment brings on a day: assignment id, segment_id, parent_id, duty."""
    question = (
        select(Assignment.id, Assignment.segment_id, Segment.parent_id, Assignment.duty)
        .join(Segment, Segment.id == Assignment.segment_id)
        .where(Assignment.appointment_id == appointment_id, covers(Assignment, day))
    )
    return list(session.execute(question).all())


def end(session: Session, appointment_id: UUID, until: date) -> None:
    """End an appointment and what it brings."""
    session.execute(update(Appointment).where(Appointment.id == appointment_id).values(until_day=until))
    held = update(Assignment).where(
        Assignment.appointment_id == appointment_id,
        or_(Assignment.until_day.is_(None), Assignment.until_day > until),
    )
    session.execute(held.values(until_day=until))


def chiefs_of(session: Session, segment_id: UUID, day: date) -> list[UUID]:
    """Who answers for a segment as its chief on a day."""
    question = select(Assignment.person_id).where(
        Assignment.segment_id == segment_id, Assignment.duty == "chief", covers(Assignment, day)
    )
    return list(session.scalars(question.order_by(Assignment.from_day)))


def parent_of(session: Session, segment_id: UUID) -> UUID | None:
    """The reach around a segment."""
    return session.scalar(select(Segment.parent_id).where(Segment.id == segment_id))


def hand_over(session: Session, person_id: UUID, segment_id: UUID, duty: str, since: date) -> None:
    """Let somebody answer for a segment from a day on, unless they do already."""
    held = exists().where(
        Assignment.person_id == person_id,
        Assignment.segment_id == segment_id,
        Assignment.duty == duty,
        covers(Assignment, since),
    )
    if session.scalar(select(held)):
        return
    values = {"person_id": person_id, "segment_id": segment_id, "duty": duty, "from_day": since}
    session.execute(insert(Assignment).values(id=uuid4(), **values))


def segments_by_code(session: Session, codes: Sequence[str]) -> dict[str, AnyRow]:
    """Segments by code: id, code, region_code, level."""
    columns = (Segment.id, Segment.code, Segment.region_code, Segment.level)
    return {row.code: row for row in session.execute(select(*columns).where(Segment.code.in_(codes)))}


def absence(session: Session, absence_id: UUID) -> Absence | None:
    """The absence of that id."""
    return session.get(Absence, absence_id)


def _within(scope: Scope) -> Any:
    return or_(*(Appointment.region_code.startswith(prefix, autoescape=True) for prefix in scope.regions or ("#",)))
