"""Areas of warnings: rings and circles of checked places as one shape that questions can be asked of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from shapely import Polygon
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
