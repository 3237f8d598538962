"""Questions about the risk of reaches as it is shown: now, at any past moment, and change by change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, literal, select
from sqlalchemy.orm import Session

from backend.db import AnyRow, UtcTime
from backend.domain.access import Scope
from backend.models.risk import RiskChange, SegmentRisk
from backend.store.last_walks import last_walk, last_walk_by
from backend.store.segments import at_level, in_force, in_region, segment, within

_risk = cast(Table, SegmentRisk.__table__)
_change = cast(Table, RiskChange.__table__)
_NAMED = [segment.c[name] for name in ("id", "code", "name", "region_code", "river_code")]
_KEPT = ("level", "score", "factors", "at")


def listed(
    session: Session,
    scope: Scope,
    day: date,
    *,
    at: datetime | None,
    limit: int,
    after: str = "",
    region: str | None = None,
    river: str | None = None,
    level: int | None = None,
) -> list[AnyRow]:
    """Reaches of the scope and day with their risk now or at a past moment, by code, one more than `limit`."""
    question = _now() if at is None else _past(at)
    question = question.where(within(scope), in_force(day), at_level(level), segment.c.code > after)
    if region is not None:
        question = question.where(in_region(region))
    if river is not None:
        question = question.where(segment.c.river_code == river)
    return list(session.execute(question.order_by(segment.c.code).limit(limit + 1)).all())


def changes(session: Session, segment_id: UUID, *, limit: int, after: int | None = None) -> list[AnyRow]:
    """Every change of one reach, the newest first, one more than `limit` when there are more."""
    question = select(_change).where(_change.c.segment_id == segment_id)
    if after is not None:
        question = question.where(_change.c.seq < after)
    return list(session.execute(question.order_by(_change.c.seq.desc()).limit(limit + 1)).all())


def _now() -> Select[*tuple[Any, ...]]:
    kept = (_risk.c[name] for name in _KEPT)
    walk = last_walk.label("last_patrol_at")
    return select(*_NAMED, walk, *kept).select_from(segment.join(_risk, _risk.c.segment_id == segment.c.id))


def _past(at: datetime) -> Select[*tuple[Any, ...]]:
    """The last change of each reach that had come by then: one look at an index a reach."""
    other = _change.alias("before")
    last = select(other.c.seq).where(other.c.segment_id == segment.c.id, other.c.at <= at)
    last_seq = last.order_by(other.c.seq.desc()).limit(1).scalar_subquery()
    kept = (_change.c[name] for name in _KEPT)
    walk = last_walk_by(literal(at, UtcTime())).label("last_patrol_at")
    return select(*_NAMED, walk, *kept).select_from(segment.join(_change, _change.c.seq == last_seq))
