"""Questions about what lies in an area that somebody outside has drawn or named."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.models.regions import Region
from backend.store import segments, spatial
from backend.store.segments import segment

_child = segment.alias("child")


def known(session: Session, codes: Collection[str]) -> set[str]:
    """Those of the codes that are regions of ours, or lie around some."""
    wanted = set(codes)
    found = set(session.scalars(select(Region.code).where(Region.code.in_(wanted))))
    for code in wanted - found:
        below = select(Region.code).where(Region.code.startswith(code, autoescape=True)).limit(1)
        if session.scalars(below).first() is not None:
            found.add(code)
    return found


def crossed(session: Session, shape: BaseGeometry, today: date) -> list[AnyRow]:
    """Reaches of every level that a shape meets: id, region_code, line, and whether it is a lowest one."""
    is_lowest = ~exists().where(_child.c.parent_id == segment.c.id)
    question = select(segment.c.id, segment.c.region_code, segment.c.line, is_lowest.label("is_lowest")).where(
        segments.in_force(today), spatial.meets(session.get_bind().dialect.name, segment)
    )
    west, south, east, north = shape.bounds
    rows = list(session.execute(question, spatial.edges((west, south, east, north))).all())
    shapely.prepare(shape)
    return [row for row in rows if shape.intersects(row.line)]
