"""Town cells: through which towns a line runs, metre by metre."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPolygon
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

from backend.domain.regions import LENGTHS
from backend.domain.terms import Level
from geo.chainage import Ruler
from geo.measure import Plane

STEP_M = 10.0
"""A line is asked for its town this often, so a cut lies within 5 m of the boundary."""

SLIVER_M = 300.0
"""A shorter stretch goes to a neighbour: nobody is sent for the corner of a town; our judgement."""

COUNTY_SLIVER_M = 1000.0
"""The same for a county, whose chief would answer for less than one village segment; our judgement."""

BESIDE_M = 500.0
"""Boundaries are generalised to 200–500 m: a river that strays no further and comes back never left."""

ALONG_M = 2000.0
"""An end beside the city for longer than this marks its border, a shorter one is leaving; our judgement."""

OUTSIDE = -1


@dataclass(frozen=True)
class Stretch:
    """From metre to metre along a line in one town."""

    town: str
    from_m: float
    to_m: float

    def shifted(self, by_m: float) -> Stretch:
        """The same counted from `by_m` metres further up."""
        return replace(self, from_m=self.from_m + by_m, to_m=self.to_m + by_m)


class TownCells:
    """The areas of all towns, prepared for questions."""

    def __init__(self, cells: Iterable[tuple[str, BaseGeometry, bool]]) -> None:
        """From town code, polygon in WGS 84, and whether the polygon is invented."""
        found = sorted(cells, key=lambda cell: cell[0])
        self.codes = [code for code, _, _ in found]
        self.synthetic = frozenset(code for code, _, invented in found if invented)
        parts = [part for _, shape, _ in found for part in shapely.get_parts(shape)]
        self._plane = Plane.around(MultiPolygon(parts))
        self._tree = STRtree([self._plane.shape_in_metres(shape) for _, shape, _ in found])

    def at(self, lonlat: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Per position (n,2) the place of its town in `codes` or OUTSIDE, and whether it lies really inside.

        A position up to BESIDE_M away belongs to the nearest town without being inside; on a border, and at
        equal distance, the lower code wins.
        """
        points = np.asarray(shapely.points(self._plane.metres(lonlat)))
        (asked, found), away_m = self._tree.query_nearest(points, max_distance=BESIDE_M, return_distance=True)
        order = np.lexsort((found, asked))[::-1]
        towns = np.full(len(points), OUTSIDE, dtype=np.int64)
        inside = np.zeros(len(points), dtype=np.bool_)
        towns[asked[order]] = found[order]
        inside[asked] = away_m == 0.0
        return towns, inside


def towns_along(line: LineString, cells: TownCells) -> list[list[Stretch]]:
    """The unbroken courses of a line through the city, each as its stretches without slivers.

    What lies outside is cut off; a course that is a sliver altogether is left out.
    """
    ruler = Ruler(line)
    count = max(1, round(ruler.length_m / STEP_M))
    marks = np.linspace(0.0, ruler.length_m, count + 1)
    towns, inside = cells.at(ruler.points_at((marks[:-1] + marks[1:]) / 2))
    towns = trimmed(towns, inside)
    cuts = np.flatnonzero(np.diff(towns)) + 1
    starts = np.concatenate([[0], cuts])
    ends = np.concatenate([cuts, [count]])
    spans = [
        (int(towns[start]), float(marks[start]), float(marks[end])) for start, end in zip(starts, ends, strict=True)
    ]
    courses = []
    for out, group in groupby(spans, key=lambda span: span[0] == OUTSIDE):
        stretches = [] if out else without_slivers([Stretch(cells.codes[town], a, b) for town, a, b in group])
        if stretches:
            courses.append(stretches)
    return courses


def trimmed(towns: NDArray[np.int64], inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The towns with every course ending where it is really inside, unless it marks the border to its end."""
    trimmed = towns.copy()
    edges = np.flatnonzero(np.diff(np.concatenate([[0], towns != OUTSIDE, [0]])))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        real = np.flatnonzero(inside[start:end])
        if not real.size:
            trimmed[start:end] = OUTSIDE
            continue
        first, last = start + real[0], start + real[-1] + 1
        if first - start <= ALONG_M / STEP_M:
            trimmed[start:first] = OUTSIDE
        if end - last <= ALONG_M / STEP_M:
            trimmed[last:end] = OUTSIDE
    return trimmed


def without_slivers(stretches: list[Stretch]) -> list[Stretch]:
    """The stretches with small ones given to neighbours; nothing when all is too little for a county."""
    left = absorbed(stretches, LENGTHS[Level.TOWN], SLIVER_M)
    left = absorbed(left, LENGTHS[Level.COUNTY], COUNTY_SLIVER_M)
    return [] if span_m(left) < COUNTY_SLIVER_M else left


def absorbed(stretches: list[Stretch], digits: int, least_m: float) -> list[Stretch]:
    """Regions (by so many digits of code) under `least_m` given to a neighbour, the shortest first."""
    left = united(stretches)
    while True:
        regions = [list(group) for _, group in groupby(left, key=lambda stretch: stretch.town[:digits])]
        place = min(range(len(regions)), key=lambda at: (span_m(regions[at]), at))
        if len(regions) == 1 or span_m(regions[place]) >= least_m:
            return left
        town = heir_of(regions, place)
        regions[place] = [replace(stretch, town=town) for stretch in regions[place]]
        left = united([stretch for region in regions for stretch in region])


def heir_of(regions: list[list[Stretch]], place: int) -> str:
    """The town next door: one of the same county rather than another, then that of the longer region."""
    county = regions[place][0].town[: LENGTHS[Level.COUNTY]]
    doors = []
    if place > 0:
        doors.append((regions[place - 1][-1].town, span_m(regions[place - 1])))
    if place + 1 < len(regions):
        doors.append((regions[place + 1][0].town, span_m(regions[place + 1])))
    return max(doors, key=lambda door: (door[0].startswith(county), door[1]))[0]


def united(stretches: list[Stretch]) -> list[Stretch]:
    """Neighbouring stretches of one town as one."""
    courses = (list(group) for _, group in groupby(stretches, key=lambda stretch: stretch.town))
    return [replace(group[0], to_m=group[-1].to_m) for group in courses]


def span_m(stretches: list[Stretch]) -> float:
    """Metres from the first to the last."""
    return stretches[-1].to_m - stretches[0].from_m
