"""Walks as cheap phones record them, and as people who would rather not walk send them; seeded and repeatable.

The model is our own judgement after recorded walks: pace wanders slowly about 1.2 m/s with rests, positions are
off by a slowly wandering 3–5 m and now and then by a cell tower's hundreds, background apps are killed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import LineString

from geo.chainage import Ruler
from geo.datum import Crs, from_wgs84

Array = NDArray[np.float64]


class Kind(StrEnum):
    """What is simulated; all but the first are to be caught."""

    HONEST = "honest"
    DRIVEN = "driven"
    COPIED = "copied"
    WRONG_DATUM = "wrong_datum"
    TOO_SHORT = "too_short"
    TOO_FAR = "too_far"
    MOCKED = "mocked"
    NO_TRACK = "no_track"


EXPECTED: dict[Kind, str] = {
    Kind.DRIVEN: "driven",
    Kind.COPIED: "copied_track",
    Kind.WRONG_DATUM: "datum_mismatch",
    Kind.TOO_SHORT: "too_short",
    Kind.TOO_FAR: "too_far",
    Kind.MOCKED: "mock_location",
    Kind.NO_TRACK: "no_track",
}
"""The reason by which each is caught."""


@dataclass(frozen=True)
class Recording:
    """What a phone holds after a walk: WGS 84 places, seconds since the start, accuracies."""

    lonlat: Array
    at_s: Array
    accuracy_m: Array

    def taken(self, which: Any) -> Recording:
        """Only these points."""
        return Recording(self.lonlat[which], self.at_s[which], self.accuracy_m[which])


def recorded(line: LineString, kind: Kind, dice: np.random.Generator) -> Recording:
    """One walk of a kind along a line."""
    if kind is Kind.NO_TRACK:
        return Recording(np.zeros((0, 2)), np.zeros(0), np.zeros(0))
    # An honest town chief owes 15 minutes, and a killed app may cost a fifth of them.
    minutes = float(dice.uniform(2, 5) if kind is Kind.TOO_SHORT else dice.uniform(20, 30))
    speed_mps = float(dice.uniform(9.0, 15.0) if kind is Kind.DRIVEN else dice.uniform(0.95, 1.45))
    aside_m = float(dice.uniform(420, 1500) if kind is Kind.TOO_FAR else dice.uniform(0, 12))
    recording = _walked(line, minutes, speed_mps, aside_m, dice)
    if kind is Kind.MOCKED:
        return replace(recording, accuracy_m=np.zeros(len(recording.at_s)))
    return recording if kind is Kind.TOO_SHORT else _as_cheap_phones_do(recording, dice)


def copied(original: Recording, dice: np.random.Generator) -> Recording:
    """Somebody else's walk, or one's own of another day: thinned, and jittered by up to 3 m."""
    every = int(dice.integers(1, 4))
    kept = original.taken(slice(None, None, every))
    jitter = dice.normal(0.0, dice.uniform(0.3, 1.2), kept.lonlat.shape) / [89_500.0, 111_000.0]
    return replace(kept, lonlat=kept.lonlat + jitter)


def body(
    segment: str,
    recording: Recording,
    started_at: datetime,
    *,
    crs: Crs = Crs.WGS84,
    declared: Crs | None = None,
    clock_s: float = 0.0,
    sent_at: datetime | None = None,
    mocked: bool = False,
) -> dict[str, Any]:
    """A body for PUT /patrols; `clock_s` is by how much the phone's clock is ahead, also when it says `sent_at`."""
    wrong = timedelta(seconds=clock_s)
    begin_ms = int((started_at + wrong).timestamp() * 1000)
    seconds = float(recording.at_s[-1]) if len(recording.at_s) else 900.0
    places = np.round(from_wgs84(recording.lonlat, crs), 6)
    points = [
        [lon, lat, begin_ms + int(at * 1000), round(accuracy, 1)]
        for (lon, lat), at, accuracy in zip(
            places.tolist(), recording.at_s.tolist(), recording.accuracy_m.tolist(), strict=True
        )
    ]
    client: dict[str, Any] = {"app": "simulator", "version": "1", "mock_location": mocked}
    if sent_at is not None:
        client["sent_at"] = (sent_at + wrong).isoformat()
    return {
        "segment": segment,
        "started_at": (started_at + wrong).isoformat(),
        "ended_at": (started_at + wrong + timedelta(seconds=seconds)).isoformat(),
        "track": {"crs": (declared or crs).value, "points": points},
        "client": client,
    }


def _walked(line: LineString, minutes: float, speed_mps: float, aside_m: float, dice: np.random.Generator) -> Recording:
    """Up and down the line for so many minutes, with a slowly wandering pace, rests and wandering errors."""
    ruler = Ruler(line)
    step_s = float(dice.choice([1.0, 2.0, 3.0, 5.0]))
    count = max(int(minutes * 60 / step_s), 3)
    pace = speed_mps * (1.0 + _wandering(count, 0.12, 60.0 / step_s, dice))
    if speed_mps < 3.0:
        pace[_rests(count, step_s, dice)] *= 0.05
    path_m = dice.uniform(0, ruler.length_m * 0.1) + np.cumsum(np.maximum(pace, 0.0) * step_s)
    along_m = ruler.length_m - np.abs(path_m % (2 * ruler.length_m) - ruler.length_m)
    ahead = ruler.plane_points_at(along_m + 1.0) - ruler.plane_points_at(np.maximum(along_m - 1.0, 0.0))
    sideways = np.column_stack([-ahead[:, 1], ahead[:, 0]])
    sideways /= np.maximum(np.linalg.norm(sideways, axis=1), 1e-9)[:, None]
    error = np.column_stack([_wandering(count, dice.uniform(2.5, 4.5), 20.0 / step_s, dice) for _ in range(2)])
    error += dice.normal(0.0, 0.8, error.shape)
    xy = ruler.plane_points_at(along_m) + sideways * aside_m + error
    accuracy: Array = np.clip(dice.normal(9.0, 3.0, count), 4.0, 25.0).astype(np.float64)
    return Recording(ruler.plane.degrees(xy), np.arange(count, dtype=np.float64) * np.float64(step_s), accuracy)


def _as_cheap_phones_do(recording: Recording, dice: np.random.Generator) -> Recording:
    """Now and then a place by the cell tower, and an app killed for some minutes."""
    count = len(recording.at_s)
    lonlat, accuracy = recording.lonlat.copy(), recording.accuracy_m.copy()
    for index in dice.integers(0, count, dice.poisson(0.7)):
        lonlat[index] += dice.normal(0.0, 0.006, 2)
        accuracy[index] = dice.uniform(300, 1500)
    keep = np.ones(count, bool)
    if dice.random() < 0.2:
        begin = dice.uniform(0.2, 0.6) * recording.at_s[-1]
        lost = dice.uniform(60, 0.2 * recording.at_s[-1])
        keep = (recording.at_s < begin) | (recording.at_s > begin + lost)
    return Recording(lonlat, recording.at_s, accuracy).taken(keep)


def _wandering(count: int, spread: float, memory: float, dice: np.random.Generator) -> Array:
    """A value that wanders slowly about nought: a first-order process of that spread and memory (in steps)."""
    keep = float(np.exp(-1.0 / max(memory, 1.0)))
    steps = dice.normal(0.0, spread * np.sqrt(1.0 - keep**2), count)
    value, values = dice.normal(0.0, spread), np.empty(count)
    for index, step in enumerate(steps):
        value = keep * value + step
        values[index] = value
    return values


def _rests(count: int, step_s: float, dice: np.random.Generator) -> NDArray[np.bool_]:
    resting = np.zeros(count, bool)
    for _ in range(dice.poisson(1.5)):
        begin = int(dice.integers(0, count))
        resting[begin : begin + int(dice.uniform(10, 50) / step_s)] = True
    return resting
