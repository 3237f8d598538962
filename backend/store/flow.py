"""Questions about how the water flows from one lowest reach into another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, and_, delete, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow, among
from backend.models.risk import SegmentFlow
from backend.models.segments import Segment
from backend.store.bulk import insert_missing
from backend.store.segments import at_level, in_force

_flow = cast(Table, SegmentFlow.__table__)
_BATCH = 500
Edge = tuple[UUID, UUID]
"""From which reach into which."""


def reaches(session: Session, today: date) -> list[AnyRow]:
    """Every lowest reach of today in the order of its river: id, river_code."""
    question = select(Segment.id, Segment.river_code).where(in_force(today), at_level(None))
    return list(session.execute(question.order_by(Segment.river_code, Segment.from_m, Segment.code)).all())


def lines(session: Session, ids: Collection[UUID]) -> dict[UUID, Any]:
    """The lines of these reaches."""
    question = select(Segment.id, Segment.line).where(among(session, cast(Any, Segment.id), ids))
    return {row.id: row.line for row in session.execute(question)}


def every(session: Session) -> set[Edge]:
    """How the water was drawn last."""
    return {(row.upper_id, row.lower_id) for row in session.execute(select(_flow))}


def redraw(session: Session, gone: Collection[Edge], new: Collection[Edge]) -> None:
    """Take out what flows no more, and draw what does."""
    old = list(gone)
    for start in range(0, len(old), _BATCH):
        each = (
            and_(_flow.c.upper_id == upper, _flow.c.lower_id == lower) for upper, lower in old[start : start + _BATCH]
        )
        session.execute(delete(_flow).where(or_(*each)))
    insert_missing(session, _flow, [{"upper_id": upper, "lower_id": lower} for upper, lower in new])


def edges_above(session: Session, ids: Collection[UUID], steps: int) -> list[Edge]:
    """How the water comes to these reaches, from so many reaches further up at most."""
    return _followed(session, ids, steps, _flow.c.lower_id, 0)


def edges_below(session: Session, ids: Collection[UUID], steps: int) -> list[Edge]:
    """How the water leaves them, down to so many reaches further at most."""
    return _followed(session, ids, steps, _flow.c.upper_id, 1)


def _followed(session: Session, ids: Collection[UUID], steps: int, column: Any, end: int) -> list[Edge]:
    """One question a step, and after the first only for what lies beyond."""
    found: list[Edge] = []
    seen, ring = set(ids), set(ids)
    for _ in range(steps):
        if not ring:
            break
        rows = session.execute(select(_flow.c.upper_id, _flow.c.lower_id).where(among(session, column, ring))).all()
        edges = [(upper, lower) for upper, lower in rows]
        found += edges
        ring = {edge[end] for edge in edges} - seen
        seen |= ring
    return found
