"""A river reach made ready for judging tracks: its line, the width of its channel and its levees."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiLineString

from geo.chainage import Ruler
from geo.nearest import Legs

Array = NDArray[np.float64]

_SAMPLE_M = 5.0


@dataclass(frozen=True, eq=False)
class Sight:
    """Positions seen from a reach: plane metres (n, 2), chainage, metres to line and to edge (n,)."""

    xy: Array
    chainage_m: Array
    line_m: Array
    edge_m: Array


class Reach:
    """A river line prepared once and then asked about any number of tracks; it never changes."""

    def __init__(
        self, line: LineString, width_m: float = 0.0, levee: MultiLineString | LineString | None = None
    ) -> None:
        """Prepare a line with the channel's width in metres; a line without length is a ValueError."""
        self.ruler = Ruler(line)
        self.length_m = self.ruler.length_m
        self.width_m = max(0.0, width_m)
        self._levee = None if levee is None or levee.is_empty else self._legs_of(levee)

    def sight(self, lonlat: Array) -> Sight:
        """See positions (n, 2) in degrees from the river: where along it and how far off each of them is."""
        xy = self.ruler.plane.metres(lonlat)
        chainage_m, line_m = self.ruler.nearest(xy)
        edge_m = np.maximum(line_m - self.width_m / 2.0, 0.0)
        if self._levee is not None:
            edge_m = np.minimum(edge_m, self._levee.nearest(xy)[2])
        return Sight(xy, chainage_m, line_m, edge_m)

    def beside(self, start: Array, end: Array, from_m: float, to_m: float, within_m: float) -> Array:
        """Give the stretches (k, 2) between two chainages within so many metres of a leg in plane metres."""
        middles = np.arange(from_m + _SAMPLE_M / 2.0, to_m, _SAMPLE_M)
        leg = Legs.of([np.stack([start, end])])
        close = middles[leg.nearest(self.ruler.plane_points_at(middles))[2] <= within_m]
        return np.clip(np.column_stack([close - _SAMPLE_M / 2.0, close + _SAMPLE_M / 2.0]), from_m, to_m)

    def _legs_of(self, levee: MultiLineString | LineString) -> Legs:
        parts = shapely.get_parts(levee)
        return Legs.of([self.ruler.plane.metres(shapely.get_coordinates(part)) for part in parts])
