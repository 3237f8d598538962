"""Questions about settled duty: which days are settled, who held what around some days, and what was owed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, func, insert, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.models.duty_periods import DutyDay, DutyPeriod
from backend.models.patrols import Patrol
from backend.models.people import Appointment
from backend.models.segments import Assignment
from backend.store.bulk import insert_missing

_period = cast(Table, DutyPeriod.__table__)
Key = tuple[UUID, str, str]
"""A person, a river, a post."""


def bounds(session: Session) -> tuple[date, date] | None:
    """The first and the last day that is settled; None where none is."""
    first, last = session.execute(select(func.min(DutyDay.day), func.max(DutyDay.day))).one()
    return None if first is None else (first, last)


def earliest(session: Session) -> tuple[date | None, datetime | None]:
    """The first day on which anybody answered for a reach, and when the first walk was walked."""
    held = session.scalar(select(func.min(Assignment.from_day)))
    return held, session.scalar(select(func.min(Patrol.walked_at)))


def ends(session: Session, since: date) -> dict[Key, date]:
    """Of every duty that was settled since a day, the first day after its last period."""
    columns = (DutyPeriod.person_id, DutyPeriod.river_code, DutyPeriod.post)
    question = select(*columns, func.max(DutyPeriod.until_day)).where(DutyPeriod.until_day > since)
    return {(person, river, post): until for person, river, post, until in session.execute(question.group_by(*columns))}


def seats(session: Session, posts: Collection[str], begin: date, until: date) -> list[AnyRow]:
    """Posts held at some time between two days: person_id, post, region_code, from_day, until_day."""
    columns = (
        Appointment.person_id,
        Appointment.post,
        Appointment.region_code,
        Appointment.from_day,
        Appointment.until_day,
    )
    held = (Appointment.from_day < until, or_(Appointment.until_day.is_(None), Appointment.until_day > begin))
    question = select(*columns).where(Appointment.post.in_(posts), *held)
    return list(session.execute(question.order_by(Appointment.person_id, Appointment.region_code)).all())


def add(session: Session, rows: Sequence[dict[str, Any]], day: dict[str, Any]) -> None:
    """Write what was owed in periods that ended with a day, and that it is settled."""
    insert_missing(session, _period, rows)
    session.execute(insert(DutyDay), [day])
