"""Which metres of a river were really walked, and how near, how long and how fast the walker was."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.chainage import Stretch, merge, union
from geo.reach import Reach, Sight
from geo.strides import Strides, strides
from geo.track import STANDARD, Gap, Limits, Track

__all__ = ["Reach", "Walk", "near_the_river", "walk"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]

# Our judgement: a leg gains more river than this only where the river bends away from the path.
_TRUSTED_GAIN, _TRUSTED_GAIN_M = 1.5, 20.0
# Our judgement: a walker on a far levee is beside a bend no further off than this many times the river.
_LEVEE_REACH = 1.5


@dataclass(frozen=True)
class Walk:
    """What a track proves about a reach: stretches, metres, seconds, speed (m/s) and shares (0 to 1).

    `length_m` is the union of the covered metres, bridged ones included. `near_s` is the time inside the
    corridor. `gap_share` is the part of the time from the first to the last fix near the river that fell into
    gaps, bridged or not. `driven_share` looks at the path near the river; a ride to the river is no patrol.
    """

    covered: list[Stretch]
    bridged: list[Stretch]
    length_m: float
    share: float
    near_s: float
    elapsed_s: float
    distance_m: float
    moving_speed_mps: float
    driven_share: float
    gaps: tuple[Gap, ...]
    gap_share: float
    nearest_m: float | None
    points_near: int
    first_near_ms: int | None
    last_near_ms: int | None


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Fixes that follow each other: their indices, metres of river gained (k,), and what they prove."""

    first: Indices
    second: Indices
    gained_m: Array
    straight_m: Array
    walked: Mask
    bridged: Mask


def walk(reach: Reach, track: Track, limits: Limits = STANDARD) -> Walk:
    """Judge which metres of a reach a clean track walked, by chainage, and all else the rules ask."""
    fixes = track.fixes
    sight = reach.sight(fixes.lonlat)
    within_m = _within_m(track, limits)
    near = sight.edge_m <= within_m
    everything = np.arange(fixes.count)
    proof = _pairs(track, sight, near, everything[track.good], limits)
    bridged = _stretches(sight, proof, proof.bridged)
    covered = merge(map(tuple, np.concatenate([bridged, _walked(reach, sight, proof, within_m)])))
    length = sum(end - start for start, end in covered)
    path = strides(track, limits.gap_s)
    near_ms = fixes.at_ms[near]
    return Walk(
        covered=covered,
        bridged=merge(map(tuple, bridged)),
        length_m=length,
        share=min(1.0, length / reach.length_m),
        near_s=_near_s(track, proof if track.good.all() else _pairs(track, sight, near, everything, limits)),
        elapsed_s=track.elapsed_s,
        distance_m=path.distance_m,
        moving_speed_mps=path.moving_mps(limits.gap_s),
        driven_share=path.driven_share(limits.driven_kmh, _near_strides(path, near[track.good])),
        gaps=_gaps(track, proof),
        gap_share=_gap_share(track, near_ms),
        nearest_m=float(sight.edge_m.min()) if fixes.count else None,
        points_near=int(near.sum()),
        first_near_ms=int(near_ms[0]) if len(near_ms) else None,
        last_near_ms=int(near_ms[-1]) if len(near_ms) else None,
    )


def near_the_river(reach: Reach, track: Track, limits: Limits = STANDARD) -> Mask:
    """Say of each kept fix whether it is within 50 m + accuracy (at most 150 m) of the channel or a levee."""
    near: Mask = reach.sight(track.fixes.lonlat).edge_m <= _within_m(track, limits)
    return near


def _within_m(track: Track, limits: Limits) -> Array:
    accuracy = np.where(np.isnan(track.fixes.accuracy_m), limits.assumed_accuracy_m, track.fixes.accuracy_m)
    return np.minimum(limits.near_m + accuracy, limits.near_most_m)


def _pairs(track: Track, sight: Sight, near: Mask, chosen: Indices, limits: Limits) -> _Pairs:
    first, second = chosen[:-1], chosen[1:]
    fixes = track.fixes
    seconds = (fixes.at_ms[second] - fixes.at_ms[first]) / 1000.0
    gained_m = np.abs(sight.chainage_m[second] - sight.chainage_m[first])
    straight_m = np.hypot(*(sight.xy[second] - sight.xy[first]).T)
    breaks = np.concatenate([[0], np.cumsum(track.broken)])
    whole = near[first] & near[second] & (breaks[first] == breaks[second])
    gap = seconds > limits.gap_s
    at_walking_pace = np.maximum(gained_m, straight_m) <= limits.walking_kmh / 3.6 * seconds
    return _Pairs(first, second, gained_m, straight_m, whole & ~gap, whole & gap & at_walking_pace)


def _stretches(sight: Sight, pairs: _Pairs, which: Mask) -> Array:
    ends = np.stack([sight.chainage_m[pairs.first[which]], sight.chainage_m[pairs.second[which]]], axis=1)
    return union(np.sort(ends, axis=1))


def _walked(reach: Reach, sight: Sight, pairs: _Pairs, within_m: Array) -> Array:
    """Give the stretches between fixes; where the river makes a detour, only what lies beside the path."""
    trusted = pairs.gained_m <= _TRUSTED_GAIN * pairs.straight_m + _TRUSTED_GAIN_M
    found = [_stretches(sight, pairs, pairs.walked & trusted)]
    beside_m = np.where(
        sight.edge_m < sight.line_m - reach.width_m / 2.0,
        np.maximum(_LEVEE_REACH * sight.line_m, within_m),
        within_m,
    )
    for leg in np.flatnonzero(pairs.walked & ~trusted):
        first, second = pairs.first[leg], pairs.second[leg]
        radius = max(beside_m[first], beside_m[second]) + reach.width_m / 2.0
        # More river than this does not fit beside so short a path: a huge loop is not even looked at.
        if pairs.gained_m[leg] <= 3.0 * pairs.straight_m[leg] + 8.0 * radius:
            from_m, to_m = sorted((sight.chainage_m[first], sight.chainage_m[second]))
            found.append(reach.beside(sight.xy[first], sight.xy[second], from_m, to_m, radius))
    return np.concatenate(found)


def _near_s(track: Track, legs: _Pairs) -> float:
    # Whole milliseconds are added: ten minutes must not be a rounding error short of ten.
    return float(np.diff(track.fixes.at_ms)[legs.walked | legs.bridged].sum()) / 1000.0


def _near_strides(path: Strides, near: Mask) -> Mask:
    """Say which strides lie near the river; all of them where the walker never came near it."""
    if not len(path.firsts):
        return np.zeros(0, np.bool_)
    sizes = np.diff(path.firsts, append=len(near))
    mostly = np.add.reduceat(near.astype(np.intp), path.firsts) * 2 >= sizes
    both = mostly[:-1] & mostly[1:]
    return both if both.any() else np.ones_like(both)


def _gaps(track: Track, pairs: _Pairs) -> tuple[Gap, ...]:
    """Mark the gaps that lie within a bridged pair of fixes."""
    at_ms = track.fixes.at_ms
    starts, ends = at_ms[pairs.first[pairs.bridged]], at_ms[pairs.second[pairs.bridged]]
    return tuple(
        gap._replace(bridged=bool(np.any((starts <= gap.from_ms) & (ends >= gap.to_ms)))) for gap in track.gaps
    )


def _gap_share(track: Track, near_ms: NDArray[np.int64]) -> float:
    window = near_ms if len(near_ms) else track.fixes.at_ms
    if len(window) < 2:
        return 0.0
    lost_ms = sum(max(0, min(gap.to_ms, window[-1]) - max(gap.from_ms, window[0])) for gap in track.gaps)
    return float(lost_ms / (window[-1] - window[0]))
