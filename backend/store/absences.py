"""Questions about absences: who is away, from when until when, and who looks after things."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Session

from backend.models.people import Absence


def one(session: Session, absence_id: UUID) -> Absence | None:
    """The absence of that id."""
    return session.get(Absence, absence_id, with_for_update=True)


def add(session: Session, row: Absence) -> None:
    """Write a new absence."""
    session.add(row)
    session.flush()


def of_person(session: Session, person_id: UUID, day: date) -> list[Absence]:
    """The absences of a person that are not over on a day, the earliest first."""
    question = select(Absence).where(
        Absence.person_id == person_id, or_(Absence.until_day.is_(None), Absence.until_day > day)
    )
    return list(session.scalars(question.order_by(Absence.from_day, Absence.id)))


def end(session: Session, absence_id: UUID, until: date) -> None:
    """Let an absence end on a day, and raise its version."""
    question = update(Absence).where(Absence.id == absence_id)
    session.execute(question.values(until_day=until, version=Absence.version + 1))


def end_as_substitute(session: Session, person_id: UUID, until: date) -> None:
    """Whoever leaves office looks after nobody from that day on."""
    question = update(Absence).where(
        Absence.substitute_id == person_id, or_(Absence.until_day.is_(None), Absence.until_day > until)
    )
    last = case((Absence.from_day > until, Absence.from_day), else_=until)
    question = question.values(until_day=last, version=Absence.version + 1)
    session.execute(question.execution_options(synchronize_session=False))
