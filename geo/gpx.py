"""GPX files: tracks read with every number checked, and written with the accuracies GPX has no word for."""

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from geo.fixes import LATEST_MS, Fixes
from geo.geojson import GeometryRefused

_MOST_BYTES = 16 * 1024 * 1024
_MOST_POINTS = 20_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ACCURACY = "urn:hezhang:gpx:accuracy"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read(document: bytes, most_points: int = _MOST_POINTS) -> Fixes:
    """Read the track points of a GPX file in their order; GeometryRefused names the first wrong place.

    A time without a zone is UTC, as GPX says; a point without a time is refused, for it proves nothing.
    """
    if len(document) > _MOST_BYTES:
        raise GeometryRefused("", "too_large", most=_MOST_BYTES)
    rows: list[tuple[float, float, float, float]] = []
    for pointer, point in _points(_parsed(document)):
        if len(rows) >= most_points:
            raise GeometryRefused(pointer, "too_many_positions", most=most_points)
        rows.append(_row(point, pointer))
    return Fixes.of(np.array(rows, dtype=np.float64).reshape(-1, 4))


def write(fixes: Fixes, name: str) -> bytes:
    """Write fixes as a GPX 1.1 track of that name, with 6 decimals, UTC times and accuracies where known."""
    rows = zip(fixes.lonlat.tolist(), fixes.at_ms.tolist(), fixes.accuracy_m.tolist(), strict=True)
    points = "".join(_point(lon, lat, at_ms, accuracy) for (lon, lat), at_ms, accuracy in rows)
    title = escape(_NOT_XML.sub("", name))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Hezhang"'
        f' xmlns="http://www.topografix.com/GPX/1/1" xmlns:a="{_ACCURACY}">\n'
        f"<trk><name>{title}</name><trkseg>\n{points}</trkseg></trk>\n</gpx>\n"
    ).encode()


def _point(lon: float, lat: float, at_ms: int, accuracy: float) -> str:
    moment = (_EPOCH + timedelta(milliseconds=at_ms)).replace(tzinfo=None).isoformat(timespec="milliseconds")
    known = f"<extensions><a:accuracy>{accuracy:g}</a:accuracy></extensions>"
    return (
        f'<trkpt lat="{lat:.6f}" lon="{lon:.6f}"><time>{moment}Z</time>'
        f"{known if math.isfinite(accuracy) else ''}</trkpt>\n"
    )


def _parsed(document: bytes) -> Element:
    try:
        root: Element = fromstring(document, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise GeometryRefused("", "dtd_forbidden") from None
    # expat answers an encoding it does not know with LookupError or ValueError.
    except (SyntaxError, ValueError, LookupError) as broken:
        raise GeometryRefused("", "not_xml", detail=str(broken)[:200]) from None
    if _local(root) != "gpx":
        raise GeometryRefused("", "not_gpx")
    return root


def _points(root: Element) -> Iterator[tuple[str, Element]]:
    """Walk track by track and segment by segment, never recursing into whatever else a file holds."""
    for number, track in enumerate(_named(root, "trk")):
        for part, segment in enumerate(_named(track, "trkseg")):
            for place, point in enumerate(_named(segment, "trkpt")):
                yield f"/trk/{number}/trkseg/{part}/trkpt/{place}", point


def _named(parent: Element, name: str) -> Iterator[Element]:
    return (child for child in parent if _local(child) == name)


def _local(element: Element) -> str:
    # Versions 1.0 and 1.1 differ in their namespace only.
    return str(element.tag).rpartition("}")[2]


def _row(point: Element, pointer: str) -> tuple[float, float, float, float]:
    lon = _number(point.get("lon"), 180.0, f"{pointer}/lon")
    lat = _number(point.get("lat"), 90.0, f"{pointer}/lat")
    return lon, lat, _moment(point, f"{pointer}/time"), _accuracy(point, f"{pointer}/accuracy")


def _number(text: str | None, most: float, pointer: str, least: float | None = None) -> float:
    try:
        # Python reads 1_0 as ten; no other program does.
        value = float((text or "").replace("_", "?"))
    except ValueError:
        raise GeometryRefused(pointer, "not_a_number") from None
    if not math.isfinite(value):
        raise GeometryRefused(pointer, "not_finite")
    lowest = -most if least is None else least
    if not lowest <= value <= most:
        raise GeometryRefused(pointer, "out_of_range", least=lowest, most=most)
    return value


def _moment(point: Element, pointer: str) -> float:
    text = next((child.text for child in _named(point, "time")), None)
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError:
        raise GeometryRefused(pointer, "not_a_time" if text else "no_time") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    milliseconds = (aware - _EPOCH) / timedelta(milliseconds=1)
    if not 0.0 <= milliseconds <= LATEST_MS:
        raise GeometryRefused(pointer, "out_of_range", least="1970-01-01", most="9999-12-31")
    return milliseconds


def _accuracy(point: Element, pointer: str) -> float:
    for extensions in _named(point, "extensions"):
        for child in _named(extensions, "accuracy"):
            return _number(child.text, 1e6, pointer, least=0.0)
    return math.nan
