"""Questions about the walks of a day in a square of the map."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, select
from sqlalchemy.orm import Session

from backend.db import AnyRow, UtcTime
from backend.domain.access import Scope
from backend.models.patrols import Patrol
from backend.models.segments import Segment
from backend.store import spatial
from backend.store.patrols import in_region, within
from backend.store.spatial import Box

MOST = 400
"""Walks of a tile: far more than a day has on eight kilometres of rivers (our judgement)."""
_patrol, _segment = cast(Table, Patrol.__table__), cast(Table, Segment.__table__)
_NAMED = ("id", "segment_id", "track", "crs", "verdict", "segment_version", "counts", "outcome", "review_outcome")


def of_day(
    session: Session,
    scope: Scope,
    box: Box,
    begin: datetime,
    end: datetime,
    *,
    region: str | None,
    river: str | None,
) -> Sequence[AnyRow]:
    """The walks of a scope that began in a time, on reaches whose box meets a box: the newest, with line and version.

    Those that were taken back are left out.
    """
    question = _of_day(session.get_bind().dialect.name, scope, region, river)
    return session.execute(question, spatial.edges(box) | {"begin": begin, "end": end}).all()


@lru_cache(maxsize=256)
def _of_day(dialect: str, scope: Scope, region: str | None, river: str | None) -> Select[*tuple[Any, ...]]:
    begin, end = bindparam("begin", type_=UtcTime()), bindparam("end", type_=UtcTime())
    question = (
        select(*(_patrol.c[name] for name in _NAMED), _segment.c.line, _segment.c.version.label("version"))
        .join_from(_patrol, _segment, _segment.c.id == _patrol.c.segment_id)
        .where(within(scope), _patrol.c.walked_at >= begin, _patrol.c.walked_at < end)
        .where(_patrol.c.withdrawn_at.is_(None), spatial.meets(dialect, _segment))
        .order_by(_patrol.c.walked_at.desc(), _patrol.c.seq.desc())
        .limit(MOST)
    )
    if region is not None:
        question = question.where(in_region(region))
    if river is not None:
        question = question.where(_patrol.c.river_code == river)
    return question
