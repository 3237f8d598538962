"""How the water flows from reach to reach: down each river, and where one ends at another, into that."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from uuid import UUID

from shapely import LineString, Point

from backend.db import Session, lock
from backend.domain.access import Scope
from backend.store import flow, segments
from backend.store.flow import Edge
from geo.measure import Plane, box_around
from geo.network import join_lines

SNAP_M = 1_000.0
"""A river that ends so near to another flows into it; surveys are that rough where rivers meet (our judgement)."""


def drawn(session: Session, today: date) -> set[Edge]:
    """The network as the reaches of today lie."""
    rows = flow.reaches(session, today)
    found = {(upper.id, lower.id) for upper, lower in pairwise(rows) if upper.river_code == lower.river_code}
    mouths = {row.river_code: row.id for row in rows}
    river_of = {row.id: row.river_code for row in rows}
    for mouth, line in flow.lines(session, list(mouths.values())).items():
        end = Point(line.coords[-1])
        west, south, east, north = map(float, box_around(end.x, end.y, SNAP_M))
        near = dict(segments.around(session, Scope(("",)), today, (west, south, east, north), None))
        others = {one: shape for one, shape in near.items() if river_of.get(one) != river_of[mouth]}
        found.update(_joint(mouth, line, end, others))
    return found


def _joint(mouth: UUID, line: LineString, end: Point, others: dict[UUID, LineString]) -> list[Edge]:
    """Into which of the other rivers' reaches one flows, if any: the nearest."""
    plane = Plane.around(end)
    here = plane.shape_in_metres(end)
    joints = [edge for edge in join_lines({mouth: line} | others, SNAP_M) if edge[0] == mouth]
    return sorted(joints, key=lambda edge: plane.shape_in_metres(others[edge[1]]).distance(here))[:1]


def redraw(session: Session, new: set[Edge]) -> int:
    """Write the network where it has changed; how many joints."""
    lock(session, "risk")
    known = flow.every(session)
    flow.redraw(session, known - new, new - known)
    return len(known ^ new)
