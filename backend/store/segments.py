"""Questions about rivers, their segments and who answers for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from backend.db import AnyRow, among
from backend.domain.access import Scope
from backend.domain.regions import LENGTHS
from backend.domain.terms import Duty, Level
from backend.models.patrols import Patrol
from backend.models.people import Person
from backend.models.regions import Region
from backend.models.risk import SegmentRisk
from backend.models.segments import Assignment, Checkpoint, NoticeBoard, River, Segment
from backend.store import spatial
from backend.store.last_walks import last_walk
from backend.store.people import covers, holds
from backend.store.regions import inside, start
from backend.store.spatial import Box

segment = cast(Table, Segment.__table__)
_parent = segment.alias("parent")
_child = segment.alias("child")
_river = cast(Table, River.__table__)
_region = cast(Table, Region.__table__)
_patrol = cast(Table, Patrol.__table__)
_person = cast(Table, Person.__table__)
_assignment = cast(Table, Assignment.__table__)
_risk = cast(Table, SegmentRisk.__table__)
_FEATURE = select(
    segment.c.id,
    segment.c.code,
    segment.c.name,
    segment.c.river_code,
    segment.c.region_code,
    segment.c.level,
    segment.c.width_m,
    segment.c.length_m,
    segment.c.until_day,
    segment.c.version,
    _river.c.name.label("river_name"),
    _region.c.name.label("region_name"),
    _parent.c.code.label("parent_code"),
    _risk.c.level.label("risk_level"),
    _risk.c.score.label("risk_score"),
    _risk.c.factors.label("risk_factors"),
    last_walk.label("last_patrol_at"),
).select_from(
    segment.join(_river, _river.c.code == segment.c.river_code)
    .join(_region, _region.c.code == segment.c.region_code)
    .outerjoin(_parent, _parent.c.id == segment.c.parent_id)
    .outerjoin(_risk, _risk.c.segment_id == segment.c.id)
)
_CHIEFS = (
    select(segment.c.id, segment.c.code, segment.c.level, _assignment.c.person_id, _person.c.name, _assignment.c.duty)
    .select_from(
        _assignment.join(_person, _person.c.id == _assignment.c.person_id).join(
            segment, segment.c.id == _assignment.c.segment_id
        )
    )
    .where(holds(_assignment))
    .order_by(_assignment.c.duty, _person.c.name)
)


def listed(
    session: Session,
    scope: Scope,
    today: date,
    *,
    limit: int,
    after: str = "",
    box: Box | None = None,
    region: str | None = None,
    river: str | None = None,
    person: UUID | None = None,
    level: int | None = None,
    risk: str | None = None,
    orphan: bool = False,
    words: str | None = None,
    names: Scope | None = None,
    unwalked_since: datetime | None = None,
) -> list[AnyRow]:
    """Segments of the scope that are in force today, by code, one more than `limit` when there are more."""
    asked = Asked(region, river, person, level, risk, orphan, words, names, unwalked_since)
    # What somebody typed is never asked again: to keep its question would push out those that are.
    made = _listing.__wrapped__ if words or unwalked_since else _listing
    question = made(scope, today, asked, _dialect(session) if box else None)
    values = {"after": after, "limit": limit + 1}
    return spatial.crossing(session, question, values, box) if box else list(session.execute(question, values).all())


@dataclass(frozen=True, slots=True)
class Asked:
    """Which segments are asked for; the lowest reaches when nothing is said."""

    region: str | None = None
    river: str | None = None
    person: UUID | None = None
    level: int | None = None
    risk: str | None = None
    orphan: bool = False
    words: str | None = None
    """A part of the name, the code, the river's name or, within `names`, of the name of whoever answers for it."""
    names: Scope | None = None
    """Where one may look for people; None for nowhere."""
    unwalked_since: datetime | None = None


@lru_cache(maxsize=256)
def _listing(scope: Scope, today: date, asked: Asked, boxed_on: str | None) -> Select[*tuple[Any, ...]]:
    """Made once for each asker, who moves a map about: making it costs as much as asking it."""
    later = segment.c.code > bindparam("after", type_=String())
    question = _FEATURE.where(within(scope), in_force(today), later, at_level(asked.level), *_filters(asked, today))
    question = question.order_by(segment.c.code)
    if boxed_on is not None:
        return spatial.crosses(boxed_on, question, segment)
    return question.limit(bindparam("limit", type_=Integer()))


def _filters(asked: Asked, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.region is not None:
        found.append(in_region(asked.region))
    if asked.river is not None:
        found.append(segment.c.river_code == asked.river)
    if asked.person is not None:
        found.append(segment.c.id.in_(_assigned_to((asked.person,), today)))
    if asked.risk is not None:
        found.append(_risk.c.level == asked.risk)
    if asked.orphan:
        found.append(_is_orphan(today))
    if asked.unwalked_since is not None:
        walks = (_patrol.c.segment_id == segment.c.id, _patrol.c.counts, _patrol.c.walked_at >= asked.unwalked_since)
        found.append(~exists().where(*walks))
    found += [_called(asked.words, asked.names, today)] if asked.words is not None else []
    return found


def _called(words: str, names: Scope | None, today: date) -> ColumnElement[bool]:
    """Reaches that people call so."""
    is_so = [segment.c.name.contains(words, autoescape=True)]
    is_so.append(func.lower(segment.c.code).contains(words.lower(), autoescape=True))
    is_so.append(segment.c.river_code.in_(select(_river.c.code).where(_river.c.name.contains(words, autoescape=True))))
    if names is not None:
        held = select(Assignment.segment_id).join(Person).where(covers(Assignment, today))
        held = held.where(Person.name.contains(words, autoescape=True))
        is_so.append(and_(within(names), segment.c.id.in_(held)))
    return or_(*is_so)


def around(session: Session, scope: Scope, today: date, box: Box, level: int | None) -> list[tuple[UUID, Any]]:
    """Segments of the scope whose box meets a box: their ids and lines."""
    question = select(Segment.id, Segment.line).where(
        within(scope), in_force(today), at_level(level), spatial.meets(_dialect(session), segment)
    )
    return [(segment_id, line) for segment_id, line in session.execute(question, spatial.edges(box))]


def features(session: Session, ids: Sequence[UUID]) -> list[AnyRow]:
    """The rows of these segments, by code."""
    return list(session.execute(_FEATURE.where(among(session, segment.c.id, ids)).order_by(segment.c.code)).all())


def one(session: Session, ref: UUID | str, scope: Scope) -> AnyRow | None:
    """The segment of that id or code when it lies in the scope, whether in force or ended."""
    wanted = segment.c.id == ref if isinstance(ref, UUID) else segment.c.code == ref
    return session.execute(_FEATURE.where(wanted, within(scope))).one_or_none()


def names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these reaches."""
    rows = session.execute(select(Segment.id, Segment.name).where(Segment.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


def outlines(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The lines of these segments as GeoJSON text."""
    question = select(segment.c.id, spatial.geojson_text(segment.c.line)).where(among(session, segment.c.id, ids))
    return {row.id: row.geojson for row in session.execute(question)}


def levees(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The levees of those of these segments that have some, as GeoJSON text."""
    question = select(segment.c.id, spatial.geojson_text(segment.c.levee))
    rows = session.execute(question.where(among(session, segment.c.id, ids), segment.c.levee.is_not(None)))
    return {row.id: row.geojson for row in rows}


def chiefs(session: Session, ids: Sequence[UUID], today: date) -> list[AnyRow]:
    """Who answers for these segments today: the segment's id, code and level, person_id, name, duty."""
    question = _CHIEFS.where(among(session, _assignment.c.segment_id, ids))
    return list(session.execute(question, {"day": today}).all())


def on_the_bank(session: Session, segment_id: UUID) -> tuple[list[AnyRow], list[AnyRow]]:
    """Checkpoints (code, name, kind, point, chainage_m) and notice boards (code, point) of a segment."""
    stops = select(Checkpoint.code, Checkpoint.name, Checkpoint.kind, Checkpoint.point, Checkpoint.chainage_m)
    boards = select(NoticeBoard.code, NoticeBoard.point).where(NoticeBoard.segment_id == segment_id)
    stops = stops.where(Checkpoint.segment_id == segment_id).order_by(Checkpoint.chainage_m)
    return list(session.execute(stops).all()), list(session.execute(boards.order_by(NoticeBoard.code)).all())


def shape_of(session: Session, segment_id: UUID) -> tuple[Any, float, Any]:
    """Line, width in metres and levees of a segment."""
    columns = (Segment.line, Segment.width_m, Segment.levee)
    line, width_m, levee = session.execute(select(*columns).where(Segment.id == segment_id)).one()
    return line, width_m, levee


def version_of(session: Session, segment_id: UUID) -> int:
    """Which survey of a segment is the present one."""
    return session.execute(select(Segment.version).where(Segment.id == segment_id)).scalar_one()


def of_people(session: Session, person_ids: Sequence[UUID], day: date) -> list[AnyRow]:
    """The segments these people answer for on a day: what names a reach, with length_m and river_name."""
    columns = (Segment.id, Segment.code, Segment.name, Segment.river_code, Segment.region_code, Segment.level)
    question = (
        select(*columns, Segment.until_day, Segment.version, Segment.length_m, River.name.label("river_name"))
        .join(River, River.code == Segment.river_code)
        .where(Segment.id.in_(_assigned_to(person_ids, day)), in_force(day))
        .order_by(Segment.code)
    )
    return list(session.execute(question).all())


def orphans(session: Session, scope: Scope, today: date) -> list[AnyRow]:
    """Segments of the scope for which no chief answers today: id, code, name, region_code, level."""
    columns = (Segment.id, Segment.code, Segment.name, Segment.region_code, Segment.level)
    question = select(*columns).where(within(scope), in_force(today), _is_orphan(today)).order_by(Segment.code)
    return list(session.execute(question).all())


def _is_orphan(today: date) -> ColumnElement[bool]:
    return ~exists().where(
        Assignment.segment_id == segment.c.id, Assignment.duty == Duty.CHIEF.value, covers(Assignment, today)
    )


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def within(scope: Scope) -> ColumnElement[bool]:
    """Those of its regions, and those that it names."""
    parts = [in_region(prefix) for prefix in scope.regions]
    if scope.segments:
        parts.append(segment.c.id.in_(scope.segments))
    return or_(false(), *parts)


def in_region(prefix: str) -> ColumnElement[bool]:
    """A prefix of region codes; a county has an index of its own in the order of lists."""
    if len(prefix) == LENGTHS[Level.COUNTY]:
        return start(segment.c.region_code, Level.COUNTY) == prefix
    return inside(segment.c.region_code, prefix)


def in_force(today: date) -> ColumnElement[bool]:
    """Whether a segment has begun and not ended."""
    return and_(segment.c.from_day <= today, or_(segment.c.until_day.is_(None), segment.c.until_day > today))


def at_level(level: int | None) -> ColumnElement[bool]:
    """One level, or the lowest reaches: those that no other lies in."""
    if level is not None:
        return segment.c.level == level
    return ~exists().where(_child.c.parent_id == segment.c.id)


def _assigned_to(person_ids: Sequence[UUID], day: date) -> Select[*tuple[UUID]]:
    return select(Assignment.segment_id).where(Assignment.person_id.in_(person_ids), covers(Assignment, day))
