"""Questions about duty: who answered for which river on which days, and which walks count for it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.reasons import Reason
from backend.domain.terms import Outcome
from backend.models.patrols import Patrol
from backend.models.people import Person
from backend.models.segments import Assignment, River, Segment
from backend.store.people import covers

Whose = ColumnElement[bool]
"""Whose assignments are meant: made by one of the two questions below."""


def of_people(person_ids: tuple[UUID, ...]) -> Whose:
    """The assignments of these people."""
    return Assignment.person_id.in_(person_ids)


def in_region(prefix: str) -> Whose:
    """The assignments on segments of a region."""
    return Segment.region_code.startswith(prefix, autoescape=True)


def held(session: Session, whose: Whose, day: date, since: date) -> list[AnyRow]:
    """Assignments of rivers held on a day, with those before them since a day (a transfer within a period).

    Columns: person_id, person, river_code, river, level, duty, from_day, until_day.
    """
    columns = (
        Assignment.person_id,
        Person.name.label("person"),
        Segment.river_code,
        River.name.label("river"),
        Segment.level,
        Assignment.duty,
        Assignment.from_day,
        Assignment.until_day,
    )
    recent = or_(covers(Assignment, day), and_(Assignment.from_day <= day, Assignment.until_day > since))
    question = (
        select(*columns)
        .join(Segment, Segment.id == Assignment.segment_id)
        .join(River, River.code == Segment.river_code)
        .join(Person, Person.id == Assignment.person_id)
        .where(whose, recent)
        .order_by(Segment.level.desc(), Segment.river_code, Assignment.person_id)
    )
    return list(session.execute(question).all())


def done(session: Session, post: str, begin: datetime, end: datetime, people: set[UUID]) -> dict[tuple[UUID, str], int]:
    """How many walks count for each of these people's duty on each river between two moments."""
    question = (
        select(Patrol.duty_of_id, Patrol.river_code, func.count())
        .where(
            Patrol.walked_at >= begin,
            Patrol.walked_at < end,
            Patrol.counts,
            Patrol.post == post,
            Patrol.duty_of_id.in_(people),
        )
        .group_by(Patrol.duty_of_id, Patrol.river_code)
    )
    return {(person, river): count for person, river, count in session.execute(question) if person}


def covered(session: Session, segment_id: UUID, begin: datetime, end: datetime) -> list[list[float]]:
    """Metres of a segment walked between two moments, as every walk on foot found them (unmerged).

    A walk too short to count was walked all the same; one that was driven proves nothing of the bank.
    """
    question = select(Patrol.verdict).where(
        Patrol.segment_id == segment_id,
        Patrol.walked_at >= begin,
        Patrol.walked_at < end,
        Patrol.withdrawn_at.is_(None),
        func.coalesce(Patrol.review_outcome, Outcome.VALID.value) != Outcome.INVALID.value,
    )
    return [
        stretch
        for verdict in session.scalars(question)
        if all(because["code"] != Reason.DRIVEN for because in verdict["reasons"])
        for stretch in verdict["figures"]["covered"]
    ]
