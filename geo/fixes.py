"""Positions with their times and accuracies, as a phone or a file gave them, in columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.measure import distances_m

Array = NDArray[np.float64]
Times = NDArray[np.int64]

# The last millisecond of the year 9999: later times cannot be written as a date.
LATEST_MS = 253402300799999


@dataclass(frozen=True, eq=False)
class Fixes:
    """WGS 84 positions (n, 2), Unix times (n,) in ms, accuracies (n,) in metres (nan: unknown)."""

    lonlat: Array
    at_ms: Times
    accuracy_m: Array

    @classmethod
    def of(cls, points: ArrayLike) -> "Fixes":
        """Take rows of lon, lat, Unix ms and perhaps accuracy; a ValueError if they cannot be positions.

        A negative accuracy is how some phones say "no position"; it becomes infinite and is later dropped.
        """
        rows = np.asarray(points, dtype=np.float64)
        if rows.size == 0:
            rows = rows.reshape(0, 3)
        if rows.ndim != 2 or rows.shape[1] not in (3, 4):
            raise ValueError("points are rows of lon, lat, time and accuracy")
        if not _in_range(rows):
            raise ValueError("a position or time is out of range or not finite")
        accuracy = rows[:, 3].copy() if rows.shape[1] == 4 else np.full(len(rows), np.nan)
        accuracy[accuracy < 0.0] = np.inf
        return cls(rows[:, :2].copy(), np.rint(rows[:, 2]).astype(np.int64), accuracy)

    @property
    def count(self) -> int:
        """Say how many there are."""
        return len(self.at_ms)

    def taken(self, which: NDArray[np.bool_] | NDArray[np.intp] | slice) -> "Fixes":
        """Give the chosen ones, by mask, by indices or by slice."""
        return Fixes(self.lonlat[which], self.at_ms[which], self.accuracy_m[which])


def _in_range(rows: Array) -> bool:
    # A nan fails every comparison, so finiteness needs no check of its own.
    return bool(
        np.all(np.abs(rows[:, 0]) <= 180.0)
        and np.all(np.abs(rows[:, 1]) <= 90.0)
        and np.all((rows[:, 2] >= 0.0) & (rows[:, 2] <= LATEST_MS))
    )


def thin(fixes: Fixes, every_m: float) -> Fixes:
    """Keep the first, the last and about one fix for each `every_m` metres of path between them."""
    if fixes.count < 3 or not every_m > 0.0:
        return fixes
    path_m = np.concatenate([[0.0], np.cumsum(distances_m(fixes.lonlat[:-1], fixes.lonlat[1:]))])
    keep = np.concatenate([[True], np.diff(np.floor(path_m / every_m)) > 0.0])
    keep[-1] = True
    return fixes.taken(keep)
