"""Questions about how many of those in a post were trained in a year, and who was not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, false, func, or_, select, tuple_
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.models.people import Appointment, Person
from backend.models.regions import Region
from backend.models.training import TrainingAttendance
from backend.store.people import covers
from backend.store.regions import inside

_Span = tuple[datetime, datetime]


def tally(
    session: Session, regions: Sequence[str], posts: Collection[str], day: date, span: _Span, length: int
) -> list[AnyRow]:
    """By place, which is a region code of at most so many digits, and post: people of that day, and of these the
    trained. Somebody with two posts there is counted in each.
    """
    place = func.substr(Appointment.region_code, 1, length).label("place")
    person = Appointment.person_id
    columns = (
        place,
        Appointment.post,
        func.count(func.distinct(person)).label("people"),
        func.count(func.distinct(case((_is_trained(span), person)))).label("trained"),
    )
    question = select(*columns).join(Person, Person.id == person).where(*_seated(regions, posts, day))
    order = (place, Appointment.post)
    return list(session.execute(question.group_by(*order).order_by(*order)).all())


def people(
    session: Session,
    regions: Sequence[str],
    posts: Collection[str],
    day: date,
    span: _Span,
    *,
    only: str | None,
    trained: bool | None,
    limit: int,
    after: tuple[str, UUID] | None,
) -> list[AnyRow]:
    """The people behind these numbers, a row a post, by region, one more than `limit`; keyset after (region, id).

    Each with the hours that the span credits; `only`: those of that very region.
    """
    hours = select(func.coalesce(func.sum(TrainingAttendance.hours), 0.0)).where(*_within(span)).correlate(Appointment)
    columns = (
        *(Appointment.id, Appointment.person_id, Appointment.post, Appointment.region_code, Appointment.from_day),
        *(Person.name.label("person"), Person.phone_head, Person.phone_tail, Region.name.label("region_name")),
        hours.scalar_subquery().label("hours"),
    )
    question = select(*columns).join(Person, Person.id == Appointment.person_id)
    question = question.join(Region, Region.code == Appointment.region_code).where(*_seated(regions, posts, day))
    if only is not None:
        question = question.where(Appointment.region_code == only)
    if trained is not None:
        question = question.where(_is_trained(span) if trained else ~_is_trained(span))
    place = (Appointment.region_code, Appointment.id)
    if after is not None:
        question = question.where(tuple_(*place) > after)
    return list(session.execute(question.order_by(*place).limit(limit + 1)).all())


def newly_untrained(
    session: Session, region: str, posts: Collection[str], day: date, first: date, last: date
) -> list[AnyRow]:
    """Who took up such a post from the first to the last of these days, holds it on `day` and was never trained.

    id, person_id, post, region_code, from_day and the name.
    """
    columns = (Appointment.id, Appointment.person_id, Appointment.post, Appointment.region_code, Appointment.from_day)
    ever = exists().where(TrainingAttendance.person_id == Appointment.person_id, TrainingAttendance.hours > 0)
    question = select(*columns, Person.name.label("person")).join(Person, Person.id == Appointment.person_id)
    question = question.where(*_seated([region], posts, day), Appointment.from_day.between(first, last), ~ever)
    return list(session.execute(question.order_by(Appointment.region_code, Appointment.id)).all())


def _seated(regions: Sequence[str], posts: Collection[str], day: date) -> tuple[ColumnElement[bool], ...]:
    here = or_(false(), *(inside(Appointment.region_code, region) for region in regions))
    return (here, Appointment.post.in_(list(posts)), covers(Appointment, day), Person.is_active.is_(True))


def _within(span: _Span) -> tuple[Any, ...]:
    begin, end = span
    return (
        TrainingAttendance.person_id == Appointment.person_id,
        TrainingAttendance.begins_at >= begin,
        TrainingAttendance.begins_at < end,
    )


def _is_trained(span: _Span) -> ColumnElement[bool]:
    return exists().where(*_within(span), TrainingAttendance.hours > 0).correlate(Appointment)
