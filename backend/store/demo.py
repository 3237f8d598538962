"""Questions about made-up people; there are none in production."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from backend.models.people import Person
from backend.models.segments import Assignment, Segment


def are_there(session: Session, indexes: Collection[bytes]) -> bool:
    """Whether all with these numbers (by their index) are made-up people of this house."""
    question = select(func.count()).select_from(Person).where(Person.is_demo, Person.phone_index.in_(indexes))
    return session.scalar(question) == len(indexes)


def open_walkers(
    session: Session, count: int, password_hash: str, *, but: Collection[bytes] = (), within: str = ""
) -> list[bytes]:
    """Give so many made-up people with segments in a region that password; their sealed numbers.

    Those with the numbers in `but` (by their index) keep theirs, for it stands in the documents.
    """
    reaches = Assignment.person_id == Person.id, Assignment.until_day.is_(None)
    walks = exists().where(*reaches, Segment.id == Assignment.segment_id, Segment.region_code.startswith(within))
    question = select(Person.id, Person.phone_sealed).where(
        Person.is_demo, Person.phone_sealed.is_not(None), Person.phone_index.not_in(but), walks
    )
    rows = session.execute(question.order_by(Person.phone_index).limit(count)).all()
    for person_id, _ in rows:
        session.execute(update(Person).where(Person.id == person_id).values(password_hash=password_hash))
    return [sealed for _, sealed in rows if sealed is not None]
