"""Importing what stands on the banks: checkpoints, notice boards and levees; all of a file or nothing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from shapely import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from backend.db import Session
from backend.domain.imports import Column, Sheet, code, words
from backend.models.segments import Checkpoint, NoticeBoard
from backend.services.imports import LEAST_LENGTH_M, Imported, Shapes, check_known, is_same, read_shapes, write
from backend.store import imports
from geo.chainage import locate_m
from geo.measure import length_m

LEVEE = (Column("segment", "segment", code),)
ON_THE_BANK = (
    Column("code", "code", code),
    Column("name", "name", words(120), is_required=False),
    Column("kind", "kind", words(20), is_required=False),
    Column("segment", "segment", code),
)


def checkpoints(session: Session, shapes: Shapes) -> Imported:
    """Checkpoints by code, each on a known segment."""
    sheet, points, there = _bank(session, shapes)
    ids = imports.ids_of(session, Checkpoint)
    written = []
    for row, values in sheet.rows:
        segment = there.get(values["segment"])
        if segment is None:
            continue
        point = points[row]
        written.append(
            {
                "id": ids.get(values["code"]) or uuid4(),
                "code": values["code"],
                "segment_id": segment.id,
                "name": values["name"] or values["code"],
                "kind": values["kind"] or "other",
                "point": point,
                "chainage_m": float(locate_m(segment.line, [[point.x, point.y]])[0]),
            }
        )
    return write(session, sheet, Checkpoint, written, ["code"], keep=["id"])


def levees(session: Session, shapes: Shapes) -> Imported:
    """Levees (堤防) that are walked instead of the bank: all lines of a file that name a segment are its levee."""
    sheet, found = read_shapes(shapes, LEVEE)
    there = imports.segments(session)
    check_known(sheet, "segment", "segment", set(there), "import.unknown_segment")
    lines: dict[str, list[LineString]] = {}
    for row, values in sheet.rows:
        parts = _parts(found[row])
        if not parts:
            sheet.flaw(row, "geometry", "import.not_a_line")
        elif any(length_m(part) < LEAST_LENGTH_M for part in parts):
            sheet.flaw(row, "geometry", "import.no_length")
        lines.setdefault(values["segment"], []).extend(parts)
    if not sheet.flaws:
        for name, parts in lines.items():
            if not is_same(there[name].levee, levee := MultiLineString(parts)):
                imports.set_levee(session, there[name].id, levee)
    return Imported(len(sheet.rows), sheet.flaws)


def boards(session: Session, shapes: Shapes) -> Imported:
    """Notice boards by code, each on a known segment."""
    sheet, points, there = _bank(session, shapes)
    ids = imports.ids_of(session, NoticeBoard)
    written = [
        {
            "id": ids.get(values["code"]) or uuid4(),
            "code": values["code"],
            "segment_id": there[values["segment"]].id,
            "point": points[row],
        }
        for row, values in sheet.rows
        if values["segment"] in there
    ]
    return write(session, sheet, NoticeBoard, written, ["code"], keep=["id"])


def _bank(session: Session, shapes: Shapes) -> tuple[Sheet, dict[int, Point], dict[str, Any]]:
    sheet, found = read_shapes(shapes, ON_THE_BANK)
    there = imports.segments(session)
    check_known(sheet, "segment", "segment", set(there), "import.unknown_segment")
    for row, _ in sheet.rows:
        if not isinstance(found[row], Point):
            sheet.flaw(row, "geometry", "import.not_a_point")
    return sheet, {row: shape for row, shape in found.items() if isinstance(shape, Point)}, there


def _parts(shape: BaseGeometry) -> list[LineString]:
    return list(shape.geoms) if isinstance(shape, MultiLineString) else [shape] if isinstance(shape, LineString) else []
