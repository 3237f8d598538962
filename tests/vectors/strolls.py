"""Playing a walk step by step, with a little noise: along a river, at rest, away from it, without signal, in a car."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from shapely import LineString

from geo.chainage import Ruler
from tests.geo.scenes import MORNING_MS, along

Row = list[Any]
"""Longitude, latitude, Unix ms, accuracy in metres (None: unknown)."""


class Stroll:
    """A walk being made: where on the river, what time it is, and what the phone has recorded."""

    def __init__(
        self, line: LineString, at_m: float = 100.0, off_m: float = 15.0, accuracy_m: float | None = 8
    ) -> None:
        self.line = line
        self.at_m, self.off_m, self.accuracy_m = at_m, off_m, accuracy_m
        self.now_ms = MORNING_MS
        self.rows: list[Row] = []
        self.dice = np.random.default_rng(7)

    def go(self, to_m: float, *, mps: float = 1.2, every_s: float = 5.0, off_m: float | None = None) -> Stroll:
        """Along the river to a chainage; beyond its left bank by `off_m`."""
        self.off_m = self.off_m if off_m is None else off_m
        count = max(int(abs(to_m - self.at_m) / (mps * every_s)), 1)
        self._record(np.linspace(self.at_m, to_m, count + 1), np.full(count + 1, self.off_m), every_s)
        self.at_m = to_m
        return self

    def aside(self, off_m: float, *, mps: float = 1.2, every_s: float = 5.0) -> Stroll:
        """Away from the river, or across it, without going along it."""
        count = max(int(abs(off_m - self.off_m) / (mps * every_s)), 1)
        self._record(np.full(count + 1, self.at_m), np.linspace(self.off_m, off_m, count + 1), every_s)
        self.off_m = off_m
        return self

    def rest(self, minutes: float, *, every_s: float = 5.0) -> Stroll:
        """Stay there, recording."""
        count = int(minutes * 60.0 / every_s)
        self._record(np.full(count, self.at_m), np.full(count, self.off_m), every_s)
        return self

    def lose(self, seconds: float, *, to_m: float | None = None) -> Stroll:
        """Record nothing for so long, and be somewhere else on the river afterwards."""
        self.now_ms += int(seconds * 1000) - 5_000
        self.at_m = self.at_m if to_m is None else to_m
        return self

    def see(self, accuracy_m: float | None) -> Stroll:
        """From now on positions are so accurate, in metres."""
        self.accuracy_m = accuracy_m
        return self

    def stray(self, count: int, far_m: float) -> Stroll:
        """Some false positions far from the river, a second apart."""
        self.now_ms -= 4_000
        self._record(np.full(count, self.at_m), np.full(count, far_m), 1.0)
        self.now_ms += 4_000
        return self

    def _record(self, at_m: Any, off_m: Any, every_s: float) -> None:
        if not len(at_m):
            return
        plane = Ruler(self.line).plane
        places = plane.metres(along(self.line, np.asarray(at_m, dtype=float), off_m))
        for lon, lat in plane.degrees(places + self.dice.normal(0.0, 1.5, places.shape)).tolist():
            self.rows.append([round(lon, 6), round(lat, 6), self.now_ms, self.accuracy_m])
            self.now_ms += int(every_s * 1000)


def swapped(rows: list[Row], one: int, other: int) -> list[Row]:
    """The same rows with two of them in each other's place."""
    turned = list(rows)
    turned[one], turned[other] = turned[other], turned[one]
    return turned


def doubled(rows: Iterable[Row], *, is_bad_first: bool = False) -> list[Row]:
    """Each position twice, once of them 300 m off and far less accurate."""
    pairs = ((row, [round(row[0] + 0.003, 6), row[1], row[2], 90]) for row in rows)
    return [each for good, bad in pairs for each in ((bad, good) if is_bad_first else (good, bad))]


def told(rows: list[Row], accuracy_m: float | None, *which: int) -> list[Row]:
    """The same rows, some of them with another accuracy."""
    return [[*row[:3], accuracy_m] if index in which else row for index, row in enumerate(rows)]
