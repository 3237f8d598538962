"""What anybody may see of cases: class, place on the river, where it stands; asked for without any right.

Shown are cases that are closed, and open ones of which the public told and that the office has accepted. Not shown is
what was refused or merged, or lies with the law; nor, before it is over, sand mining and what the law wrote about, so
that nobody is warned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.hazards import OPEN, Kind, State
from backend.domain.public_reports import CHOICES, PUBLIC
from backend.models.changes import Record
from backend.models.cooperation import Clue, Suggestion
from backend.models.facts import Fact
from backend.models.hazards import Hazard
from backend.models.public_reports import PublicReport
from backend.models.regions import Region
from backend.models.segments import River, Segment
from backend.store import merges
from backend.store.changes import oldest_running
from backend.store.segments import in_force
from backend.store.spatial import Box, edges, meets

_hazard, _segment = cast(Table, Hazard.__table__), cast(Table, Segment.__table__)
_fact = cast(Table, Fact.__table__)
_ACCEPTED = tuple(state for state in OPEN if state is not State.REPORTED)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases; every one that anybody may see when nothing is said."""

    kinds: Sequence[Kind] = ()
    is_open: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    changed_after: datetime | None = None
    changed_before: datetime | None = None
    river: str | None = None
    box: Box | None = None


def listed(session: Session, asked: Asked, *, limit: int, offset: int = 0) -> list[AnyRow]:
    """Cases, the newest first.

    Columns: seq, id, kind, state, reported_at, changed_at, closed_at, due_at, lon, lat, segment_name, river_code,
    river_name, region_name.
    """
    question = _shown().where(*_filters(asked)).order_by(_hazard.c.seq.desc()).limit(limit).offset(offset)
    return list(session.execute(question).all())


def of_ids(session: Session, ids: Sequence[UUID]) -> list[tuple[UUID, AnyRow]]:
    """Those of these cases that anybody may see, each by its id as the one stands into which it was merged.

    What the public itself reported is seen wherever it stands, but for what lies with the law.
    """
    ends = merges.ends(session, ids)
    is_own = (_hazard.c.id.in_(ids), _hazard.c.reporter_id == PUBLIC.person_id)
    mine = [ends[each] for each in session.scalars(select(_hazard.c.id).where(*is_own))]
    is_over = and_(_hazard.c.state == State.CLOSED.value, _hazard.c.handed_to.is_(None))
    own = and_(_hazard.c.id.in_(mine), or_(is_over, _is_free()))
    question = _told().where(_hazard.c.id.in_(ends.values()), or_(own, is_public()))
    rows = {row.id: row for row in session.execute(question)}
    found = [(each, rows[end]) for each, end in ends.items() if end in rows]
    return sorted(found, key=lambda each: each[1].seq, reverse=True)


def of_report(session: Session, report_id: UUID) -> UUID | None:
    """The case to which a report belongs."""
    return session.scalar(select(PublicReport.hazard_id).where(PublicReport.id == report_id))


def version(session: Session) -> tuple[Any, ...]:
    """Changes whenever anything on the map does: the newest act, and record of a reach; when the newest report came, by
    which a case of ours becomes one of the public. Each is read off the end of an index.
    """
    newest = [func.max(_fact.c.seq), func.max(Record.seq), func.max(PublicReport.reported_at)]
    looks = [select(each).scalar_subquery() for each in newest]
    if session.get_bind().dialect.name == "postgresql":
        # One that commits late may have a lower number than the newest; then it moves the newest that nothing precedes.
        settled = select(func.max(_fact.c.transaction_id)).where(_fact.c.transaction_id < oldest_running())
        looks.append(settled.scalar_subquery())
    return tuple(session.execute(select(*looks)).one())


def rivers(session: Session) -> list[AnyRow]:
    """Rivers on which there is something to be seen: code, name, open, fixed; by name."""
    is_closed = _hazard.c.state == State.CLOSED.value
    counts = (func.count().filter(~is_closed).label("open"), func.count().filter(is_closed).label("fixed"))
    question = select(River.code, River.name, *counts).join(_hazard, _hazard.c.river_code == River.code)
    return list(
        session.execute(question.where(is_public()).group_by(River.code, River.name).order_by(River.name)).all()
    )


def reaches(session: Session, box: Box, today: date, limit: int) -> list[AnyRow]:
    """Reaches of today whose own box meets a box, the lowest first: code, name, river_name, line."""
    dialect = session.get_bind().dialect.name
    question = select(_segment.c.code, _segment.c.name, River.name.label("river_name"), _segment.c.line)
    question = question.join(River, River.code == _segment.c.river_code)
    question = question.where(in_force(today), meets(dialect, _segment))
    question = question.order_by(_segment.c.level, _segment.c.code).limit(limit)
    return list(session.execute(question, edges(box)).all())


def is_public() -> ColumnElement[bool]:
    """Whether anybody may see a case."""
    merged = merges.below()
    of_public = (exists().where(PublicReport.hazard_id == each) for each in (_hazard.c.id, merged.c.id))
    is_running = and_(_hazard.c.state.in_(_ACCEPTED), or_(*of_public), is_told())
    is_shown = or_(_hazard.c.state == State.CLOSED.value, is_running)
    return and_(is_shown, _hazard.c.handed_to.is_(None), _hazard.c.kind.in_([kind.value for kind in CHOICES]))


def is_told() -> ColumnElement[bool]:
    """Whether anybody may be told of a case that is not over: never of sand mining, nor of what is the law's."""
    return and_(_hazard.c.kind.in_([kind.value for kind in CHOICES if kind is not Kind.MINE]), _is_free())


def _is_free() -> ColumnElement[bool]:
    """Whether neither a case nor one that was merged into it lies with the law, and the law and an office wrote nothing
    to each other about any of them, so that nobody is warned.
    """
    merged, part = merges.below(), _hazard.alias("part")
    hides = exists().where(part.c.id == merged.c.id, or_(part.c.handed_to.is_not(None), *_written_about(part.c.id)))
    return and_(_hazard.c.handed_to.is_(None), *(~each for each in _written_about(_hazard.c.id)), ~hides)


def _written_about(hazard_id: ColumnElement[UUID]) -> list[ColumnElement[bool]]:
    return [exists().where(each.hazard_id == hazard_id) for each in (Clue, Suggestion)]


def told(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Those of these cases of which whoever reports the same may be told."""
    return set(session.scalars(select(_hazard.c.id).where(_hazard.c.id.in_(ids), is_told())))


def _filters(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.kinds:
        found.append(_hazard.c.kind.in_([kind.value for kind in asked.kinds]))
    if asked.is_open is not None:
        is_closed = _hazard.c.state == State.CLOSED.value
        found.append(~is_closed if asked.is_open else is_closed)
    bounds = (
        (asked.since, _hazard.c.reported_at.__ge__),
        (asked.until, _hazard.c.reported_at.__le__),
        (asked.changed_after, _fact.c.at.__ge__),
        (asked.changed_before, _fact.c.at.__le__),
    )
    found += [compare(at) for at, compare in bounds if at is not None]
    if asked.river is not None:
        found.append(_hazard.c.river_code == asked.river)
    if asked.box is not None:
        west, south, east, north = asked.box
        found.append(and_(_hazard.c.lon.between(west, east), _hazard.c.lat.between(south, north)))
    return found


@cache
def _shown() -> Select[*tuple[Any, ...]]:
    return _told().where(is_public())


@cache
def _told() -> Select[*tuple[Any, ...]]:
    newest = and_(_fact.c.thing_id == _hazard.c.id, _fact.c.number == _hazard.c.facts, _fact.c.thing_type == "hazard")
    return (
        select(
            *(_hazard.c.seq, _hazard.c.id, _hazard.c.kind, _hazard.c.state, _hazard.c.reported_at),
            func.coalesce(_fact.c.at, _hazard.c.reported_at, type_=_hazard.c.reported_at.type).label("changed_at"),
            *(_hazard.c.closed_at, _hazard.c.due_at, _hazard.c.lon, _hazard.c.lat),
            *(_segment.c.name.label("segment_name"), _hazard.c.river_code),
            *(River.name.label("river_name"), Region.name.label("region_name")),
        )
        .select_from(_hazard)
        .join(_segment, _segment.c.id == _hazard.c.segment_id)
        .join(River, River.code == _hazard.c.river_code)
        .outerjoin(Region, Region.code == _hazard.c.region_code)
        .outerjoin(_fact, newest)
    )
