"""Cutting a river in two: its line at a chainage, and what runs beside it abreast of that place."""

from __future__ import annotations

from collections.abc import Iterable

from shapely import LineString, Point

from geo.chainage import Ruler, cut

LEAST_M = 1.0
"""A shorter remainder of a line beside the river is noise of the cut, and is left out."""


def halves(line: LineString, at_m: float) -> tuple[LineString, LineString]:
    """The upper and the lower part of a line cut at a chainage in metres; one without length is a ValueError."""
    length_m = Ruler(line).length_m
    return cut(line, 0.0, at_m), cut(line, at_m, length_m)


def beside(line: LineString, at_m: float, others: Iterable[LineString]) -> tuple[list[LineString], list[LineString]]:
    """Lines along a river (levees), of which each lies abreast of its upper part, its lower part, or is cut."""
    ruler = Ruler(line)
    place = Point(ruler.points_at([at_m])[0])
    upper: list[LineString] = []
    lower: list[LineString] = []
    for other in others:
        own = Ruler(other)
        first, last = ruler.nearest(ruler.plane.metres([other.coords[0], other.coords[-1]]))[0]
        here_m = float(own.nearest(own.plane.metres([[place.x, place.y]]))[0][0])
        if max(first, last) <= at_m or min(first, last) >= at_m:
            (upper if max(first, last) <= at_m else lower).append(other)
            continue
        head, tail = (upper, lower) if first < last else (lower, upper)
        if here_m >= LEAST_M:
            head.append(cut(other, 0.0, here_m))
        if own.length_m - here_m >= LEAST_M:
            tail.append(cut(other, here_m, own.length_m))
    return upper, lower
