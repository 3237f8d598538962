"""Questions about made-up people; there are none in production."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.models.people import Person
from backend.models.segments import Assignment


def open_walkers(session: Session, count: int, password_hash: str) -> list[bytes]:
    """Give so many made-up people with segments that password; their sealed numbers."""
    walkers = select(Assignment.person_id).where(Assignment.until_day.is_(None))
    question = select(Person.id, Person.phone_sealed).where(
        Person.is_demo, Person.phone_sealed.is_not(None), Person.id.in_(walkers)
    )
    rows = session.execute(question.order_by(Person.phone_index).limit(count)).all()
    for person_id, _ in rows:
        session.execute(update(Person).where(Person.id == person_id).values(password_hash=password_hash))
    return [sealed for _, sealed in rows if sealed is not None]
