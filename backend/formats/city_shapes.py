"""The shapes of a seed city: rivers in, segments and what stands on the bank out, as GeoJSON features."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from backend.domain.bankside import PUT_UP_ON, Checkpoint, NoticeBoard
from backend.domain.courses import WIDTH_M, CannotCut, Course, course_of, river_code
from backend.domain.cutting import Segment
from backend.domain.terms import Level
from geo import geojson

Feature = tuple[BaseGeometry, Mapping[str, Any]]

LINES = frozenset({"LineString", "MultiLineString"})
AREAS = frozenset({"Polygon", "MultiPolygon"})
WIDEST_M = 20_000.0


def features(document: bytes, kinds: frozenset[str]) -> list[Feature]:
    """The shapes of a GeoJSON document with their properties; CannotCut names the place that is wrong."""
    # An operator's own survey may be large: a whole city's boundaries and rivers.
    bounds = geojson.Bounds(most_positions=20_000_000, most_positions_each=2_000_000, kinds=kinds)
    try:
        return [(found.geometry, found.properties) for found in geojson.read(document, bounds)]
    except geojson.GeometryRefused as refused:
        raise CannotCut("unreadable", place=refused.pointer or "/", reason=refused.code) from refused


def town_cells(document: bytes) -> list[tuple[str, BaseGeometry, bool]]:
    """Town code, area, and whether its `quality` says that the area is invented."""
    return [
        (str(properties.get("code")), shape, str(properties.get("quality", "")).startswith("synthetic"))
        for shape, properties in features(document, AREAS)
    ]


def course_from(shape: BaseGeometry, properties: Mapping[str, Any]) -> Course:
    """A river of the source file; its width is `width_m`, else that of its `class`, else of its `role`."""
    name = str(properties.get("name") or "")
    code = river_code(name, properties.get("name_en"), properties.get("code"))
    width_m = properties.get("width_m", WIDTH_M[class_of(properties)])
    if not isinstance(width_m, int | float) or not 0.0 <= width_m <= WIDEST_M:
        raise CannotCut("bad_width", river=name, width=width_m)
    return course_of(code, name, float(width_m), shape)


def class_of(properties: Mapping[str, Any]) -> str:
    """basin, backbone, branch or canal; CannotCut for another word."""
    named = str(properties.get("class") or ("canal" if properties.get("role") == "canal" else "branch"))
    if named not in WIDTH_M:
        raise CannotCut("unknown_class", river=properties.get("name"), named=named, known=", ".join(WIDTH_M))
    return named


def segment_feature(segment: Segment) -> Feature:
    """A segment with all it needs to be imported; metres with one decimal."""
    return segment.line, {
        "code": segment.code,
        "name": segment.name,
        "river": segment.river,
        "region": segment.region,
        "level": segment.level.word,
        "parent": segment.parent,
        "width_m": tenths(segment.width_m),
        "from_m": tenths(segment.from_m),
        "to_m": tenths(segment.to_m),
        "length_m": tenths(segment.length_m),
        "synthetic": segment.synthetic,
    }


def segments_in(document: bytes) -> list[Segment]:
    """The segments of a file that the cutting wrote; CannotCut for another file."""
    try:
        return [segment_from(shape, properties) for shape, properties in features(document, LINES)]
    except KeyError as missing:
        raise CannotCut("no_segments", member=missing.args[0]) from missing


def segment_from(shape: BaseGeometry, properties: Mapping[str, Any]) -> Segment:
    """The segment of a feature that `segment_feature` made; KeyError when something is missing."""
    return Segment(
        code=properties["code"],
        name=properties["name"],
        river=properties["river"],
        region=properties["region"],
        level=Level[properties["level"].upper()],
        parent=properties["parent"],
        width_m=properties["width_m"],
        from_m=properties["from_m"],
        to_m=properties["to_m"],
        line=LineString(shape.coords),
        synthetic=properties["synthetic"],
    )


def checkpoint_feature(point: Checkpoint) -> Feature:
    """A checkpoint, marked as invented."""
    return point.place, {
        "code": point.code,
        "name": point.name,
        "kind": point.kind,
        "segment": point.segment,
        "synthetic": True,
    }


def board_feature(board: NoticeBoard) -> Feature:
    """A notice board, marked as invented."""
    return board.place, {
        "code": board.code,
        "name": board.name,
        "segment": board.segment,
        "place": board.where,
        "put_up_on": PUT_UP_ON.isoformat(),
        "office_phone": board.office_phone,
        "synthetic": True,
    }


def tenths(metres: float) -> float:
    """Metres to a decimetre."""
    return round(metres, 1)


def collection(features: Iterable[Feature]) -> str:
    """The features as GeoJSON, one a line, so that two versions can be compared line by line."""
    lines = (
        json.dumps(
            {"type": "Feature", "properties": properties, "geometry": geojson.write(shape)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for shape, properties in features
    )
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
