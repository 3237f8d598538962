"""Seeded rivers, walks, rides and copies for the tests of geo."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import LineString

from geo.chainage import Ruler
from geo.fixes import Fixes

Array = NDArray[np.float64]

# 06:00 on a morning in July in the business zone.
MORNING_MS = 1_751_407_200_000
HOUR_MS = 3_600_000


def river(length_m: float = 2000.0, bend_m: float = 60.0, lon: float = 116.0, lat: float = 36.5) -> LineString:
    """Draw a river that flows east in gentle bends, with a vertex about every 40 m."""
    steps = np.arange(0.0, length_m + 1.0, 40.0)
    east = steps / (111_320.0 * np.cos(np.radians(lat)))
    north = bend_m * np.sin(steps / 250.0) / 111_000.0
    return LineString(np.column_stack([lon + east, lat + north]))


@dataclass(frozen=True)
class Person:
    """How somebody walks and what the phone does to it; the noise is per axis."""

    mps: float = 1.3
    every_s: float = 5.0
    noise_m: float = 4.0
    noise_lasts_s: float = 0.0
    pace_varies: float = 0.10
    pace_lasts_s: float = 120.0
    off_m: float = 10.0
    accuracy_m: float = 8.0


def along(line: LineString, chainages_m: Array, off_m: float | Array = 0.0) -> Array:
    """Give positions (n, 2) in degrees beside a line, to its left for a positive distance."""
    ruler = Ruler(line)
    before_m = np.clip(chainages_m - 1.0, 0.0, ruler.length_m - 2.0)
    here, ahead = ruler.plane_points_at(before_m), ruler.plane_points_at(before_m + 2.0)
    course = (ahead - here) / np.hypot(*(ahead - here).T)[:, None]
    left = np.column_stack([-course[:, 1], course[:, 0]])
    off = np.broadcast_to(np.asarray(off_m, dtype=np.float64), chainages_m.shape)
    return ruler.plane.degrees(ruler.plane_points_at(chainages_m) + left * off[:, None])


def drift(rng: np.random.Generator, count: int, every_s: float, lasts_s: float) -> Array:
    """Give numbers (n, 2) of spread 1 that forget their past within so many seconds; 0 forgets at once."""
    fresh = rng.normal(size=(count, 2))
    keep = float(np.exp(-every_s / lasts_s)) if lasts_s > 0.0 else 0.0
    for step in range(1, count):
        fresh[step] = keep * fresh[step - 1] + np.sqrt(1.0 - keep * keep) * fresh[step]
    return fresh


def walked(
    line: LineString,
    person: Person,
    rng: np.random.Generator,
    from_m: float = 50.0,
    to_m: float = 1800.0,
    start_ms: int = MORNING_MS,
) -> Fixes:
    """Play one honest walk along a line: the person's pace wanders, the phone's positions are noisy."""
    path, times = strolled(line, person, rng, from_m, to_m)
    return seen(line, path, times, person, rng, start_ms)


def strolled(
    line: LineString, person: Person, rng: np.random.Generator, from_m: float, to_m: float
) -> tuple[Array, Array]:
    """Give where somebody really was (n, 2) and when, in seconds (n,)."""
    count = int(abs(to_m - from_m) / (person.mps * person.every_s) * 1.3) + 2
    pace = np.clip(drift(rng, count, person.every_s, person.pace_lasts_s)[:, 0], -2.0, 2.0)
    steps = person.mps * person.every_s * (1.0 + person.pace_varies * pace)
    chainages = from_m + np.sign(to_m - from_m) * np.concatenate([[0.0], np.cumsum(steps)])
    inside = (chainages - to_m) * np.sign(to_m - from_m) <= 0.0
    moments = np.arange(len(chainages)) * person.every_s
    return along(line, chainages[inside], person.off_m), moments[inside]


def seen(
    line: LineString, path: Array, seconds: Array, person: Person, rng: np.random.Generator, start_ms: int
) -> Fixes:
    """Give what a phone records of a path."""
    plane = Ruler(line).plane
    noise = person.noise_m * drift(rng, len(path), person.every_s, person.noise_lasts_s)
    lonlat = plane.degrees(plane.metres(path) + noise)
    accuracy = np.full(len(path), person.accuracy_m)
    return Fixes(lonlat, start_ms + np.rint(seconds * 1000.0).astype(np.int64), accuracy)


def copied(
    fixes: Fixes,
    rng: np.random.Generator,
    later_ms: int = 24 * HOUR_MS,
    every: int = 1,
    jitter_m: float = 0.0,
) -> Fixes:
    """Hand the same walk in again: shifted in time, thinned to every k-th fix, moved by up to so far."""
    kept = fixes.taken(np.arange(int(rng.integers(every)), fixes.count, every))
    turn, far = rng.uniform(0.0, 2.0 * np.pi, kept.count), rng.uniform(0.0, jitter_m, kept.count)
    north = far * np.sin(turn) / 111_000.0
    east = far * np.cos(turn) / (111_320.0 * np.cos(np.radians(kept.lonlat[:, 1])))
    return Fixes(kept.lonlat + np.column_stack([east, north]), kept.at_ms + later_ms, kept.accuracy_m)
