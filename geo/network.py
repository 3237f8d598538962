"""Which reaches lie upstream and downstream of which."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from geo.measure import Plane

Name = TypeVar("Name", bound=Hashable)
Edge = tuple[Name, Name]


@dataclass(frozen=True)
class Network(Generic[Name]):
    """Reaches and the reaches their water flows to and comes from; circles and forks are allowed."""

    _below: Mapping[Name, tuple[Name, ...]]
    _above: Mapping[Name, tuple[Name, ...]]

    @classmethod
    def of(cls, edges: Iterable[Edge[Name]]) -> "Network[Name]":
        """Build the network from pairs (upstream, downstream)."""
        below: dict[Name, list[Name]] = {}
        above: dict[Name, list[Name]] = {}
        for upper, lower in edges:
            below.setdefault(upper, []).append(lower)
            above.setdefault(lower, []).append(upper)
        return cls(_frozen(below), _frozen(above))

    def upstream(self, name: Name, within: int | None = None) -> list[Name]:
        """List the reaches above one, nearest first and without itself, at most `within` steps away."""
        return list(_reached(self._above, name, within))[1:]

    def downstream(self, name: Name, within: int | None = None) -> list[Name]:
        """List the reaches below one, nearest first and without itself, at most `within` steps away."""
        return list(_reached(self._below, name, within))[1:]

    def steps_down(self, name: Name, within: int | None = None) -> dict[Name, int]:
        """How many steps below one each reach lies, nearest first and with itself, at most `within` steps away."""
        return _reached(self._below, name, within)


def _frozen(lists: Mapping[Name, list[Name]]) -> dict[Name, tuple[Name, ...]]:
    return {name: tuple(dict.fromkeys(others)) for name, others in lists.items()}


def _reached(neighbours: Mapping[Name, tuple[Name, ...]], name: Name, within: int | None) -> dict[Name, int]:
    # A dict remembers the order in which its keys came, so it is both the queue and what has been seen.
    seen: dict[Name, int] = {name: 0}
    ring: list[Name] = [name]
    steps = 0
    while ring and (within is None or steps < within):
        ring = [other for here in ring for other in neighbours.get(here, ()) if other not in seen]
        ring = list(dict.fromkeys(ring))
        steps += 1
        seen.update(dict.fromkeys(ring, steps))
    return seen


def join_lines(lines: Mapping[Name, LineString], snap_m: float) -> list[Edge[Name]]:
    """Find which line flows into which: its end lies within `snap_m` metres of the other's start or course.

    Lines are drawn downstream. Two lines that merely end at the same place do not flow into each other.
    """
    if not lines:
        return []
    names = list(lines)
    # One plane for all: a county is small enough for snapping, and only its scale is off by a little.
    plane = Plane.around(shapely.box(*shapely.total_bounds(list(lines.values()))))
    courses = [plane.shape_in_metres(line) for line in lines.values()]
    mouths = [Point(course.coords[-1]) for course in courses]
    close = shapely.STRtree(courses).query(mouths, predicate="dwithin", distance=snap_m)
    return [
        (names[upper], names[lower])
        for upper, lower in sorted(zip(*close.tolist(), strict=True))
        if upper != lower and _flows_into(mouths[upper], courses[lower], snap_m)
    ]


def _flows_into(mouth: Point, course: BaseGeometry, snap_m: float) -> bool:
    at_its_start = Point(course.coords[0]).distance(mouth) <= snap_m
    return at_its_start or course.length - course.project(mouth) > snap_m
