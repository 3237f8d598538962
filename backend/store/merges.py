"""Where merged hazards stand: one that was merged into another, which was merged itself, stands where the last does."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, Table, select
from sqlalchemy.orm import Session

from backend.models.hazards import Hazard

_hazard = cast(Table, Hazard.__table__)


def ends(session: Session, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Of each hazard of these ids the one at the end of its merges; itself where it was not merged."""
    way = _way(_hazard.c.id.in_(ids))
    rows = session.execute(select(way.c.first, way.c.id).where(way.c.merged_into_id.is_(None)))
    return {row.first: row.id for row in rows}


def standing(chosen: ColumnElement[bool], *how: ColumnElement[bool]) -> Select[tuple[UUID]]:
    """The question for those hazards at the end of whose merges one stands of which all of this holds."""
    way = _way(chosen)
    question = select(way.c.first).join(_hazard, _hazard.c.id == way.c.id)
    return question.where(way.c.merged_into_id.is_(None), *how)


def whole(hazard_id: UUID) -> Select[tuple[UUID]]:
    """The question for the hazard and all that were merged into it, and into these."""
    way = select(_hazard.c.id).where(_hazard.c.id == hazard_id).cte("into", recursive=True)
    way = way.union(select(_hazard.c.id).join(way, _hazard.c.merged_into_id == way.c.id))
    return select(way.c.id)


def below() -> CTE:
    """All that were merged into the hazard of the question around it, and into these: id. It is asked for each of them,
    which is cheap where nothing was.
    """
    merged, further = _hazard.alias("merged"), _hazard.alias("further")
    way = select(merged.c.id).where(merged.c.merged_into_id == _hazard.c.id).correlate(_hazard)
    below = way.cte("below", recursive=True, nesting=True)
    return below.union(select(further.c.id).join(below, further.c.merged_into_id == below.c.id))


def _way(chosen: ColumnElement[bool]) -> CTE:
    """From each of these hazards by its merges to their end: first, id, merged_into_id."""
    columns = (_hazard.c.id.label("first"), _hazard.c.id, _hazard.c.merged_into_id)
    way = select(*columns).where(chosen).cte("way", recursive=True)
    step = select(way.c.first, _hazard.c.id, _hazard.c.merged_into_id).join(way, way.c.merged_into_id == _hazard.c.id)
    return way.union(step)
