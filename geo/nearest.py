"""The nearest place on a line for thousands of points at once, in plane metres."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Points that follow each other lie close together, so few legs of the river matter to a handful of them.
_HANDFUL = 128


@dataclass(frozen=True, eq=False)
class Legs:
    """The straight legs of one or more lines: start points (m, 2), steps (m, 2), squared lengths (m,)."""

    starts: Array
    steps: Array
    squares: Array

    @classmethod
    def of(cls, lines: Iterable[Array]) -> "Legs":
        """Take the legs of lines given as vertex arrays (k, 2) in metres."""
        parts = list(lines)
        starts = np.concatenate([part[:-1] for part in parts])
        steps = np.concatenate([np.diff(part, axis=0) for part in parts])
        squares = (steps**2).sum(axis=1)
        # A leg of no length keeps its place (its start) without dividing by nought.
        return cls(starts, steps, np.where(squares > 0.0, squares, 1.0))

    def nearest(self, points: Array) -> tuple[NDArray[np.intp], Array, Array]:
        """Find for points (n, 2) the nearest leg, the fraction along it and the metres to it, each (n,)."""
        count = len(points)
        leg, fraction, distance = np.empty(count, np.intp), np.empty(count), np.empty(count)
        for first in range(0, count, _HANDFUL):
            part = slice(first, first + _HANDFUL)
            some = self._worth_a_look(points[part])
            fractions, squares = self._along(points[part], some)
            best = squares.argmin(axis=1)
            rows = np.arange(len(best))
            leg[part] = some[best]
            fraction[part] = fractions[rows, best]
            distance[part] = np.sqrt(squares[rows, best])
        return leg, fraction, distance

    def _worth_a_look(self, points: Array) -> NDArray[np.intp]:
        low, high = points.min(axis=0), points.max(axis=0)
        everything = np.arange(len(self.starts), dtype=np.intp)
        if len(everything) <= 8:
            return everything
        _, squares = self._along((low[None] + high[None]) / 2.0, everything)
        distances = np.sqrt(squares[0])
        # By the triangle inequality no point's nearest leg is further from their middle than this.
        return np.flatnonzero(distances <= distances.min() + np.hypot(*(high - low)) + 1e-6)

    def _along(self, points: Array, some: NDArray[np.intp]) -> tuple[Array, Array]:
        starts, steps = self.starts[some], self.steps[some]
        east = points[:, 0, None] - starts[:, 0]
        north = points[:, 1, None] - starts[:, 1]
        fractions = (east * steps[:, 0] + north * steps[:, 1]) / self.squares[some]
        np.minimum(np.maximum(fractions, 0.0, out=fractions), 1.0, out=fractions)
        east -= fractions * steps[:, 0]
        north -= fractions * steps[:, 1]
        return fractions, east * east + north * north
