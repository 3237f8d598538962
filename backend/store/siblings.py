"""Questions about walks that bear on each other: near in time on one river, or alike on one segment.

They are made once, of plain tables: making one costs more than asking it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.models.patrols import Patrol

_patrol = cast(Table, Patrol.__table__)
_NEWEST = (_patrol.c.walked_at.desc(), _patrol.c.seq.desc())
_AROUND = (
    select(
        _patrol.c.seq,
        _patrol.c.id,
        _patrol.c.walked_at,
        _patrol.c.verdict,
        _patrol.c.review_outcome,
        _patrol.c.duty_of_id,
    )
    .where(
        _patrol.c.person_id == bindparam("person"),
        _patrol.c.walked_at.between(bindparam("early"), bindparam("late")),
        _patrol.c.river_code == bindparam("river"),
        _patrol.c.withdrawn_at.is_(None),
    )
    .order_by(_patrol.c.walked_at, _patrol.c.seq)
)
_SKETCHES = (
    select(_patrol.c.seq, _patrol.c.id, _patrol.c.person_id, _patrol.c.walked_at, _patrol.c.sketch)
    .where(_patrol.c.segment_id == bindparam("segment"), _patrol.c.sketch.is_not(None))
    .order_by(*_NEWEST)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Touched:
    """A patrol that another one bears on."""

    seq: int
    id: UUID
    verdict: dict[str, Any]
    review_outcome: str | None


def around(
    session: Session, person_id: UUID, duty_of: UUID | None, river_code: str, at: datetime, within: timedelta
) -> list[AnyRow]:
    """One person's walks for one duty on a river near a moment: seq, id, walked_at, verdict, review outcome."""
    early, late = _span(at, within)
    asked = {"person": person_id, "early": early, "late": late, "river": river_code}
    return [row for row in session.execute(_AROUND, asked) if row.duty_of_id == duty_of]


def sketches(session: Session, segment_id: UUID, *, most: int) -> list[AnyRow]:
    """The latest walks of a segment to compare with: seq, id, person, walked_at, sketch."""
    return list(session.execute(_SKETCHES, {"segment": segment_id, "most": most}).all())


def track_of(session: Session, seq: int) -> AnyRow:
    """What a rejudging needs of one walk: track, its datum, its verdict, its review."""
    columns = (_patrol.c.track, _patrol.c.crs, _patrol.c.verdict, _patrol.c.review_outcome)
    return session.execute(select(*columns).where(_patrol.c.seq == seq)).one()


def _span(at: datetime, within: timedelta) -> tuple[datetime, datetime]:
    """The moments around one, kept inside the calendar."""
    low = (
        at - within if at - datetime.min.replace(tzinfo=at.tzinfo) > within else datetime.min.replace(tzinfo=at.tzinfo)
    )
    high = (
        at + within if datetime.max.replace(tzinfo=at.tzinfo) - at > within else datetime.max.replace(tzinfo=at.tzinfo)
    )
    return low, high
