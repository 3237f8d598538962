"""Shapes as surveyors have them: GeoJSON by our own reader; Shapefile, GeoPackage and KML through GDAL.

GDAL runs in a child process (`decoding.py`), whose answer our own reader checks: a file that crashes it crashes
nobody else.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from backend.words import Text
from geo.datum import Crs, to_wgs84
from geo.geojson import Bounds, GeometryRefused, read_each

Numbered = tuple[int, dict[str, Any], BaseGeometry | Text]
"""Number, properties, and the shape or why there is none."""
PATIENCE_S = 300.0
"""Of waiting for the child. Its own limit is CPU time, so only a busy machine comes here."""
CHILD = Path(__file__).with_name("decoding.py")
DRIVERS = {
    ".shp": ["ESRI Shapefile"],
    ".zip": ["ESRI Shapefile"],
    ".gpkg": ["GPKG"],
    ".kml": ["LIBKML", "KML"],
    ".kmz": ["LIBKML"],
    ".geojson": ["GeoJSON"],
    ".json": ["GeoJSON"],
}
"""Who may open a file, by the end of its name. No other driver is even there: some of them open what a file names."""
_WHY = {
    "missing": "import.no_shape",
    "not_an_object": "import.no_shape",
    "empty": "import.no_shape",
    "wrong_kind": "import.wrong_kind",
    "too_few_positions": "import.too_few_positions",
    "out_of_range": "import.not_degrees",
    "not_finite": "import.not_degrees",
    "not_simple": "import.not_simple",
    "not_closed": "import.not_simple",
    "crosses_date_line": "import.not_degrees",
}
"""What a wrong shape is called in an office."""
_AS_A_WHOLE = {"too_large": "import.too_large", "too_many_features": "import.too_large"}
"""Why a document is refused before its first feature; of all else an office need not know more."""
_CHINA = shapely.box(73.0, 3.0, 136.0, 54.0)
_OUT_OF_TIME = {-signal.SIGKILL, -signal.SIGXCPU}
_WGS84 = 4326
_BOUNDS = Bounds(most_bytes=500 * 1024 * 1024, most_positions=20_000_000)


class NotShapes(ValueError):
    """Not a file of shapes that can be read; `key` and `values` say why."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True, slots=True)
class Said:
    """What the operator says of a file that does not say it itself."""

    epsg: int | None = None
    """The system of the coordinates."""
    crs: Crs = Crs.WGS84
    """The datum of the degrees: GCJ-02 and BD-09 are turned."""
    encoding: str | None = None
    layer: str | None = None


def features(path: Path, said: Said = Said()) -> Iterator[Numbered]:
    """Number (from 1), properties and shape in WGS 84 of each feature; NotShapes when it cannot be read.

    A feature whose shape is wrong says so in its place.
    """
    for number, (properties, shape) in enumerate(_read(path, said), start=1):
        if isinstance(shape, GeometryRefused):
            yield number, properties, _why(shape)
            continue
        if said.crs is not Crs.WGS84:
            shape = shapely.transform(shape, lambda places: to_wgs84(places, said.crs))
        yield number, properties, shape if _CHINA.contains(shape) else _abroad(shape)


def _why(refused: GeometryRefused) -> Text:
    key = _WHY.get(refused.code)
    return Text(key) if key else Text("import.shape", {"place": refused.pointer or "/", "why": refused.code})


def _abroad(shape: BaseGeometry) -> Text:
    west, south, *_ = shape.bounds
    return Text("import.abroad", {"lon": f"{west:.4f}", "lat": f"{south:.4f}"})


def _read(path: Path, said: Said) -> Iterator[tuple[dict[str, Any], BaseGeometry | GeometryRefused]]:
    ending = path.suffix.lower()
    if ending not in DRIVERS:
        raise NotShapes("import.not_shapes")
    is_ours = ending in (".geojson", ".json") and said.epsg in (None, _WGS84)
    try:
        text = path.read_bytes() if is_ours else _decoded(path.resolve(), DRIVERS[ending], said)
        yield from read_each(text, _BOUNDS)
    except GeometryRefused as refused:
        raise NotShapes(_AS_A_WHOLE.get(refused.code, "import.not_shapes")) from refused


def _decoded(path: Path, drivers: list[str], said: Said) -> bytes:
    """A feature collection, as the child understands the file."""
    if said.epsg is not None:
        _check_system(said.epsg)
    asked = {"path": str(path), "drivers": drivers, "epsg": said.epsg, "encoding": said.encoding, "layer": said.layer}
    head, *lines = _asked(asked).splitlines() or [b""]
    try:
        answer: dict[str, Any] = json.loads(head)
    except ValueError:
        raise NotShapes("import.not_shapes") from None
    if "refused" in answer:
        raise NotShapes(answer["refused"], **answer.get("values", {}))
    return b'{"type":"FeatureCollection","features":[' + b",".join(lines) + b"]}"


def _check_system(epsg: int) -> None:
    try:
        CRS.from_epsg(epsg)
    except CRSError:
        raise NotShapes("import.epsg", epsg=epsg) from None


def _asked(asked: dict[str, Any]) -> bytes:
    """The answer of a child that knows nothing of us: no settings, no secrets, no terminal.

    Should a driver still want to fetch something, it is sent to a proxy that is not there, which needs no connection.
    """
    environ = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "GDAL_HTTP_PROXY": "socks5h://localhost/nowhere"}
    with subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-I", "-B", str(CHILD), json.dumps(asked)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environ,
        cwd="/",
        start_new_session=True,
    ) as child:
        watch = Timer(PATIENCE_S, child.kill)
        watch.start()
        try:
            said = child.stdout.read(_BOUNDS.most_bytes + 1) if child.stdout else b""
            if len(said) > _BOUNDS.most_bytes:
                raise NotShapes("import.too_large")
            if child.wait() != 0:
                raise NotShapes("import.too_large" if child.returncode in _OUT_OF_TIME else "import.not_shapes")
            return said
        finally:
            watch.cancel()
            child.kill()  # nothing, unless we are leaving early
