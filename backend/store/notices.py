"""Questions about notices: written in bulk, each once; those that wait, and those of one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, exists, func, literal_column, or_, select, tuple_, update
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.access import Scope
from backend.domain.lanes import Lane
from backend.domain.notices import DIGEST
from backend.models.notices import Letter, Notice, Preference
from backend.models.people import Appointment, Person
from backend.store.bulk import insert_missing
from backend.store.people import covers
from backend.store.regions import inside

_notice, _letter = cast(Table, Notice.__table__), cast(Table, Letter.__table__)
Row = dict[str, Any]


def add_all(session: Session, rows: Sequence[Row]) -> None:
    """Write notices; one that is there already stays as it is."""
    insert_missing(session, _notice, rows)


def waiting(session: Session, lane: Lane, until: datetime, limit: int) -> list[AnyRow]:
    """Notices whose letters are to be made, the oldest first, of urgent ones those that press most.

    Nobody else makes them until the transaction ends.
    """
    order = (_notice.c.priority, _notice.c.not_before) if lane is Lane.URGENT else (_notice.c.not_before,)
    question = select(_notice).where(*_waits(lane, until)).order_by(*order).limit(limit)
    return list(session.execute(question.with_for_update(skip_locked=True)).all())


def is_anything_waiting(session: Session, lane: Lane, until: datetime) -> bool:
    """Whether there are any."""
    return session.execute(select(_notice.c.id).where(*_waits(lane, until)).limit(1)).first() is not None


def waiting_since(session: Session) -> list[AnyRow]:
    """By lane how many notices wait for their letters, and since when the oldest: lane, how_many, oldest."""
    columns = (_notice.c.lane, func.count().label("how_many"), func.min(_notice.c.not_before).label("oldest"))
    question = select(*columns).where(_notice.c.addressed_at.is_(None)).group_by(_notice.c.lane)
    return list(session.execute(question).all())


def addressed(session: Session, ids: Iterable[UUID], now: datetime, digest_id: UUID | None = None) -> None:
    """Their letters are made, or a digest took them up."""
    taken = update(_notice).where(_notice.c.id.in_(list(ids)))
    session.execute(taken.values(addressed_at=now, digest_id=digest_id))


def there(session: Session, ids: Iterable[UUID]) -> set[UUID]:
    """Which of these notices are there already."""
    return set(session.scalars(select(_notice.c.id).where(_notice.c.id.in_(list(ids)))))


def put_off(session: Session, ids: Iterable[UUID], until: datetime) -> None:
    """They wait for longer."""
    session.execute(update(_notice).where(_notice.c.id.in_(list(ids))).values(not_before=until))


def readers_of_digest(session: Session, until: datetime, limit: int) -> list[UUID]:
    """People for whom something waits that came before a moment."""
    question = select(_notice.c.person_id).where(*_waits(Lane.DIGEST, until)).distinct().limit(limit)
    return list(session.scalars(question))


def waiting_for(session: Session, people: Iterable[UUID], until: datetime) -> list[AnyRow]:
    """What waits for the digest of these people, the oldest first, held until the transaction ends."""
    question = select(_notice).where(*_waits(Lane.DIGEST, until), _notice.c.person_id.in_(list(people)))
    question = question.order_by(_notice.c.person_id, _notice.c.created_at, _notice.c.id)
    return list(session.execute(question.with_for_update(skip_locked=True)).all())


def of_person(session: Session, person_id: UUID, *, after: tuple[datetime, UUID] | None, limit: int) -> list[AnyRow]:
    """What somebody was told, newest first, one more than `limit` when there are more; digests only say it again."""
    question = select(_notice).where(_notice.c.person_id == person_id, _notice.c.key != DIGEST)
    if after is not None:
        question = question.where(tuple_(_notice.c.created_at, _notice.c.id) < after)
    question = question.order_by(_notice.c.created_at.desc(), _notice.c.id.desc())
    return list(session.execute(question.limit(limit + 1)).all())


def seen(session: Session, notice_id: UUID, scope: Scope, today: date) -> AnyRow | None:
    """One notice to somebody with a post in the scope."""
    question = select(_notice).where(_notice.c.id == notice_id, within(scope, today))
    return session.execute(question).one_or_none()


def within(scope: Scope, today: date) -> Any:
    """Whether its reader has a post in the scope."""
    around = or_(*(inside(Appointment.region_code, prefix) for prefix in scope.regions))
    return exists().where(Appointment.person_id == _notice.c.person_id, covers(Appointment, today), around)


def readers(session: Session, ids: Iterable[UUID]) -> dict[UUID, AnyRow]:
    """Notices with whom they are for: their columns, person_name, phone_sealed and language."""
    columns = (*_notice.c, Person.name.label("person_name"), Person.phone_sealed, Preference.language)
    question = select(*columns).join(Person, Person.id == _notice.c.person_id)
    question = question.outerjoin(Preference, Preference.person_id == Person.id)
    return {row.id: row for row in session.execute(question.where(_notice.c.id.in_(list(ids))))}


def letters_of(session: Session, ids: Iterable[UUID]) -> list[AnyRow]:
    """The letters of these notices, in the order in which they were made."""
    question = select(_letter).where(_letter.c.notice_id.in_(list(ids)))
    return list(session.execute(question.order_by(_letter.c.due_at, _letter.c.id)).all())


def _waits(lane: Lane, until: datetime) -> Any:
    return (
        _notice.c.addressed_at.is_(None),
        _notice.c.lane == literal_column(f"'{lane.value}'"),  # written out, so that a partial index is known to fit
        _notice.c.not_before <= until,
    )
