"""Speed and path length of a track with the wobble of the positions averaged away."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.measure import distances_m
from geo.track import Track

Array = NDArray[np.float64]

# Our judgement: at 20 s an error of 30 m still reads as a walking speed, and a car still reads as a car.
_STRIDE_MS = 20_000
# Our judgement: slower than this is standing about.
_STANDING_MPS = 0.3
_SHORTEST_S = 10.0


@dataclass(frozen=True, eq=False)
class Strides:
    """Steps of about 20 s between averaged good fixes: metres, seconds and smoothed speed, each (k,)."""

    metres: Array
    seconds: Array
    mps: Array
    # First index of each averaged group among the good fixes (k + 1,); strides lead from group to group.
    firsts: NDArray[np.intp]

    @property
    def distance_m(self) -> float:
        """Give the length of the whole path in metres."""
        return float(self.metres.sum())

    def moving_mps(self, gap_s: float) -> float:
        """Give the mean speed while moving, in metres a second, gaps left out; 0 if there was no movement."""
        moving = (self.mps >= _STANDING_MPS) & (self.seconds <= gap_s)
        seconds = float(self.seconds[moving].sum())
        return float(self.metres[moving].sum()) / seconds if seconds > 0.0 else 0.0

    def driven_share(self, driven_kmh: float, counted: NDArray[np.bool_]) -> float:
        """Give the share (0 to 1) of the counted strides' length that went faster than that."""
        total = float(self.metres[counted].sum())
        fast = counted & (self.mps * 3.6 > driven_kmh)
        return float(self.metres[fast].sum()) / total if total > 0.0 else 0.0


def strides(track: Track, gap_s: float) -> Strides:
    """Average the good fixes of a track over 20 s at a time and measure between the averages."""
    good = track.fixes.taken(track.good)
    if not good.count:
        return Strides(np.empty(0), np.empty(0), np.empty(0), np.empty(0, np.intp))
    lonlat, seconds = good.lonlat, (good.at_ms - good.at_ms[0]) / 1000.0
    box = (good.at_ms - good.at_ms[0]) // _STRIDE_MS
    firsts = np.concatenate([[0], np.flatnonzero(np.diff(box)) + 1])
    sizes = np.diff(firsts, append=good.count)
    # Averaging differences keeps the digits that averaging large numbers would lose.
    places = lonlat[0] + np.add.reduceat(lonlat - lonlat[0], firsts, axis=0) / sizes[:, None]
    moments = np.add.reduceat(seconds, firsts) / sizes
    # Averages would cut half a stride off both ends of the walk.
    places[0], moments[0] = lonlat[0], 0.0
    if len(firsts) > 1:
        places[-1], moments[-1] = lonlat[-1], seconds[-1]
    metres, durations = distances_m(places[:-1], places[1:]), np.diff(moments)
    return Strides(metres, durations, _speeds(metres, durations, gap_s), firsts.astype(np.intp))


def _speeds(metres: Array, seconds: Array, gap_s: float) -> Array:
    """Give the speed over each stride and its neighbours; a gap tells nothing about what lies beside it."""
    whole = seconds <= gap_s
    near_m, near_s = _with_neighbours(metres * whole), _with_neighbours(seconds * whole)
    beside = near_m / np.maximum(near_s, _SHORTEST_S)
    return np.where(whole, beside, metres / np.maximum(seconds, _SHORTEST_S))


def _with_neighbours(values: Array) -> Array:
    padded = np.concatenate([[0.0], values, [0.0]])
    summed: Array = padded[:-2] + padded[1:-1] + padded[2:]
    return summed
