"""Questions about rolls: who is to be on one, and how many of it were called, reached and answered, place by place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, and_, case, false, func, or_, select, tuple_
from sqlalchemy.orm import Session

from backend.db import AnyRow, among
from backend.domain.notices import VOICE
from backend.models.callouts import Callout
from backend.models.notices import Letter, Notice
from backend.models.people import Appointment, Person
from backend.models.regions import Region
from backend.models.segments import Assignment, Segment
from backend.store.people import covers
from backend.store.regions import inside
from backend.store.segments import in_force

_callout, _letter, _notice = (cast(Table, each.__table__) for each in (Callout, Letter, Notice))
SILENT = ("open", "unreached")
_LATEST = 200
"""Calls by which it is measured how long one lasts."""


def answerable(session: Session, regions: Sequence[str], segments: Sequence[UUID], day: date) -> list[AnyRow]:
    """Who answers on a day for reaches of these regions, or for these reaches and those inside them.

    person_id, duty, level, region_code, segment_id; the lowest reaches first.
    """
    reach = (Segment.level, Segment.region_code, Segment.id.label("segment_id"))
    question = select(Assignment.person_id, Assignment.duty, *reach).join(Segment, Segment.id == Assignment.segment_id)
    question = question.join(Person, Person.id == Assignment.person_id)
    question = question.where(or_(_lies_in(Segment.region_code, regions), _lies_on(session, segments)))
    question = question.where(in_force(day), covers(Assignment, day), Person.is_active.is_(True))
    return list(session.execute(question.order_by(Segment.level, Segment.code, Assignment.from_day)).all())


def seated(session: Session, regions: Sequence[str], posts: Iterable[str], day: date) -> list[AnyRow]:
    """Who holds these posts in the regions on a day: person_id, post, region_code."""
    question = select(Appointment.person_id, Appointment.post, Appointment.region_code)
    question = question.join(Person, Person.id == Appointment.person_id).where(
        _lies_in(Appointment.region_code, regions),
        Appointment.post.in_(list(posts)),
        covers(Appointment, day),
        Person.is_active.is_(True),
    )
    return list(session.execute(question.order_by(Appointment.region_code, Appointment.from_day)).all())


def version(session: Session, root_id: UUID) -> tuple[int, int]:
    """A number that grows with every change of a roll, and how many people are on it."""
    question = select(func.coalesce(func.sum(_callout.c.version), 0), func.count()).where(_callout.c.root_id == root_id)
    total, people = session.execute(question).one()
    return int(total), int(people)


def tally(session: Session, root_id: UUID, parts: Sequence[str], length: int, *, late_from: datetime) -> list[AnyRow]:
    """Numbers by place, which is a region code of at most so many digits, in the order of codes.

    `timed`: whose first answer has a time, `slowest_s`: the longest of these; `late`: of the silent, see `people`.
    """
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
        _count(_is_silent()).label("silent"),
        _count(_is_late(late_from)).label("late"),
        _count(_callout.c.next_at.is_not(None)).label("open"),
        func.count(_callout.c.answer_s).label("timed"),
        func.max(_callout.c.answer_s).label("slowest_s"),
    ).where(_of(root_id, parts))
    return list(session.execute(question.group_by(place).order_by(place)).all())


def time_of(session: Session, root_id: UUID, parts: Sequence[str], place: int) -> float:
    """How long the first answer of somebody took, in seconds: of the one at that place, the quickest at 0."""
    here = and_(_of(root_id, parts), _callout.c.answer_s.is_not(None))
    in_order = select(_callout.c.answer_s).where(here).order_by(_callout.c.answer_s)
    return float(session.scalars(in_order.offset(place).limit(1)).one())


def people(
    session: Session,
    root_id: UUID,
    parts: Sequence[str],
    *,
    states: Sequence[str],
    late_from: datetime,
    limit: int,
    after: tuple[int, str, int] | None = None,
) -> list[AnyRow]:
    """People of a roll, the late ones first, then by region, one more than `limit`; keyset after (1 for those in time,
    region, number).

    Late is who was called and whose silence was counted from `late_from` or before; `in_time`: 1, else 0.
    """
    said = (Person.name.label("person"), Person.phone_head, Person.phone_tail, Region.name.label("place"))
    in_time = case((_is_late(late_from), 0), else_=1)
    place = (in_time, _callout.c.region_code, _callout.c.seq)
    question = select(*_callout.c, *said, in_time.label("in_time")).join(Person, Person.id == _callout.c.person_id)
    question = question.outerjoin(Region, Region.code == _callout.c.region_code).where(_of(root_id, parts))
    if states:
        question = question.where(_callout.c.state.in_(states))
    if after is not None:
        question = question.where(tuple_(*place) > after)
    return list(session.execute(question.order_by(*place).limit(limit + 1)).all())


def silent_names(
    session: Session, root_id: UUID, parts: Sequence[str], length: int, *, late_from: datetime, most: int
) -> list[tuple[str, str]]:
    """The first of those who were called and are silent in each place, which is a region code of so many digits; who is
    late comes first.
    """
    place = func.substr(_callout.c.region_code, 1, length)
    in_order = (case((_is_late(late_from), 0), else_=1), _callout.c.seq)
    nth = func.row_number().over(partition_by=place, order_by=in_order)
    question = select(place.label("place"), _callout.c.person_id, nth.label("nth"))
    first = question.where(_of(root_id, parts), _is_silent()).subquery()
    named = select(first.c.place, Person.name).join(Person, Person.id == first.c.person_id)
    rows = session.execute(named.where(first.c.nth <= most).order_by(first.c.place, first.c.nth))
    return [(row.place, row.name) for row in rows]


def call_seconds(session: Session, root_id: UUID, begun_before: datetime) -> float | None:
    """How long the latest calls that had begun by then lasted on the average; None where none of them has ended.

    Of calls that began a moment ago only the short ones have ended: an average over those would promise too much.
    """
    ended = func.coalesce(_letter.c.answered_at, _letter.c.delivered_at, _letter.c.failed_at)
    question = select(_letter.c.accepted_at, ended).join(_callout, _callout.c.last_notice_id == _letter.c.notice_id)
    question = question.where(_callout.c.root_id == root_id, _letter.c.channel == VOICE)
    question = question.where(_letter.c.accepted_at <= begun_before, ended.is_not(None))
    latest = session.execute(question.order_by(_letter.c.accepted_at.desc()).limit(_LATEST))
    lasted = [_seconds(*row) for row in latest]
    return sum(lasted) / len(lasted) if lasted else None


def uncalled(session: Session, root_id: UUID) -> int:
    """How many of those who have not answered were not called by voice yet: their first call waits for a line."""
    its = and_(_notice.c.about_type == "callout", _notice.c.about_id == _callout.c.id, _notice.c.number == 1)
    by_voice = and_(_letter.c.notice_id == _notice.c.id, _letter.c.channel == VOICE)
    waits = select(_notice.c.id).outerjoin(_letter, by_voice).where(its)
    waits = waits.where(or_(_notice.c.addressed_at.is_(None), _letter.c.state == "pending"))
    question = select(func.count()).where(_callout.c.root_id == root_id, _callout.c.state == "open")
    return session.scalar(question.where(or_(_callout.c.called_at.is_(None), waits.exists()))) or 0


def _seconds(begun: datetime, ended: datetime) -> float:
    return max(0.0, (ended - begun).total_seconds())


def _count(condition: ColumnElement[bool]) -> Any:
    return func.count().filter(condition)


def _is_silent() -> ColumnElement[bool]:
    return and_(_callout.c.state.in_(SILENT), _callout.c.called_at.is_not(None))


def _is_late(late_from: datetime) -> ColumnElement[bool]:
    return and_(_is_silent(), or_(_callout.c.state == "unreached", _callout.c.climbs_from <= late_from))


def _of(root_id: UUID, parts: Sequence[str]) -> ColumnElement[bool]:
    column: Column[Any] = _callout.c.region_code
    return and_(_callout.c.root_id == root_id, or_(false(), *(inside(column, part) for part in parts)))


def _lies_in(column: Any, regions: Sequence[str]) -> ColumnElement[bool]:
    return or_(false(), *(inside(column, region) for region in regions))


def _lies_on(session: Session, segments: Sequence[UUID]) -> ColumnElement[bool]:
    """A reach, or one that lies in it, at whatever depth."""
    if not segments:
        return false()
    lower = Segment.__table__.alias("lower")
    ids = select(Segment.id).where(among(session, Segment.id, segments)).cte("within", recursive=True)
    ids = ids.union(select(lower.c.id).where(lower.c.parent_id == ids.c.id))
    return Segment.id.in_(select(ids.c.id))
