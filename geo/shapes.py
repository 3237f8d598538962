"""Shapes built from foreign numbers: every position is checked before GEOS sees any of them.

GEOS crashes on deep nesting, so depth, counts, ranges, finiteness and closedness are checked here.
"""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

Place = tuple[float, float]

# How many lists lie around a position.
_DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
ALL_KINDS = frozenset(_DEPTHS)


class GeometryRefused(ValueError):
    """A foreign geometry that is not taken, with the place in the document, a stable code and its values."""

    def __init__(self, pointer: str, code: str, **params: object) -> None:
        """Name the place (a JSON pointer), the reason and the values a sentence about it needs."""
        super().__init__(f"{code} at {pointer or '/'}")
        self.pointer = pointer
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Bounds:
    """How much of a document is taken: bytes, features, positions in all, and kinds of geometry."""

    most_bytes: int = 64 * 1024 * 1024
    most_features: int = 200_000
    most_positions: int = 2_000_000
    most_positions_each: int = 100_000
    kinds: frozenset[str] = ALL_KINDS


STANDARD = Bounds()


@dataclass
class Budget:
    """What is left of the positions a document may hold."""

    bounds: Bounds
    spent: int = 0
    spent_here: int = 0

    def spend(self, pointer: str) -> None:
        """Take one position off, or refuse it."""
        self.spent += 1
        self.spent_here += 1
        if self.spent_here > self.bounds.most_positions_each:
            raise GeometryRefused(pointer, "too_many_positions", most=self.bounds.most_positions_each)
        if self.spent > self.bounds.most_positions:
            raise GeometryRefused(pointer, "too_many_positions", most=self.bounds.most_positions)


def geometry(tree: object, pointer: str, budget: Budget) -> BaseGeometry:
    """Build one geometry from parsed JSON that stood at `pointer`; GeometryRefused names the wrong place."""
    kind = member(tree, "type", pointer)
    if not isinstance(kind, str) or kind not in budget.bounds.kinds:
        raise GeometryRefused(f"{pointer}/type", "wrong_kind", kinds=sorted(budget.bounds.kinds))
    at = f"{pointer}/coordinates"
    budget.spent_here = 0
    places = _places(member(tree, "coordinates", pointer), _DEPTHS[kind], at, budget)
    shape = _BUILDERS[kind](places, at)
    if not shape.is_valid:
        raise GeometryRefused(at, "not_simple", detail=str(shapely.is_valid_reason(shape))[:200])
    return shape


def _places(value: object, depth: int, pointer: str, budget: Budget) -> Any:
    """Check nested lists of positions to exactly this depth; the recursion is at most four deep."""
    if depth == 0:
        return _place(value, pointer, budget)
    return [
        _places(part, depth - 1, f"{pointer}/{number}", budget) for number, part in enumerate(listed(value, pointer))
    ]


def _place(value: object, pointer: str, budget: Budget) -> Place:
    budget.spend(pointer)
    numbers = listed(value, pointer)
    if not 2 <= len(numbers) <= 4:
        raise GeometryRefused(pointer, "not_a_position")
    return _degrees(numbers[0], 180.0, f"{pointer}/0"), _degrees(numbers[1], 90.0, f"{pointer}/1")


def _degrees(value: object, most: float, pointer: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise GeometryRefused(pointer, "not_a_number")
    if isinstance(value, float) and not math.isfinite(value):
        raise GeometryRefused(pointer, "not_finite")
    if not -most <= value <= most:
        raise GeometryRefused(pointer, "out_of_range", least=-most, most=most)
    # Adding nought turns -0.0 into 0.0.
    return float(value) + 0.0


def _line(places: list[Place], pointer: str) -> LineString:
    if len(set(places)) < 2:
        raise GeometryRefused(pointer, "too_few_positions", least=2)
    _no_date_line(places, pointer)
    return LineString(places)


def _ring(places: list[Place], pointer: str) -> list[Place]:
    if len(places) < 4:
        raise GeometryRefused(pointer, "too_few_positions", least=4)
    if places[0] != places[-1]:
        raise GeometryRefused(pointer, "not_closed")
    _no_date_line(places, pointer)
    return places


def _no_date_line(places: list[Place], pointer: str) -> None:
    longitudes = [place[0] for place in places]
    if any(abs(b - a) > 180.0 for a, b in itertools.pairwise(longitudes)):
        raise GeometryRefused(pointer, "crosses_date_line")


def _polygon(rings: list[list[Place]], pointer: str) -> Polygon:
    checked = [_ring(ring, f"{pointer}/{number}") for number, ring in enumerate(_some(rings, pointer))]
    return Polygon(checked[0], checked[1:])


def _some(parts: list[Any], pointer: str) -> list[Any]:
    if not parts:
        raise GeometryRefused(pointer, "empty")
    return parts


def _lines(parts: list[list[Place]], pointer: str) -> MultiLineString:
    return MultiLineString([_line(p, f"{pointer}/{number}") for number, p in enumerate(_some(parts, pointer))])


def _polygons(parts: list[list[list[Place]]], pointer: str) -> MultiPolygon:
    return MultiPolygon([_polygon(p, f"{pointer}/{number}") for number, p in enumerate(_some(parts, pointer))])


_BUILDERS: dict[str, Any] = {
    "Point": lambda place, pointer: Point(place),
    "MultiPoint": lambda places, pointer: MultiPoint(_some(places, pointer)),
    "LineString": _line,
    "MultiLineString": _lines,
    "Polygon": _polygon,
    "MultiPolygon": _polygons,
}


def member(tree: object, name: str, pointer: str) -> Any:
    """Give a member of a JSON object, which must be one and have it."""
    if not isinstance(tree, Mapping):
        raise GeometryRefused(pointer, "not_an_object")
    if name not in tree:
        raise GeometryRefused(pointer, "missing", member=name)
    return tree[name]


def listed(value: object, pointer: str) -> list[Any]:
    """Give a JSON list, which it must be."""
    if not isinstance(value, list):
        raise GeometryRefused(pointer, "not_a_list")
    return value
