"""Questions of the board: how many of a roll were called, reached and answered, place by place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, and_, false, func, or_, select, tuple_
from sqlalchemy.orm import Session

from backend.db import AnyRow, among
from backend.models.callouts import Callout
from backend.models.notices import Letter
from backend.models.people import Person
from backend.store.regions import inside

_callout, _letter = cast(Table, Callout.__table__), cast(Table, Letter.__table__)
SILENT = ("open", "unreached")
_LATELY = 200


def version(session: Session, root_id: UUID) -> tuple[int, int]:
    """A number that grows with every change of a roll, and how many people are on it."""
    question = select(func.coalesce(func.sum(_callout.c.version), 0), func.count()).where(_callout.c.root_id == root_id)
    total, people = session.execute(question).one()
    return int(total), int(people)


def tally(session: Session, root_id: UUID, parts: Sequence[str], length: int) -> list[AnyRow]:
    """Numbers by place, which is a region code of at most so many digits, in the order of codes."""
    place = func.substr(_callout.c.region_code, 1, length).label("place")
    has = {name: _count(_callout.c[name].is_not(None)) for name in ("called_at", "reached_at", "climbed_at", "door_at")}
    question = select(
        place,
        func.count().label("people"),
        has["called_at"].label("called"),
        has["reached_at"].label("reached"),
        _count(_callout.c.answered_at.is_not(None)).label("answered"),
        *(_count(_callout.c.state == state).label(state) for state in ("received", "acting", "unable", "unreached")),
        has["climbed_at"].label("escalated"),
        has["door_at"].label("door"),
        _count(and_(_callout.c.state.in_(SILENT), _callout.c.called_at.is_not(None))).label("silent"),
        _count(_callout.c.next_at.is_not(None)).label("open"),
    ).where(_of(root_id, parts))
    return list(session.execute(question.group_by(place).order_by(place)).all())


def times(session: Session, root_id: UUID, parts: Sequence[str]) -> tuple[float, float] | None:
    """The median and the slowest of the first answers in seconds; None where nobody has answered."""
    here = and_(_of(root_id, parts), _callout.c.answer_s.is_not(None))
    count, slowest = session.execute(select(func.count(), func.max(_callout.c.answer_s)).where(here)).one()
    if not count:
        return None
    in_order = select(_callout.c.answer_s).where(here).order_by(_callout.c.answer_s)
    middle = session.scalars(in_order.offset((count - 1) // 2).limit(1)).one()
    return float(middle), float(slowest)


def people(
    session: Session,
    root_id: UUID,
    parts: Sequence[str],
    *,
    states: Sequence[str],
    limit: int,
    after: tuple[str, int] | None = None,
) -> list[AnyRow]:
    """People of a roll by region, one more than `limit`; keyset after (region, number)."""
    columns = (*_callout.c, Person.name.label("person"), Person.phone_head, Person.phone_tail)
    question = select(*columns).join(Person, Person.id == _callout.c.person_id).where(_of(root_id, parts))
    if states:
        question = question.where(_callout.c.state.in_(states))
    if after is not None:
        question = question.where(tuple_(_callout.c.region_code, _callout.c.seq) > after)
    return list(session.execute(question.order_by(_callout.c.region_code, _callout.c.seq).limit(limit + 1)).all())


def notices_of(session: Session, root_id: UUID) -> list[UUID]:
    """Notices of the last calls of those who were called lately."""
    question = select(_callout.c.last_notice_id).where(
        _callout.c.root_id == root_id, _callout.c.last_notice_id.is_not(None)
    )
    return [each for each in session.scalars(question.order_by(_callout.c.seq.desc()).limit(_LATELY)) if each]


def call_seconds(session: Session, letters: Sequence[UUID]) -> float | None:
    """How long these calls lasted on the average; None where none has ended."""
    ended = func.coalesce(_letter.c.answered_at, _letter.c.delivered_at, _letter.c.failed_at)
    question = select(_letter.c.accepted_at, ended).where(
        among(session, _letter.c.id, letters), _letter.c.accepted_at.is_not(None), ended.is_not(None)
    )
    lasted = [_seconds(*row) for row in session.execute(question)]
    return sum(lasted) / len(lasted) if lasted else None


def _seconds(begun: datetime, ended: datetime) -> float:
    return max(0.0, (ended - begun).total_seconds())


def _count(condition: ColumnElement[bool]) -> Any:
    return func.count().filter(condition)


def _of(root_id: UUID, parts: Sequence[str]) -> ColumnElement[bool]:
    column: Column[Any] = _callout.c.region_code
    return and_(_callout.c.root_id == root_id, or_(false(), *(inside(column, part) for part in parts)))
