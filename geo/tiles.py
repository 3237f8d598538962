"""Tiles of a map (z/x/y in the web's own Mercator): where one lies, and shapes drawn into it as a vector tile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan, degrees, pi, sinh
from typing import Any

import mapbox_vector_tile
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Array = NDArray[np.float64]
EXTENT = 4096
"""Steps on each side of a tile, as everybody draws them."""
BUFFER = 64
"""So many steps around it are drawn, too, so that lines have no seam."""
FINEST = 18
"""Beyond this a map enlarges what it has."""
FLAT = 10
"""From this zoom on a degree has as many steps anywhere in a tile: the edges are exact, and in between at most 3 of its
4,096 steps are wrong (2 where we are), which is a third of a pixel."""
LEAST_STEP = 4.0
"""A bend of fewer steps is not drawn: a quarter of a pixel of a tile of 256 (our judgement)."""
_MOST_LATITUDE = 85.05112878


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of the map."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Whether the map has such a square."""
        return 0 <= self.z <= FINEST and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z

    def box(self, buffer: int = BUFFER) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees, with so many steps around it: what is drawn there, too."""
        count, around = 2.0**self.z, buffer / EXTENT
        west, east = ((self.x + step) / count * 360.0 - 180.0 for step in (-around, 1.0 + around))
        south, north = (_latitude((self.y + step) / count) for step in (1.0 + around, -around))
        return west, south, east, north

    @property
    def is_flat(self) -> bool:
        """Whether steps and degrees go together along it; see `FLAT`."""
        return self.z >= FLAT

    @property
    def least_deg(self) -> float:
        """The least bend that is drawn, in degrees of longitude."""
        return LEAST_STEP * 360.0 / 2.0**self.z / EXTENT

    def steps(self, lonlat: Array) -> Array:
        """Turn degrees (n, 2) into steps from the upper left corner, downwards."""
        count = 2.0**self.z
        latitude = np.radians(np.clip(lonlat[:, 1], -_MOST_LATITUDE, _MOST_LATITUDE))
        x = (lonlat[:, 0] + 180.0) / 360.0 * count - self.x
        y = (1.0 - np.arcsinh(np.tan(latitude)) / pi) / 2.0 * count - self.y
        return np.column_stack([x, y]) * EXTENT


def drawn(layer: str, tile: Tile, shapes: Sequence[BaseGeometry], properties: Sequence[Mapping[str, Any]]) -> bytes:
    """A layer of a vector tile; what lies outside is left out, and so is what is None of a shape's properties."""
    around = (-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
    placed = shapely.transform(np.asarray(shapes, dtype=object), tile.steps)
    inside = shapely.simplify(shapely.clip_by_rect(placed, *around), LEAST_STEP)
    features = [
        {"geometry": shape, "properties": {name: value for name, value in each.items() if value is not None}}
        for shape, each in zip(inside, properties, strict=True)
        if not shape.is_empty
    ]
    if not features:
        return b""
    options = {"y_coord_down": True, "extents": EXTENT}
    return bytes(mapbox_vector_tile.encode([{"name": layer, "features": features}], default_options=options))


def _latitude(share: float) -> float:
    """Of a share of the square from its upper edge."""
    return degrees(atan(sinh(pi * (1.0 - 2.0 * share))))
