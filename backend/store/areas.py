"""Questions about what lies in an area that somebody outside has drawn or named."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import exists, false, func, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow, among
from backend.domain.access import Scope
from backend.models.regions import Region
from backend.store import segments, spatial
from backend.store.segments import segment
from backend.store.spatial import Box

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


def boxes_in(session: Session, scope: Scope, regions: Collection[str], day: date) -> list[AnyRow]:
    """The lowest reaches of a scope in any of these regions: region_code, west, south, east, north; no line is read."""
    edges = (segment.c.west, segment.c.south, segment.c.east, segment.c.north)
    here = or_(false(), *(segments.in_region(region) for region in regions))
    where = (segments.within(scope), here, segments.in_force(day), segments.at_level(None))
    return list(session.execute(select(segment.c.region_code, *edges).where(*where)).all())


def lines_of(session: Session, scope: Scope, ids: Collection[UUID]) -> list[AnyRow]:
    """These reaches, as far as they lie in a scope: region_code, line."""
    where = (among(session, segment.c.id, ids), segments.within(scope))
    return list(session.execute(select(segment.c.region_code, segment.c.line).where(*where)).all())


def extent(session: Session, scope: Scope, day: date, *, region: str | None, river: str | None) -> Box | None:
    """The box around all reaches of a scope, narrowed to a region and a river where these are named; None for none."""
    edges = (func.min(segment.c.west), func.min(segment.c.south), func.max(segment.c.east), func.max(segment.c.north))
    where = [segments.within(scope), segments.in_force(day)]
    if region is not None:
        where.append(segments.in_region(region))
    if river is not None:
        where.append(segment.c.river_code == river)
    west, south, east, north = session.execute(select(*edges).where(*where)).one()
    return None if west is None else (west, south, east, north)
