"""Importing what stands on the banks: checkpoints, notice boards and levees; all of a file or nothing."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from shapely import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from backend.db import Session
from backend.domain.imports import Column, Sheet, code, day, words
from backend.domain.signs import new_token
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

BOARD = (
    *ON_THE_BANK,
    Column("place", "place", words(120), is_required=False),
    Column("put_up_on", "put_up_on", day, is_required=False),
    Column("office_phone", "office_phone", words(40), is_required=False),
    Column("goals", "goals", words(2000), is_required=False),
    Column("forbidden", "forbidden", words(2000), is_required=False),
)
_TEXTS = ("office_phone", "goals", "forbidden")


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


def boards(session: Session, shapes: Shapes, *, today: date) -> Imported:
    """Notice boards by code, each on a known segment; of one that is there, an empty cell leaves what it says."""
    sheet, points, there = _bank(session, shapes, BOARD)
    known = imports.boards(session)
    written = [
        _board(values, known.get(values["code"]), today)
        | {"segment_id": there[values["segment"]].id, "point": points[row]}
        for row, values in sheet.rows
        if values["segment"] in there
    ]
    return write(session, sheet, NoticeBoard, written, ["code"], keep=["id", "token"])


def _board(values: dict[str, Any], known: Any, today: date) -> dict[str, Any]:
    """A board as it is kept; texts written anew make it differ from what was printed."""
    texts = {name: values[name] or (getattr(known, name) if known else "") for name in _TEXTS}
    is_new_text = known is None or any(getattr(known, name) != text for name, text in texts.items())
    place = values["place"] or (known.place if known else "")
    put_up_on = values["put_up_on"] or (known.put_up_on if known else None)
    is_same_board = not is_new_text and (known.place, known.put_up_on) == (place, put_up_on)
    return texts | {
        "id": known.id if known else uuid4(),
        "code": values["code"],
        "token": known.token if known else new_token(),
        "place": place,
        "put_up_on": put_up_on,
        "text_on": today if is_new_text else known.text_on,
        "is_text_newer": known is not None and (known.is_text_newer or (is_new_text and known.printed_on is not None)),
        "version": (known.version if known else 0) + (not is_same_board),
    }


def _bank(
    session: Session, shapes: Shapes, columns: tuple[Column, ...] = ON_THE_BANK
) -> tuple[Sheet, dict[int, Point], dict[str, Any]]:
    sheet, found = read_shapes(shapes, columns)
    there = imports.segments(session)
    check_known(sheet, "segment", "segment", set(there), "import.unknown_segment")
    for row, _ in sheet.rows:
        if not isinstance(found[row], Point):
            sheet.flaw(row, "geometry", "import.not_a_point")
    return sheet, {row: shape for row, shape in found.items() if isinstance(shape, Point)}, there


def _parts(shape: BaseGeometry) -> list[LineString]:
    return list(shape.geoms) if isinstance(shape, MultiLineString) else [shape] if isinstance(shape, LineString) else []
