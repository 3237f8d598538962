"""Questions about people, their posts and their substitutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Uuid,
    and_,
    bindparam,
    exists,
    false,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from backend.domain.absences import passing
from backend.domain.access import GRASSROOTS, Scope, Seat
from backend.domain.regions import LENGTHS
from backend.domain.terms import Level, Post
from backend.models.logins import LoginFamily
from backend.models.people import Absence, Appointment, Person
from backend.models.segments import Assignment, Segment
from backend.store.regions import inside


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the door sees it on one day."""

    name: str
    token_version: int
    is_active: bool
    has_ended: bool
    """Whether the login that was asked about has ended."""
    seats: tuple[Seat, ...]
    standing_in_for: tuple[UUID, ...]


def covers(row: type[Appointment | Absence | Assignment], day: date) -> ColumnElement[bool]:
    """Whether a dated row holds on that day; its last day is the one before `until_day`."""
    return and_(row.from_day <= day, or_(row.until_day.is_(None), row.until_day > day))


_DAY = bindparam("day", type_=Date())
_LOGIN = bindparam("login", type_=Uuid())


def holds(row: FromClause) -> ColumnElement[bool]:
    """The same of a plain table, for questions that are made once: the day comes later, as `day`."""
    return and_(row.c.from_day <= _DAY, or_(row.c.until_day.is_(None), row.c.until_day > _DAY))


def _account() -> Select[*tuple[Any, ...]]:
    """Made once: every request asks it, and making it costs more than asking."""
    person, absence, post = Person.__table__, Absence.__table__, Appointment.__table__
    login = LoginFamily.__table__
    mine = or_(post.c.person_id == person.c.id, post.c.person_id == absence.c.person_id)
    return (
        select(
            person.c.name,
            person.c.token_version,
            person.c.is_active,
            select(login.c.ended_at).where(login.c.id == _LOGIN).scalar_subquery(),
            absence.c.person_id,
            post.c.person_id,
            post.c.post,
            post.c.region_code,
            post.c.unit_code,
        )
        .select_from(person)
        .outerjoin(absence, and_(absence.c.substitute_id == person.c.id, holds(absence)))
        .outerjoin(post, and_(mine, holds(post)))
        .where(person.c.id == bindparam("person"))
    )


def _segments() -> Select[*tuple[Any, ...]]:
    """Made once, too: whoever asks for a map asks it."""
    held, segment = Assignment.__table__, Segment.__table__
    answered = select(held.c.segment_id, segment.c.region_code).join(segment, segment.c.id == held.c.segment_id)
    return answered.where(held.c.person_id.in_(bindparam("people", expanding=True)), holds(held)).distinct()


_ACCOUNT = _account()
_SEGMENTS = _segments()


def account_on(session: Session, person_id: UUID, day: date, login_id: UUID | None = None) -> Account | None:
    """The account with the posts of that day, own ones and those looked after for others; one question."""
    rows = session.execute(_ACCOUNT, {"person": person_id, "day": day, "login": login_id}).all()
    if not rows:
        return None
    held: dict[UUID, dict[Seat, None]] = {person_id: {}}
    for *_, holder, post, region, unit in rows:
        if holder is not None:
            held.setdefault(holder, {})[Seat(Post(post), region, unit)] = None
    own = tuple(held.pop(person_id))
    passed = {absent: given for absent, its in held.items() if (given := passing(tuple(its), own))}
    seats = dict.fromkeys((*own, *(seat for its in passed.values() for seat in its)))
    name, token_version, is_active, ended_at = rows[0][:4]
    return Account(name, token_version, is_active, ended_at is not None, tuple(seats), tuple(passed))


def segments_of(
    session: Session, person_ids: tuple[UUID, ...], day: date, *, outside: Sequence[str] = ()
) -> list[UUID]:
    """The segments these people answer for on that day, but for those in some regions."""
    rows = session.execute(_SEGMENTS, {"people": person_ids, "day": day})
    return [segment_id for segment_id, region in rows if not region.startswith(tuple(outside))]


def named(session: Session, person_id: UUID) -> Person:
    """The person of that id, who is known to be there."""
    return session.get_one(Person, person_id)


def find(session: Session, person_id: UUID) -> Person | None:
    """The person of that id."""
    return session.get(Person, person_id)


def add(session: Session, row: Person) -> None:
    """Write somebody new."""
    session.add(row)
    session.flush()


def listed(
    session: Session, scope: Scope, today: date, *, after: tuple[str, str], limit: int, **asked: Any
) -> list[Person]:
    """People with a post in the scope today, by name, one more than `limit` when there are more."""
    around = or_(false(), *(inside(Appointment.region_code, prefix) for prefix in scope.regions))
    held = [covers(Appointment, today), around]
    if asked.get("region"):
        held.append(inside(Appointment.region_code, asked["region"]))
    if asked.get("post"):
        held.append(Appointment.post == asked["post"])
    if _are_few(scope, asked.get("region"), asked.get("post")):
        question = select(Person).where(Person.id.in_(select(Appointment.person_id).where(*held)))
    else:
        question = select(Person).where(exists().where(Appointment.person_id == Person.id, *held))
    if asked.get("q"):
        question = question.where(Person.name.contains(asked["q"], autoescape=True))
    if asked.get("names"):
        question = question.where(Person.name.in_(asked["names"]))
    name, key = after
    question = question.where(tuple_(Person.name, Person.id) > (name, UUID(key)))
    return list(session.scalars(question.order_by(Person.name, Person.id).limit(limit + 1)))


def _are_few(scope: Scope, region: str | None, post: str | None) -> bool:
    """Whether to gather the people and sort them; of a county's chiefs it is quicker to go through the names."""
    if post is not None:
        return post not in GRASSROOTS
    return all(len(region or prefix) >= LENGTHS[Level.TOWN] for prefix in scope.regions)
