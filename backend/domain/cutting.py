"""Cutting rivers: along towns and counties into a tree of reaches, and town reaches into village segments."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from shapely.geometry import LineString

from backend.domain.courses import CannotCut, Course
from backend.domain.divisions import Divisions
from backend.domain.regions import LENGTHS, level_of
from backend.domain.terms import Level
from backend.domain.town_cells import Stretch, TownCells, towns_along
from geo import chainage

PIECE_M = 1000.0
"""A village segment is about this long; our judgement: an hour's walk there and back with looking."""


@dataclass(frozen=True)
class Segment:
    """A row of the tree: `from_m` and `to_m` are the chainage on the river, `line` is WGS 84, lon lat."""

    code: str
    name: str
    river: str
    region: str
    level: Level
    parent: str | None
    width_m: float
    from_m: float
    to_m: float
    line: LineString
    synthetic: bool

    @property
    def length_m(self) -> float:
        """Metres along the river."""
        return self.to_m - self.from_m


@dataclass(frozen=True)
class Piece:
    """A village segment before it has a village."""

    reach: Segment
    number: int
    """Counted along the river within the county, from 1."""
    from_m: float
    to_m: float


def cut_rivers(courses: Sequence[Course], cells: TownCells, divisions: Divisions) -> list[Segment]:
    """All segments of all rivers, each parent before its children, in the order of the rivers.

    A river that never enters the city has no segments. CannotCut when none does, or two have one code.
    """
    codes = Counter(course.code for course in courses)
    for course in courses:
        if codes[course.code] > 1:
            raise CannotCut("code_twice", river=course.name, code=course.code)
    trees = [(course, list(reaches(course, cells, divisions))) for course in courses]
    if not any(tree for _, tree in trees):
        raise CannotCut("nothing_inside")
    pieces = [(course, list(pieces_of(tree))) for course, tree in trees]
    villages = villages_of([piece for _, found in pieces for piece in found], divisions)

    segments: list[Segment] = []
    for (course, tree), (_, found) in zip(trees, pieces, strict=True):
        segments += in_tree_order(tree, list(village_segments(course, found, villages, divisions)))
    return segments


def reaches(course: Course, cells: TownCells, divisions: Divisions) -> Iterator[Segment]:
    """City, county and town reaches of one river; a region entered again is a reach of its own."""
    seen: Counter[str] = Counter()
    for start_m, line in course.runs:
        for block in towns_along(line, cells):
            stretches = [stretch.shifted(start_m) for stretch in block]
            yield from reach_tree(course, line, start_m, stretches, seen, divisions, cells)


def reach_tree(
    course: Course,
    line: LineString,
    start_m: float,
    stretches: list[Stretch],
    seen: Counter[str],
    divisions: Divisions,
    cells: TownCells,
) -> Iterator[Segment]:
    """One unbroken course through the city as a tree: the city reach, then each county's with its towns'."""

    def reach(region: str, parts: list[Stretch], parent: str | None) -> Segment:
        seen[region] += 1
        return Segment(
            code=reach_code(course.code, region, seen[region]),
            name=reach_name(course.name, divisions.name(region), seen[region]),
            river=course.code,
            region=region,
            level=level_of(region),
            parent=parent,
            width_m=course.width_m,
            from_m=parts[0].from_m,
            to_m=parts[-1].to_m,
            line=chainage.cut(line, parts[0].from_m - start_m, parts[-1].to_m - start_m),
            synthetic=region in cells.synthetic,
        )

    city = reach(stretches[0].town[: LENGTHS[Level.CITY]], stretches, None)
    yield city
    for county_code, group in groupby(stretches, key=lambda stretch: stretch.town[: LENGTHS[Level.COUNTY]]):
        inside = list(group)
        county = reach(county_code, inside, city.code)
        yield county
        for stretch in inside:
            yield reach(stretch.town, [stretch], county.code)


def pieces_of(tree: Iterable[Segment]) -> Iterator[Piece]:
    """Equal pieces of about a kilometre of every town reach, numbered along the river within the county."""
    numbers: Counter[str] = Counter()
    for reach in tree:
        if reach.level is not Level.TOWN:
            continue
        count = max(1, round(reach.length_m / PIECE_M))
        marks = [reach.from_m + reach.length_m * place / count for place in range(count)] + [reach.to_m]
        county = reach.region[: LENGTHS[Level.COUNTY]]
        for from_m, to_m in pairwise(marks):
            numbers[county] += 1
            yield Piece(reach=reach, number=numbers[county], from_m=from_m, to_m=to_m)


def villages_of(pieces: Iterable[Piece], divisions: Divisions) -> dict[str, list[str]]:
    """Per town the village of each of its pieces: all villages in code order, spread evenly when too few.

    Villages have no positions, so this is an invention that only keeps the numbers right.
    """
    counts = Counter(piece.reach.region for piece in pieces)
    taken = {}
    for town, count in counts.items():
        villages = divisions.villages(town)
        if not villages:
            raise CannotCut("no_villages", town=divisions.name(town), code=town)
        shared = max(count, len(villages))
        taken[town] = [villages[place * len(villages) // shared] for place in range(count)]
    return taken


def village_segments(
    course: Course, pieces: list[Piece], villages: dict[str, list[str]], divisions: Divisions
) -> Iterator[Segment]:
    """The pieces as segments; each takes the next village off the list of its town."""
    owners = [villages[piece.reach.region].pop(0) for piece in pieces]
    of_village = Counter(owners)
    seen: Counter[str] = Counter()
    for piece, village in zip(pieces, owners, strict=True):
        reach, start_m = piece.reach, piece.reach.from_m
        seen[village] += 1
        nth = seen[village] if of_village[village] > 1 else None
        yield Segment(
            code=f"{course.code}-{village[: LENGTHS[Level.COUNTY]]}-{piece.number:03d}",
            name=village_segment_name(course.name, divisions.name(reach.region), divisions.short_name(village), nth),
            river=course.code,
            region=village,
            level=Level.VILLAGE,
            parent=reach.code,
            width_m=course.width_m,
            from_m=piece.from_m,
            to_m=piece.to_m,
            line=chainage.cut(reach.line, piece.from_m - start_m, piece.to_m - start_m),
            synthetic=True,
        )


def in_tree_order(tree: list[Segment], villages: list[Segment]) -> Iterator[Segment]:
    """Each town reach followed by its village segments."""
    children = defaultdict(list)
    for village in villages:
        children[village.parent].append(village)
    for reach in tree:
        yield reach
        yield from children[reach.code]


def reach_code(river: str, region: str, nth: int) -> str:
    """TUHAI-371502001, and TUHAI-371502001-2 where the river comes back."""
    return f"{river}-{region}" + (f"-{nth}" if nth > 1 else "")


def reach_name(river: str, region: str, nth: int) -> str:
    """徒骇河柳园街道段, and 徒骇河柳园街道段（之二） where the river comes back."""
    return f"{river}{region}段" + (f"（之{chinese_number(nth)}）" if nth > 1 else "")


def village_segment_name(river: str, town: str, village: str, nth: int | None) -> str:
    """徒骇河柳园街道古城社区段, or …古城社区二段 when one village has several pieces of the river."""
    return f"{river}{town}{village}{chinese_number(nth) if nth else ''}段"


def chinese_number(number: int) -> str:
    """A number from 1 to 99 in Chinese figures."""
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not tens:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
