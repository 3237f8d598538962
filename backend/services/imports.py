"""Importing places: regions, rivers, units and segments; all of a file or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from shapely import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from backend.db import Session
from backend.domain.imports import Column, RowFlaw, Sheet, code, day, kinds, level, number, read, region_code, words
from backend.domain.regions import LENGTHS, level_of
from backend.domain.terms import Level
from backend.models.people import Unit
from backend.models.regions import Region
from backend.models.segments import River, Segment
from backend.store import imports
from backend.words import Text
from geo.measure import length_m

Rows = Iterable[tuple[int, Mapping[str, Any]]]
Shapes = Iterable[tuple[int, Mapping[str, Any], BaseGeometry | Text]]
SINCE = date(2020, 1, 1)
"""From when a segment holds that says nothing of it."""
LEAST_LENGTH_M = 1.0


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would have done: rows read, and the flaws for which nothing was written."""

    rows: int
    flaws: list[RowFlaw] = field(default_factory=list)
    said: dict[str, int] = field(default_factory=dict)
    """What comes of it, in numbers, where an importer counts them."""


REGION = (
    Column("code", "code", region_code),
    Column("name", "name", words(80)),
    Column("kind", "kind", words(20), is_required=False),
    Column("mca_code", "mca_code", words(12), is_required=False),
    Column("mca_name", "mca_name", words(80), is_required=False),
)
RIVER = (
    Column("code", "code", code),
    Column("name", "name", words(80)),
    Column("kind", "kind", words(20), is_required=False),
)
UNIT = (
    Column("code", "code", code),
    Column("name", "name", words(80)),
    Column("region", "region_code", region_code),
    Column("kind", "kind", words(40), is_required=False),
    Column("handles", "handles", kinds, is_required=False),
)
SEGMENT = (
    Column("code", "code", code),
    Column("name", "name", words(120)),
    Column("river", "river_code", code),
    Column("region", "region_code", region_code),
    Column("level", "level", level),
    Column("parent", "parent", code, is_required=False),
    Column("width_m", "width_m", number, is_required=False),
    Column("from_m", "from_m", number, is_required=False),
    Column("synthetic", "synthetic", words(10), is_required=False),
    Column("from_day", "from_day", day, is_required=False),
    Column("until_day", "until_day", day, is_required=False),
)


def regions(session: Session, rows: Rows) -> Imported:
    """Regions by their codes; each but the highest lies in one that is known."""
    sheet = read(rows, REGION)
    known = imports.region_codes(session) | {values["code"] for _, values in sheet.rows}
    highest = min((len(each) for each in known), default=0)
    written = []
    for row, values in sheet.rows:
        rank = level_of(values["code"])
        parent = None if rank is Level.PROVINCE else _parent_region(values["code"], rank)
        if parent is not None and parent not in known and len(values["code"]) > highest:
            sheet.flaw(row, "code", "import.unknown_parent", code=parent)
        written.append(values | {"level": int(rank), "parent_code": parent})
    return write(session, sheet, Region, written, ["code"])


def rivers(session: Session, rows: Rows) -> Imported:
    """Rivers by their codes."""
    sheet = read(rows, RIVER)
    return write(session, sheet, River, [v | {"kind": v["kind"] or "river"} for _, v in sheet.rows], ["code"])


def units(session: Session, rows: Rows) -> Imported:
    """Responsible units by their codes, each in a known region."""
    sheet = read(rows, UNIT)
    check_known(sheet, "region", "region_code", imports.region_codes(session), "import.unknown_region")
    return write(session, sheet, Unit, [v | {"handles": v["handles"] or []} for _, v in sheet.rows], ["code"])


def segments(session: Session, shapes: Shapes) -> Imported:
    """Segments with their lines, by code; another line or width is a new version of its segment.

    `until_day` ends a segment: it is the first day on which nobody owes it. What is left empty stays as it was.
    """
    sheet, lines = read_shapes(shapes, SEGMENT)
    there = imports.segments(session)
    new = {values["code"]: (uuid4(), values) for _, values in sheet.rows if values["code"] not in there}
    ids = {known: row.id for known, row in there.items()} | {known: key for known, (key, _) in new.items()}
    levels = {known: row.level for known, row in there.items()} | {v["code"]: int(v["level"]) for _, v in sheet.rows}
    check_known(sheet, "region", "region_code", imports.region_codes(session), "import.unknown_region")
    check_known(sheet, "river", "river_code", imports.river_codes(session), "import.unknown_river")
    for row, values in sheet.rows:
        _check_segment(sheet, row, values, lines[row], levels)
    if sheet.flaws:
        return Imported(len(sheet.rows), sheet.flaws)

    written = [_segment_row(values, _line(lines[row]), ids, there) for row, values in sheet.rows]
    # Parents first: the higher level is the one that others lie in.
    written.sort(key=lambda each: -each["level"])
    return write(session, sheet, Segment, written, ["code"], keep=["id"])


def write(
    session: Session,
    sheet: Sheet,
    model: type[Any],
    rows: list[dict[str, Any]],
    key: list[str],
    keep: Iterable[str] = (),
) -> Imported:
    """Write everything, or nothing when there is a flaw."""
    _check_doubles(sheet)
    if not sheet.flaws and rows:
        imports.upsert(session, model, rows, key, keep)
    return Imported(len(sheet.rows), sheet.flaws)


def _check_doubles(sheet: Sheet) -> None:
    first: dict[str, int] = {}
    for row, values in sheet.rows:
        if values["code"] in first:
            sheet.flaw(row, "code", "import.double", first=first[values["code"]])
        first.setdefault(values["code"], row)


def check_known(sheet: Sheet, heading: str, name: str, known: set[str], key: str) -> None:
    """Note every row that names what is not in the system."""
    for row, values in sheet.rows:
        if values[name] not in known:
            sheet.flaw(row, heading, key, code=values[name])


def _check_segment(sheet: Sheet, row: int, values: dict[str, Any], line: BaseGeometry, levels: dict[str, int]) -> None:
    found = _line(line)
    if found is None:
        sheet.flaw(row, "geometry", "import.not_a_line")
    elif length_m(found) < LEAST_LENGTH_M:
        sheet.flaw(row, "geometry", "import.no_length")
    if values["until_day"] is not None and values["until_day"] < (values["from_day"] or SINCE):
        sheet.flaw(row, "until_day", "import.segment_days")
    if values["parent"] is not None and values["parent"] not in levels:
        sheet.flaw(row, "parent", "import.unknown_segment", code=values["parent"])
    elif values["parent"] is not None and levels[values["parent"]] <= int(values["level"]):
        sheet.flaw(row, "parent", "import.parent_too_low", code=values["parent"])


def _segment_row(
    values: dict[str, Any], line: LineString | None, ids: dict[str, Any], there: dict[str, Any]
) -> dict[str, Any]:
    assert line is not None
    metres, begins_m = length_m(line), values["from_m"] or 0.0
    before = there.get(values["code"])
    earlier = {name: getattr(before, name, None) for name in ("width_m", "from_day", "until_day")}
    width_m = earlier["width_m"] or 0.0 if values["width_m"] is None else values["width_m"]
    is_reshaped = before is not None and not (is_same(before.line, line) and before.width_m == width_m)
    return {
        "id": ids[values["code"]],
        "code": values["code"],
        "name": values["name"],
        "river_code": values["river_code"],
        "region_code": values["region_code"],
        "level": int(values["level"]),
        "parent_id": ids[values["parent"]] if values["parent"] else None,
        "width_m": width_m,
        "length_m": metres,
        "from_m": begins_m,
        "to_m": begins_m + metres,
        "line": line,
        **dict(zip(("west", "south", "east", "north"), line.bounds, strict=True)),
        "from_day": values["from_day"] or earlier["from_day"] or SINCE,
        "until_day": values["until_day"] or earlier["until_day"],
        "is_synthetic": str(values["synthetic"]).lower() in ("true", "1", "是"),
        "version": before.version + is_reshaped if before is not None else 1,
    }


def read_shapes(shapes: Shapes, columns: Iterable[Column]) -> tuple[Sheet, dict[int, BaseGeometry]]:
    """The rows that could be read and the shape of each; a row without a shape is a flaw like any other."""
    found: dict[int, BaseGeometry] = {}
    wrong: list[RowFlaw] = []

    def rows() -> Rows:
        for row, properties, shape in shapes:
            if isinstance(shape, Text):
                wrong.append(RowFlaw(row, "geometry", shape))
            else:
                found[row] = shape
            yield row, properties

    sheet = read(rows(), columns)
    sheet.rows = [each for each in sheet.rows if each[0] in found]
    sheet.flaws.extend(wrong)
    return sheet, found


def is_same(before: BaseGeometry | None, after: BaseGeometry) -> bool:
    """Whether a line is the one that is there, to the millimetre."""
    return before is not None and bool(before.equals_exact(after, 1e-9))


def _line(shape: BaseGeometry) -> LineString | None:
    """The one line of a shape; surveyors' files often wrap it up."""
    if isinstance(shape, MultiLineString) and len(shape.geoms) == 1:
        return shape.geoms[0]
    return shape if isinstance(shape, LineString) else None


def _parent_region(region: str, rank: Level) -> str:
    return region[: LENGTHS[Level(rank + 1)]]
