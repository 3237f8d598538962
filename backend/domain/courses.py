"""Courses: a river of a source file as one or more clean lines, with its code, class and width."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from backend.errors import Problem
from geo.measure import distances_m, length_m

WIDTH_M = {"basin": 120.0, "backbone": 80.0, "branch": 30.0, "canal": 20.0}
"""Width of the channel by class of river (流域机构, 省级骨干, 县级河道, 灌排渠道); our judgement."""

JOIN_WITHIN_M = 300.0
"""Ends of parts this close are one river drawn in two strokes; our judgement."""

CLOSED_WITHIN_M = 1.0
LEAST_RING_M = 1000.0
"""A closed ring shorter than this is an island or a slip of the digitiser, not a course; our judgement."""

GENERIC_WORDS = frozenset({"he", "qu", "hu", "jiang", "gou", "river", "canal", "lake", "ditch", "main"})


class CannotCut(Problem):
    """A source file lacks what the cutting needs."""

    code = "cannot_cut"


@dataclass(frozen=True)
class Course:
    """A river: its runs follow each other downstream, each with the chainage in metres at which it starts."""

    code: str
    name: str
    width_m: float
    runs: tuple[tuple[float, LineString], ...]

    @property
    def length_m(self) -> float:
        """Metres of all runs together; the gaps between them have no length."""
        start_m, line = self.runs[-1]
        return start_m + length_m(line)


def course_of(code: str, name: str, width_m: float, shape: BaseGeometry) -> Course:
    """The course of a LineString or MultiLineString in WGS 84; CannotCut where there is no line."""
    parts = [LineString(shapely.force_2d(part)) for part in shapely.get_parts(shape) if usable(part)]
    if not parts:
        raise CannotCut("no_line", river=name)
    runs, start_m = [], 0.0
    for line in joined(parts):
        runs.append((start_m, line))
        start_m += length_m(line)
    return Course(code=code, name=name, width_m=width_m, runs=tuple(runs))


def usable(part: BaseGeometry) -> bool:
    """Whether a part is a line of some length and not a small closed ring."""
    if part.geom_type != "LineString" or part.is_empty:
        return False
    ends = shapely.get_coordinates(part)[[0, -1]]
    length = length_m(part)
    closed = distances_m(ends[:1], ends[1:])[0] < CLOSED_WITHIN_M
    return bool(length > CLOSED_WITHIN_M and not (closed and length < LEAST_RING_M))


def joined(parts: Iterable[LineString]) -> list[LineString]:
    """The parts strung end to end wherever ends meet; the first part of each run says which way it flows."""
    left = [shapely.get_coordinates(part) for part in parts]
    runs = []
    while left:
        chain = left.pop(0)
        while (fit := best_fit(chain, left)) is not None:
            place, chain = fit
            left.pop(place)
        runs.append(LineString(chain))
    return runs


def best_fit(chain: NDArray[np.float64], parts: list[NDArray[np.float64]]) -> tuple[int, NDArray[np.float64]] | None:
    """Which part meets the chain most closely, and the chain with it; None when none is near."""
    best_m, best = JOIN_WITHIN_M, None
    for place, part in enumerate(parts):
        for before, after in ((chain, part), (part, chain), (chain, part[::-1]), (part[::-1], chain)):
            gap_m = float(distances_m(before[-1:], after[:1])[0])
            if gap_m < best_m:
                best_m, best = gap_m, (place, strung(before, after))
    return best


def strung(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float64]:
    """Both in one row of points, with the point they share only once."""
    shared = bool((before[-1] == after[0]).all())
    return np.concatenate([before, after[1:] if shared else after])


def river_code(name: str, name_en: str | None, given: str | None) -> str:
    """The readable code of a river: the given one, else its romanised name without words like 河 or canal.

    CannotCut when neither leaves anything readable.
    """
    words = re.sub(r"\(.*?\)|No\.", " ", given or name_en or "").split()
    kept = [word for word in words if given or word.lower() not in GENERIC_WORDS]
    code = re.sub(r"[^A-Z0-9]", "", "".join(kept).upper())
    if not code:
        raise CannotCut("no_code", river=name)
    return code
