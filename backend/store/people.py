"""Questions about people, their posts and their substitutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, FromClause, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from backend.domain.access import Seat
from backend.domain.terms import Post
from backend.models.people import Absence, Appointment, Person
from backend.models.segments import Assignment


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the door sees it on one day."""

    name: str
    token_version: int
    is_active: bool
    seats: tuple[Seat, ...]
    standing_in_for: tuple[UUID, ...]


def covers(row: type[Appointment | Absence | Assignment], day: date) -> ColumnElement[bool]:
    """Whether a dated row holds on that day; its last day is the one before `until_day`."""
    return and_(row.from_day <= day, or_(row.until_day.is_(None), row.until_day > day))


_DAY = bindparam("day", type_=Date())


def _holds(row: FromClause) -> ColumnElement[bool]:
    return and_(row.c.from_day <= _DAY, or_(row.c.until_day.is_(None), row.c.until_day > _DAY))


def _account() -> Select[*tuple[Any, ...]]:
    """Made once: every request asks it, and making it costs more than asking."""
    person, absence, post = Person.__table__, Absence.__table__, Appointment.__table__
    mine = or_(post.c.person_id == person.c.id, post.c.person_id == absence.c.person_id)
    return (
        select(
            person.c.name,
            person.c.token_version,
            person.c.is_active,
            absence.c.person_id,
            post.c.post,
            post.c.region_code,
            post.c.unit_code,
        )
        .select_from(person)
        .outerjoin(absence, and_(absence.c.substitute_id == person.c.id, _holds(absence)))
        .outerjoin(post, and_(mine, _holds(post)))
        .where(person.c.id == bindparam("person"))
    )


_ACCOUNT = _account()


def account_on(session: Session, person_id: UUID, day: date) -> Account | None:
    """The account with the posts of that day, own ones and those looked after for others; one question."""
    rows = session.execute(_ACCOUNT, {"person": person_id, "day": day}).all()
    if not rows:
        return None
    seats = {Seat(Post(post), region, unit): None for *_, post, region, unit in rows if post is not None}
    absent = {absent_id: None for *_, absent_id, _post, _region, _unit in rows if absent_id is not None}
    name, token_version, is_active = rows[0][:3]
    return Account(name, token_version, is_active, tuple(seats), tuple(absent))


def segments_of(session: Session, person_ids: tuple[UUID, ...], day: date) -> list[UUID]:
    """The segments these people answer for on that day."""
    question = select(Assignment.segment_id).where(Assignment.person_id.in_(person_ids), covers(Assignment, day))
    return list(session.scalars(question.distinct()))


def named(session: Session, person_id: UUID) -> Person:
    """The person of that id, who is known to be there."""
    return session.get_one(Person, person_id)
