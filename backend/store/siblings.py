"""Questions about walks that bear on each other: near in time on one river, or alike and at one place.

They are made once, of plain tables: making one costs more than asking it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, bindparam, null, select, true, type_coerce, union_all
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.models.patrols import Patrol
from backend.models.segments import Segment
from backend.store.rules import newest_of

_patrol = cast(Table, Patrol.__table__)
_segment = cast(Table, Segment.__table__)
_PLACES = 4
_LATEST = 150
"""The latest walks of each place that a new one is compared with (our judgement: months at a busy place)."""
_NEWEST = (_patrol.c.walked_at.desc(), _patrol.c.seq.desc())
_KNOWN = ("seq", "id", "person_id", "duty_of_id", "walked_at", "review_outcome", "withdrawn_at")


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside a walk, and the versions of its segment and of the rules at that moment."""

    segment_version: int
    rule_version: int
    around: list[AnyRow]
    """One person's walks for one duty on a river near a moment, withdrawn ones left out; with their verdicts."""
    alike: list[AnyRow]
    """The latest walks of the places named, of anybody and withdrawn ones too: seq, id, sketch."""


def _nothing(column: str) -> ColumnElement[Any]:
    """An empty place in a row of another kind; outermost, for only there PostgreSQL takes its type from its like."""
    return type_coerce(null(), _patrol.c[column].type).label(column)


def _around() -> Select[*tuple[Any, ...]]:
    known = [_patrol.c[name] for name in _KNOWN]
    return select(*known, _patrol.c.verdict, _nothing("sketch")).where(
        _patrol.c.person_id == bindparam("person"),
        _patrol.c.walked_at.between(bindparam("early"), bindparam("late")),
        _patrol.c.river_code == bindparam("river"),
        _patrol.c.withdrawn_at.is_(None),
    )


def _alike(number: int) -> Select[*tuple[Any, ...]]:
    """One ordered, limited look for each place, so that each walks its index; an IN would sort everything."""
    here = select(_patrol.c.seq, _patrol.c.id, _patrol.c.sketch).where(_patrol.c.place == bindparam(f"place{number}"))
    latest = here.order_by(*_NEWEST).limit(_LATEST).subquery()
    rest = [_nothing(name) for name in _KNOWN if name not in ("seq", "id")]
    return select(latest.c.seq, latest.c.id, *rest, _nothing("verdict"), latest.c.sketch)


def _beside() -> Select[*tuple[Any, ...]]:
    found = union_all(_around(), *(_alike(number) for number in range(_PLACES))).subquery("found")
    versions = (_segment.c.version, newest_of("patrol").label("rule_version"))
    joined = _segment.outerjoin(found, true())
    return select(*versions, *found.c).select_from(joined).where(_segment.c.id == bindparam("segment"))


_BESIDE = _beside()


def beside(
    session: Session,
    *,
    person: UUID,
    duty_of: UUID | None,
    river: str,
    at: datetime,
    within: timedelta,
    segment: UUID,
    places: Sequence[int],
) -> Beside:
    """Everything a walk has to be seen beside, in one question; at most four places."""
    early, late = _span(at, within)
    asked: dict[str, Any] = {"person": person, "early": early, "late": late, "river": river, "segment": segment}
    asked |= {f"place{number}": place for number, place in enumerate([*places, *[None] * _PLACES][:_PLACES])}
    rows = session.execute(_BESIDE, asked).all()
    around = {row.id: row for row in rows if row.verdict is not None and row.duty_of_id == duty_of}
    return Beside(
        rows[0].version,
        rows[0].rule_version,
        sorted(around.values(), key=lambda row: (row.walked_at, row.seq)),
        [row for row in rows if row.sketch is not None],
    )


def walk(session: Session, seq: int) -> AnyRow:
    """Everything that is kept of one walk, its track and sketch too."""
    return session.execute(select(*_patrol.columns).where(_patrol.c.seq == seq)).one()


def _span(at: datetime, within: timedelta) -> tuple[datetime, datetime]:
    """The moments around one, kept inside the calendar."""
    first, last = datetime.min.replace(tzinfo=at.tzinfo), datetime.max.replace(tzinfo=at.tzinfo)
    return (at - within if at - first > within else first), (at + within if last - at > within else last)
