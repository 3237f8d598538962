"""Questions about vacant reaches: which have no chief of their own, since when, and who answers meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, exists, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow, among
from backend.domain.access import Scope
from backend.domain.terms import Duty
from backend.models.people import Person
from backend.models.regions import Region
from backend.models.segments import Assignment, River
from backend.store.people import covers
from backend.store.segments import in_force, in_region, segment, within

_river, _region = cast(Table, River.__table__), cast(Table, Region.__table__)
_parent, _upper, _highest = (segment.alias(name) for name in ("parent", "upper", "highest"))
_IS_CHIEF = Assignment.duty == Duty.CHIEF.value
_OF_A_POST = Assignment.appointment_id.is_not(None)


def listed(
    session: Session,
    scope: Scope,
    today: date,
    *,
    region: str | None,
    level: int | None,
    code: str | None,
    after: str,
    limit: int,
) -> list[AnyRow]:
    """Reaches of the scope without a chief by a post of their own today, by code, one more than `limit` if more.

    Columns: those of the reach, and the ids of up to three reaches that it lies in: parent_id, upper_id, highest_id.
    """
    question = _reaches().where(within(scope), in_force(today), is_vacant(today), segment.c.code > after)
    if region is not None:
        question = question.where(in_region(region))
    if level is not None:
        question = question.where(segment.c.level == level)
    if code is not None:
        question = question.where(segment.c.code == code)
    return list(session.execute(question.order_by(segment.c.code).limit(limit + 1)).all())


def is_vacant(day: date) -> ColumnElement[bool]:
    """Whether nobody answers for a reach by a post on a day; whoever acts for a vacant one does not count."""
    return ~exists().where(Assignment.segment_id == segment.c.id, _IS_CHIEF, _OF_A_POST, covers(Assignment, day))


def chiefs(session: Session, ids: Collection[UUID], today: date) -> list[AnyRow]:
    """Every chief that these reaches ever had or will have, in the order of their first days.

    Columns: segment_id, person_id, name, from_day, until_day, appointment_id. Spans without a day are left out.
    """
    columns = (
        Assignment.segment_id,
        Assignment.person_id,
        Person.name,
        Assignment.from_day,
        Assignment.until_day,
        Assignment.appointment_id,
    )
    question = select(*columns).join(Person, Person.id == Assignment.person_id)
    lasted = or_(Assignment.until_day.is_(None), Assignment.until_day > Assignment.from_day)
    question = question.where(among(session, cast(ColumnElement[UUID], Assignment.segment_id), ids), _IS_CHIEF, lasted)
    return list(session.execute(question.order_by(Assignment.from_day, Assignment.id)).all())


def answering(session: Session, ids: Iterable[UUID], today: date) -> dict[UUID, list[AnyRow]]:
    """Who answers today for these reaches, as their chief or acting for one: person_id and name, by reach."""
    columns = (Assignment.segment_id, Assignment.person_id, Person.name)
    question = select(*columns).join(Person, Person.id == Assignment.person_id)
    held = and_(Assignment.segment_id.in_(list(ids)), _IS_CHIEF, covers(Assignment, today), Person.is_active)
    found: dict[UUID, list[AnyRow]] = {}
    for row in session.execute(question.where(held).order_by(Assignment.from_day, Assignment.id)):
        found.setdefault(row.segment_id, []).append(row)
    return found


def _reaches() -> Select[*tuple[object, ...]]:
    columns = (
        *(segment.c[name] for name in ("id", "code", "name", "region_code", "river_code", "level", "from_day")),
        segment.c.length_m,
        segment.c.parent_id,
        _river.c.name.label("river_name"),
        _region.c.name.label("region_name"),
        _upper.c.id.label("upper_id"),
        _highest.c.id.label("highest_id"),
    )
    joined = segment.join(_river, _river.c.code == segment.c.river_code)
    joined = joined.join(_region, _region.c.code == segment.c.region_code)
    joined = joined.outerjoin(_parent, _parent.c.id == segment.c.parent_id)
    joined = joined.outerjoin(_upper, _upper.c.id == _parent.c.parent_id)
    joined = joined.outerjoin(_highest, _highest.c.id == _upper.c.parent_id)
    return select(*columns).select_from(joined)
