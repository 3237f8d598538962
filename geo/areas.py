"""Areas of warnings: rings and circles of checked places as one shape that questions can be asked of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely import MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

from geo.measure import Plane, box_around

Place = tuple[float, float]

_CORNERS = 64
_FLAT_DEG = 60.0
"""Nearer to a pole than this, and wider than a plane is true, a circle is its box: too large, never too small."""
_FLAT_M = 200_000.0


def ring(places: Sequence[Place]) -> BaseGeometry:
    """What a closed ring encloses; one that crosses itself encloses each of its parts."""
    shape: BaseGeometry = shapely.make_valid(Polygon(places))
    return shape


def circle(centre: Place, radius_m: float) -> BaseGeometry:
    """All within a distance of a place, by a polygon that lies around it."""
    lon, lat = centre
    reach_m = max(radius_m, 1.0) / float(np.cos(np.pi / _CORNERS))
    west, south, east, north = box_around(lon, lat, reach_m)
    if abs(lat) > _FLAT_DEG or reach_m > _FLAT_M or east - west > 180.0:
        return shapely.box(west, south, east, north)
    plane = Plane.around(shapely.Point(lon, lat))
    turns = np.linspace(0.0, 2 * np.pi, _CORNERS + 1)
    corners = plane.metres([centre]) + reach_m * np.column_stack([np.cos(turns), np.sin(turns)])
    return Polygon(plane.degrees(corners))


def together(shapes: Iterable[BaseGeometry]) -> BaseGeometry | None:
    """The union of shapes; None for none."""
    every = list(shapes)
    if not every:
        return None
    union: BaseGeometry = shapely.union_all(every)
    return union


def around_boxes(boxes: ArrayLike, margin_m: float) -> BaseGeometry:
    """The convex area around boxes (n, 4: west, south, east, north in degrees), so many metres wider."""
    west, south, east, north = np.asarray(boxes, dtype=np.float64).reshape(-1, 4).T
    corners = np.concatenate([np.column_stack([x, y]) for x in (west, east) for y in (south, north)])
    return _wider(shapely.convex_hull(MultiPoint(corners)), margin_m)


def middle_of(boxes: ArrayLike) -> Place:
    """The middle of the middles of boxes (n, 4: west, south, east, north in degrees)."""
    west, south, east, north = np.asarray(boxes, dtype=np.float64).reshape(-1, 4).mean(axis=0)
    return float(west + east) / 2, float(south + north) / 2


def along(lines: Iterable[BaseGeometry], margin_m: float) -> BaseGeometry:
    """All within so many metres of lines in degrees, in one area; what lies closer together than twice that is one."""
    return _wider(shapely.union_all(list(lines)), margin_m)


def _wider(shape: BaseGeometry, margin_m: float) -> BaseGeometry:
    plane = Plane.around(shape)
    wide = shapely.simplify(plane.shape_in_metres(shape).buffer(margin_m, quad_segs=4), margin_m / 20)
    moved: BaseGeometry = shapely.transform(wide, plane.degrees)
    return moved
