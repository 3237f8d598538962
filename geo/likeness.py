"""Is this track a copy of that one, or the same place in another datum?

A copy repeats where somebody was at which moment; an honest second walk on the same path does not: its pace
drifts by metres and its positions err anew. So two tracks are laid over each other at the best shift in time
and the distances left over are judged. All thresholds are our judgement, from seeded walks with independent
errors of 3 to 5 m and a pace wandering by 10 %: they stay 5 m and more apart, copies jittered by 3 m below 3.
"""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage import near_the_river
from geo.datum import Crs, from_wgs84, to_wgs84
from geo.fixes import Fixes
from geo.measure import Plane
from geo.reach import Reach
from geo.sketches import near_sketches, place, places_near, sketch
from geo.track import STANDARD, Limits, Track

__all__ = ["Likeness", "datum_mismatch", "near_sketches", "place", "places_near", "same_walk", "sketch"]

Array = NDArray[np.float64]

_FEWEST = 5
# A copy is no further apart than this (root mean square): of long walks, of short ones, of few fixes.
_APART_M, _APART_SHORT_M, _APART_FEW_M = 4.4, 3.2, 2.5
_SHORT_S, _FEW = 400.0, 10
# Apart after averaging nine fixes, which takes out jitter but not a drifting pace.
_WANDER_M, _WANDER_FIXES = 2.2, 9
# Two phones on one walk record the same moments: within this shift only one and the same recording is a copy.
_TOGETHER_S, _IDENTICAL_M = 300.0, 1.0
_STILL_M = 100.0
_OVERLAP = 0.8
_ANCHORS, _ANCHOR_M, _TRIES_EACH, _CHECKS = (0.1, 0.35, 0.65, 0.9), 12.0, 48, 48
_KEPT = 0.95

# Along a river that runs as the shift does, half of a shifted track still lies beside it.
_FITS, _MISSES, _GAIN = 0.9, 0.75, 0.3


@dataclass(frozen=True)
class Likeness:
    """Whether two tracks are one walk, why, how much later the second is and how far apart they lie."""

    same: bool
    reason: str
    shift_s: float = 0.0
    apart_m: float | None = None

    def __bool__(self) -> bool:
        return self.same


@dataclass(frozen=True, eq=False)
class _Path:
    """Plane metres (n, 2) and seconds (n,) since a shared moment."""

    xy: Array
    at_s: Array

    def at(self, moments: Array) -> Array:
        """Give the positions (…, 2) at moments (…,), and nan outside the recording."""
        inside = (moments >= self.at_s[0] - 1.0) & (moments <= self.at_s[-1] + 1.0)
        places = [np.interp(moments, self.at_s, self.xy[:, axis]) for axis in (0, 1)]
        return np.where(inside[..., None], np.stack(places, axis=-1), np.nan)


def same_walk(a: Fixes, b: Fixes) -> Likeness:
    """Say whether two tracks are the same walk, shifted in time, thinned, jittered by about 3 m, or all.

    Reasons: `copied`, `identical`, and for different walks `too_few`, `elsewhere`, `together` (two phones on
    one walk), `standing` (too little movement to tell) and `apart`.
    """
    if min(a.count, b.count) < _FEWEST:
        return Likeness(False, "too_few")
    dense, sparse = _paths(a, b)
    shift = _best_shift(dense, sparse)
    if shift is None:
        return Likeness(False, "elsewhere")
    left_over = dense.at(sparse.at_s + shift) - sparse.xy
    left_over = left_over[~np.isnan(left_over[:, 0])]
    # The shift brings the sparse track onto the dense one, so it is how much later the dense one is.
    later_s = shift if a.count < b.count else -shift
    return _judged(left_over, later_s, sparse)


def datum_mismatch(reach: Reach, track: Track, declared: Crs = Crs.WGS84, limits: Limits = STANDARD) -> Crs | None:
    """Name the datum the phone must have used if the track misses the river as declared and fits in another.

    `track` is in WGS 84, turned there from `declared`. GCJ-02 lies 300 to 700 m off, BD-09 about 1.3 km. Our
    judgement: three quarters fit at most, nearly all would.
    """
    if not track.fixes.count:
        return None
    fits = float(near_the_river(reach, track, limits).mean())
    if fits > _MISSES:
        return None
    as_sent = from_wgs84(track.fixes.lonlat, declared)
    shares = {}
    for crs in (Crs.WGS84, Crs.GCJ02, Crs.BD09):
        if crs is not declared:
            turned = replace(track.fixes, lonlat=to_wgs84(as_sent, crs))
            shares[crs] = float(near_the_river(reach, replace(track, fixes=turned), limits).mean())
    best = max(shares, key=lambda crs: shares[crs])
    return best if shares[best] >= max(_FITS, fits + _GAIN) else None


def _paths(a: Fixes, b: Fixes) -> tuple[_Path, _Path]:
    """Give the denser and the sparser track in one plane and on one clock, each in order of time."""
    plane = Plane.around(shapely.MultiPoint(np.concatenate([a.lonlat[:1], b.lonlat[:1]])))
    start_ms = min(a.at_ms.min(), b.at_ms.min())
    dense, sparse = (a, b) if a.count >= b.count else (b, a)
    return _path(dense, plane, int(start_ms)), _path(sparse, plane, int(start_ms))


def _path(fixes: Fixes, plane: Plane, start_ms: int) -> _Path:
    ordered = fixes.taken(np.argsort(fixes.at_ms, kind="stable"))
    return _Path(plane.metres(ordered.lonlat), (ordered.at_ms - start_ms) / 1000.0)


def _best_shift(dense: _Path, sparse: _Path) -> float | None:
    """Find the seconds to add to the sparse track's times so that it lies best upon the dense one."""
    shifts = np.unique(np.concatenate([_shifts_at(dense, sparse, anchor) for anchor in _ANCHORS]))
    if not len(shifts):
        return None
    some = np.unique(np.linspace(0, len(sparse.at_s) - 1, _CHECKS).astype(np.intp))
    apart = dense.at(sparse.at_s[some] + shifts[:, None]) - sparse.xy[some]
    distances = np.hypot(apart[..., 0], apart[..., 1])
    enough = np.isfinite(distances).mean(axis=1) >= _OVERLAP
    if not enough.any():
        return None
    medians = np.nanmedian(distances[enough], axis=1)
    return float(shifts[enough][medians.argmin()])


def _shifts_at(dense: _Path, sparse: _Path, anchor: float) -> Array:
    """Give the shifts that bring one fix of the sparse track to a moment when the dense one was there."""
    fix = int(anchor * (len(sparse.at_s) - 1))
    distances = np.hypot(*(dense.xy - sparse.xy[fix]).T)
    nearest = np.argsort(distances)[:_TRIES_EACH]
    there = nearest[distances[nearest] <= _ANCHOR_M]
    return dense.at_s[there] - sparse.at_s[fix]


def _judged(left_over: Array, later_s: float, sparse: _Path) -> Likeness:
    apart_m = _apart_m(left_over)
    distinct = len(np.unique(np.round(sparse.xy, 1), axis=0)) >= _FEW
    if apart_m <= _IDENTICAL_M and (distinct or _extent_m(sparse) >= _STILL_M):
        return Likeness(True, "identical", later_s, apart_m)
    if abs(later_s) <= _TOGETHER_S:
        return Likeness(False, "together", later_s, apart_m)
    if _extent_m(sparse) < _STILL_M:
        return Likeness(False, "standing", later_s, apart_m)
    copied = apart_m <= _most_apart_m(sparse) and _wander_m(left_over) <= _WANDER_M
    return Likeness(copied, "copied" if copied else "apart", later_s, apart_m)


def _most_apart_m(sparse: _Path) -> float:
    if len(sparse.at_s) < _FEW:
        return _APART_FEW_M
    return _APART_M if sparse.at_s[-1] - sparse.at_s[0] >= _SHORT_S else _APART_SHORT_M


def _extent_m(path: _Path) -> float:
    return float(np.hypot(*np.ptp(path.xy, axis=0)))


def _apart_m(left_over: Array) -> float:
    """Give the root mean square distance, leaving out the worst twentieth."""
    squares = np.sort((left_over**2).sum(axis=1))
    return float(np.sqrt(squares[: max(1, int(len(squares) * _KEPT))].mean()))


def _wander_m(left_over: Array) -> float:
    width = min(_WANDER_FIXES, len(left_over))
    sums = np.cumsum(np.concatenate([np.zeros((1, 2)), left_over]), axis=0)
    means = (sums[width:] - sums[:-width]) / width
    return float(np.sqrt((means**2).sum(axis=1).mean()))
