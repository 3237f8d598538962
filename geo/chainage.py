"""Metres along the river (桩号, chainage) to places and back, and arithmetic on the stretches walked.

A stretch is a pair (from_m, to_m). Chainage adds up the ground lengths of the line's legs, so the end of a
line has exactly the chainage `measure.length_m` gives.
"""

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import LineString, Point

from geo.measure import Plane, distances_m
from geo.nearest import Legs

Array = NDArray[np.float64]
Stretch = tuple[float, float]


class Ruler:
    """A line made ready for measuring along it many times: its plane, its legs and their chainages."""

    def __init__(self, line: LineString) -> None:
        """Prepare a line in degrees; one without any length is a ValueError."""
        self.line = line
        self.places: Array = shapely.get_coordinates(line)
        self.plane = Plane.around(line)
        self.at_m: Array = np.concatenate([[0.0], np.cumsum(distances_m(self.places[:-1], self.places[1:]))])
        self.length_m = float(self.at_m[-1])
        if not self.length_m > 0.0:
            raise ValueError("a line without length cannot be measured along")
        self.xy = self.plane.metres(self.places)
        self.legs = Legs.of([self.xy])

    def nearest(self, xy: Array) -> tuple[Array, Array]:
        """Find for plane points (n, 2) the chainage (n,) of the nearest place and the distance to it (n,)."""
        leg, fraction, distance = self.legs.nearest(xy)
        return self.at_m[leg] + fraction * (self.at_m[leg + 1] - self.at_m[leg]), distance

    def along_m(self, lon: float, lat: float) -> float:
        """Give the chainage in metres of the place on the line nearest to a position in degrees."""
        return float(self.nearest(self.plane.metres([(lon, lat)]))[0][0])

    def points_at(self, metres: ArrayLike) -> Array:
        """Give the positions (n, 2) in degrees at chainages (n,); beyond the ends it is the end."""
        return self._between(self.places, metres)

    def plane_points_at(self, metres: ArrayLike) -> Array:
        """Give the positions (n, 2) in plane metres at chainages (n,); beyond the ends it is the end."""
        return self._between(self.xy, metres)

    def _between(self, places: Array, metres: ArrayLike) -> Array:
        at = np.asarray(metres, dtype=np.float64).reshape(-1)
        return np.column_stack([np.interp(at, self.at_m, places[:, axis]) for axis in (0, 1)])


def locate_m(line: LineString, lonlat: ArrayLike) -> Array:
    """Give the chainage in metres (n,) of the place on the line nearest to each position (n, 2)."""
    ruler = Ruler(line)
    return ruler.nearest(ruler.plane.metres(lonlat))[0]


def point_at(line: LineString, at_m: float) -> Point:
    """Give the place at a chainage in metres; before the start and beyond the end it is the end point."""
    return Point(Ruler(line).points_at([at_m])[0])


def cut(line: LineString, from_m: float, to_m: float) -> LineString:
    """Cut the piece between two chainages in metres out of a line; nothing between them is a ValueError."""
    ruler = Ruler(line)
    start, end = max(0.0, from_m), min(ruler.length_m, to_m)
    if not start < end:
        raise ValueError(f"there is no river between {from_m} m and {to_m} m")
    inside = (ruler.at_m > start) & (ruler.at_m < end)
    ends = ruler.points_at([start, end])
    return LineString(np.concatenate([ends[:1], ruler.places[inside], ends[1:]]))


def merge(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Join stretches that touch or overlap, in any order given, into a sorted list; empty ones vanish."""
    given = np.array(list(stretches), dtype=np.float64).reshape(-1, 2)
    return [(float(start), float(end)) for start, end in union(given)]


def union(given: Array) -> Array:
    """Join touching or overlapping stretches, an array (n, 2), into sorted separate ones (k, 2)."""
    given = given[given[:, 1] > given[:, 0]]
    if not len(given):
        return given
    ordered = given[np.argsort(given[:, 0], kind="stable")]
    reached = np.maximum.accumulate(ordered[:, 1])
    fresh = np.concatenate([[True], ordered[1:, 0] > reached[:-1]])
    last = np.concatenate([np.flatnonzero(fresh)[1:] - 1, [len(ordered) - 1]])
    return np.column_stack([ordered[fresh, 0], reached[last]])


def covered_m(stretches: Iterable[Stretch]) -> float:
    """Add up the metres of stretches, counting what they share once."""
    return sum(end - start for start, end in merge(stretches))


def share(stretches: Iterable[Stretch], length_m: float) -> float:
    """Give the part (0 to 1) of a river of that length which the stretches cover."""
    if not length_m > 0.0:
        return 0.0
    return covered_m(moved(stretches, 0.0, length_m)) / length_m


def unwalked(stretches: Iterable[Stretch], length_m: float, least_m: float = 0.0) -> list[Stretch]:
    """List what the stretches leave out of a river of that length, dropping remainders under `least_m`."""
    covered = moved(stretches, 0.0, length_m)
    starts = [0.0] + [end for _, end in covered]
    ends = [start for start, _ in covered] + [length_m]
    return [(a, b) for a, b in zip(starts, ends, strict=True) if b > a and b - a >= least_m]


def moved(stretches: Iterable[Stretch], offset_m: float, length_m: float) -> list[Stretch]:
    """Map stretches of a lower reach onto its superior's, where it begins at `offset_m`; merged, clipped."""
    lifted = ((start + offset_m, end + offset_m) for start, end in stretches)
    return merge((max(0.0, start), min(length_m, end)) for start, end in lifted)
