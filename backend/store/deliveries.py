"""Questions of whoever looks after deliveries (送达): what waits, what is tried again, and what no channel took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, case, false, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from backend.db import AnyRow, among
from backend.domain.access import Scope
from backend.models.notices import Letter, Notice
from backend.models.people import Person
from backend.store.letters import DEAD
from backend.store.notices import within

_letter, _notice = cast(Table, Letter.__table__), cast(Table, Notice.__table__)
_person = cast(Table, Person.__table__)
WAITING, RETRYING, FAILED, ALL = "waiting", "retrying", "failed", "all"
STATES = (WAITING, RETRYING, FAILED, ALL)
Place = tuple[datetime, UUID]
_WAITS = or_(_letter.c.next_try_at.is_not(None), _letter.c.lease_until.is_not(None))
"""For its next try, or for the end of one that is under way."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which letters are asked for."""

    state: str = FAILED
    channel: str | None = None
    lane: str | None = None
    failure: str | None = None
    person: UUID | None = None


def listed(
    session: Session, scope: Scope, today: date, asked: Asked, *, after: Place | None, limit: int
) -> list[AnyRow]:
    """Letters to people of the scope, one more than `limit` when there are more; `at` and `id` are their place.

    Those that wait in the order in which they were due, others the newest first.
    """
    at = _AT[asked.state].label("at")
    question = _shown(at).where(_is(asked), within(scope, today), at.is_not(None))
    is_oldest_first = asked.state in (WAITING, RETRYING)
    place = tuple_(at, _letter.c.id)
    if after is not None:
        question = question.where(place > after if is_oldest_first else place < after)
    order = (at, _letter.c.id) if is_oldest_first else (at.desc(), _letter.c.id.desc())
    return list(session.execute(question.order_by(*order).limit(limit + 1)).all())


def one(session: Session, letter_id: UUID, scope: Scope, today: date) -> AnyRow | None:
    """The letter of that id to somebody of the scope."""
    question = _shown(_letter.c.due_at.label("at")).where(_letter.c.id == letter_id, within(scope, today))
    return session.execute(question).one_or_none()


def beside(session: Session, notice_id: UUID) -> list[AnyRow]:
    """Every letter of a notice in the order in which they were made."""
    question = select(_letter).where(_letter.c.notice_id == notice_id)
    return list(session.execute(question.order_by(_letter.c.due_at, _letter.c.channel, _letter.c.id)).all())


def waiting(session: Session, scope: Scope, today: date) -> list[AnyRow]:
    """By channel and lane what waits: how many, how many were tried in vain, are being sent, and since when.

    Columns: channel, lane, waiting, retrying, sending, oldest.
    """
    columns = (
        _letter.c.channel,
        _letter.c.lane,
        func.count().label("waiting"),
        func.sum(case((_letter.c.failure.is_not(None), 1), else_=0)).label("retrying"),
        func.sum(case((_letter.c.lease_until.is_not(None), 1), else_=0)).label("sending"),
        func.min(_letter.c.due_at).label("oldest"),
    )
    question = _of_people(*columns).where(_WAITS, within(scope, today))
    return list(session.execute(question.group_by(_letter.c.channel, _letter.c.lane)).all())


def dead(session: Session, scope: Scope, today: date) -> list[AnyRow]:
    """What no channel took, by channel, lane and reason: channel, lane, failure, how_many, newest."""
    names = (_letter.c.channel, _letter.c.lane, _letter.c.failure)
    figures = (func.count().label("how_many"), func.max(_letter.c.failed_at).label("newest"))
    question = _of_people(*names, *figures).where(DEAD, within(scope, today)).group_by(*names)
    return list(session.execute(question.order_by(func.count().desc())).all())


def unwritten(session: Session, scope: Scope, today: date) -> list[AnyRow]:
    """Notices of which no letter is made yet, for the morning or a digest: lane, how_many, first."""
    columns = (_notice.c.lane, func.count().label("how_many"), func.min(_notice.c.not_before).label("first"))
    question = select(*columns).where(_notice.c.addressed_at.is_(None), within(scope, today))
    return list(session.execute(question.group_by(_notice.c.lane)).all())


def dead_notices(
    session: Session, scope: Scope, today: date, which: Sequence[UUID] | Asked, *, limit: int
) -> list[UUID]:
    """Notices with a dead letter to people of the scope: of these, or of a filter, those that failed first."""
    question = select(_notice.c.id).join(_letter, _letter.c.notice_id == _notice.c.id)
    question = question.where(DEAD, within(scope, today))
    if isinstance(which, Asked):
        question = question.where(_is(which))
    else:
        question = question.where(among(session, _notice.c.id, which) if which else false())
    question = question.group_by(_notice.c.id).order_by(func.min(_letter.c.failed_at), _notice.c.id)
    return list(session.scalars(question.limit(limit)))


_AT: dict[str, ColumnElement[Any]] = {
    WAITING: _letter.c.due_at,
    RETRYING: _letter.c.due_at,
    FAILED: _letter.c.failed_at,
    ALL: _letter.c.due_at,
}


def _is(asked: Asked) -> ColumnElement[bool]:
    """The filter as a condition."""
    found: ColumnElement[bool] = {WAITING: _WAITS, FAILED: DEAD}.get(asked.state, true())
    if asked.state == RETRYING:
        found = _WAITS & _letter.c.failure.is_not(None)
    if asked.person is not None:
        found = found & (_notice.c.person_id == asked.person)
    for name in ("channel", "lane", "failure"):
        value = getattr(asked, name)
        if value is not None:
            found = found & (_letter.c[name] == value)
    return found


def _of_people(*columns: Any) -> Select[Any]:
    return select(*columns).select_from(_letter.join(_notice, _notice.c.id == _letter.c.notice_id))


def _shown(at: Any) -> Select[Any]:
    told = ("key", "values", "number", "is_drill", "about_type", "about_id", "created_at", "person_id")
    columns = (*_letter.c, *(_notice.c[name] for name in told), _person.c.name.label("person_name"), at)
    joined = _letter.join(_notice, _notice.c.id == _letter.c.notice_id).join(
        _person, _person.c.id == _notice.c.person_id
    )
    return select(*columns).select_from(joined)
