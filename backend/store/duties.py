"""Questions about duty: who answered for which river on which days, and which walks count for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.terms import Duty, Outcome
from backend.models.patrols import Patrol
from backend.models.people import Person
from backend.models.segments import Assignment, River, Segment
from backend.models.splits import Split, SplitPart
from backend.store.regions import inside

Whose = ColumnElement[bool]
"""Whose assignments are meant: made by one of the questions below."""
Place = tuple[int, str, UUID]
"""One duty in the list of all: minus the rank of its post (a warden's is 0), the river's code, the person."""


@dataclass(frozen=True, slots=True)
class Span:
    """People of one post, and the moments between which their walks count."""

    post: str
    begin: datetime
    end: datetime
    people: Collection[UUID]


_place = (
    case((Assignment.duty == Duty.WARDEN.value, 0), else_=-Segment.level),
    Segment.river_code,
    Assignment.person_id,
)
# A reach that has ended is owed no longer, whoever held it.
_until = case(
    (Segment.until_day.is_(None), Assignment.until_day),
    (Assignment.until_day.is_(None), Segment.until_day),
    (Segment.until_day < Assignment.until_day, Segment.until_day),
    else_=Assignment.until_day,
)


def of_people(person_ids: Collection[UUID]) -> Whose:
    """The assignments of these people."""
    return Assignment.person_id.in_(person_ids)


def in_region(prefix: str) -> Whose:
    """The assignments on segments of a region."""
    return inside(Segment.region_code, prefix)


def places(session: Session, whose: Whose, day: date, *, after: Place | None, limit: int) -> list[Place]:
    """The duties held on a day after one of them, city chiefs first, wardens last."""
    question = (
        select(*_place)
        .join(Segment, Segment.id == Assignment.segment_id)
        .where(whose, Assignment.from_day <= day, or_(_until.is_(None), _until > day))
        .group_by(*_place)
    )
    found = question.subquery()
    columns = list(found.columns)
    page = select(*columns).order_by(*columns).limit(limit)
    if after is not None:
        page = page.where(tuple_(*columns) > after)
    return [(rank, river, person) for rank, river, person in session.execute(page)]


def held(session: Session, whose: Whose, day: date, since: date) -> list[AnyRow]:
    """Assignments of rivers held on a day, with those before them since a day (a transfer within a period).

    Columns: person_id, person, river_code, river, region_code, level, duty, from_day, until_day.
    """
    columns = (
        Assignment.person_id,
        Person.name.label("person"),
        Segment.river_code,
        River.name.label("river"),
        Segment.region_code,
        Segment.level,
        Assignment.duty,
        Assignment.from_day,
        _until.label("until_day"),
    )
    question = (
        select(*columns)
        .join(Segment, Segment.id == Assignment.segment_id)
        .join(River, River.code == Segment.river_code)
        .join(Person, Person.id == Assignment.person_id)
        .where(whose, and_(Assignment.from_day <= day, or_(_until.is_(None), _until > since)))
        .order_by(*_place)
    )
    return list(session.execute(question).all())


def done(session: Session, spans: Sequence[Span]) -> list[AnyRow]:
    """The walks that count for each of these people's duty on each river, all spans in one question.

    Columns: span (its number), person, river, all, doubtful, by_office: how many, of them doubtful, of them entered by
    an office.
    """
    if not spans:
        return []
    return list(session.execute(union_all(*(_done_in(number, span) for number, span in enumerate(spans)))))


def _done_in(number: int, span: Span) -> Select[*tuple[Any, ...]]:
    is_doubtful = func.coalesce(Patrol.review_outcome, Patrol.outcome) == Outcome.DOUBTFUL.value
    return (
        select(
            literal(number).label("span"),
            Patrol.duty_of_id.label("person"),
            Patrol.river_code.label("river"),
            func.count().label("all"),
            func.sum(case((is_doubtful, 1), else_=0)).label("doubtful"),
            func.count(Patrol.entered_by_id).label("by_office"),
        )
        .where(
            Patrol.walked_at >= span.begin,
            Patrol.walked_at < span.end,
            Patrol.counts,
            Patrol.post == span.post,
            Patrol.duty_of_id.in_(span.people),
        )
        .group_by(Patrol.duty_of_id, Patrol.river_code)
    )


def kin(session: Session, segment_id: UUID) -> tuple[set[UUID], set[UUID]]:
    """The reaches around a segment, with the one it was cut from, and those inside it, whatever their level."""
    above = select(Segment.parent_id.label("id")).where(Segment.id == segment_id).cte("above", recursive=True)
    above = above.union(select(Segment.parent_id).join(above, Segment.id == above.c.id))
    below = select(Segment.id).where(Segment.parent_id == segment_id).cte("below", recursive=True)
    below = below.union(select(Segment.id).join(below, Segment.parent_id == below.c.id))
    around = session.scalars(select(above.c.id).where(above.c.id.is_not(None)))
    cut = select(Split.segment_id).join(SplitPart, SplitPart.split_id == Split.id)
    cut = cut.where(SplitPart.segment_id == segment_id)
    return {*around, *session.scalars(cut)}, set(session.scalars(select(below.c.id)))


def walks(session: Session, segment_ids: Collection[UUID], begin: datetime, end: datetime) -> list[AnyRow]:
    """Every walk on these reaches between two moments that was not withdrawn.

    Columns: seq, segment_id, segment_version, walked_at, crs, review_outcome, verdict.
    """
    columns = (
        Patrol.seq,
        Patrol.segment_id,
        Patrol.segment_version,
        Patrol.walked_at,
        Patrol.crs,
        Patrol.review_outcome,
        Patrol.verdict,
    )
    question = select(*columns).where(
        Patrol.segment_id.in_(segment_ids),
        Patrol.walked_at >= begin,
        Patrol.walked_at < end,
        Patrol.withdrawn_at.is_(None),
    )
    return list(session.execute(question).all())


def lines(session: Session, segment_ids: Collection[UUID]) -> dict[UUID, Any]:
    """These reaches as they lie now: id, version, line."""
    question = select(Segment.id, Segment.version, Segment.line).where(Segment.id.in_(segment_ids))
    return {row.id: row for row in session.execute(question)}
