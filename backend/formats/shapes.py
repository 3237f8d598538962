"""Shapes as surveyors have them: GeoJSON by our own reader; Shapefile, GeoPackage and KML through GDAL.

GDAL runs in a child process (`python -m backend.formats.shapes FILE`), whose answer our own reader checks: a
file that crashes it crashes nobody else.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from geo.datum import Crs, to_wgs84
from geo.geojson import Bounds, Feature, GeometryRefused
from geo.geojson import read as read_geojson

Places = NDArray[np.float64]
Numbered = tuple[int, dict[str, Any], BaseGeometry]
_WGS84 = 4326
_SECONDS = 300.0
_BOUNDS = Bounds(most_bytes=500 * 1024 * 1024, most_positions=20_000_000)


class NotShapes(ValueError):
    """Not a file of shapes that can be read; `key` and `values` say why."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def features(
    path: Path, *, epsg: int | None = None, crs: Crs = Crs.WGS84
) -> Iterator[tuple[int, dict[str, Any], BaseGeometry]]:
    """Number (from 1), properties and shape in WGS 84 of each feature; NotShapes when it cannot be read.

    `epsg` names the system of the coordinates where the file does not; `crs` turns GCJ-02 or BD-09 degrees.
    """
    turn = _turning(epsg) if _is_geojson(path) else None
    for number, feature in enumerate(_read(path, epsg), start=1):
        shape = feature.geometry if turn is None else shapely.transform(feature.geometry, turn)
        if crs is not Crs.WGS84:
            shape = shapely.transform(shape, lambda places: to_wgs84(places, crs))
        yield number, dict(feature.properties), shape


def _read(path: Path, epsg: int | None) -> list[Feature]:
    try:
        text = path.read_bytes() if _is_geojson(path) else _through_gdal(path, epsg)
        return read_geojson(text, _BOUNDS)
    except GeometryRefused as refused:
        raise NotShapes("import.shape", place=refused.pointer or "/", why=refused.code) from refused


def _is_geojson(path: Path) -> bool:
    return path.suffix.lower() in (".geojson", ".json")


def _turning(epsg: int | None) -> Callable[[Places], Places] | None:
    """How positions of a system become WGS 84; None where they are that already."""
    if epsg is None or epsg == _WGS84:
        return None
    try:
        turn = Transformer.from_crs(CRS.from_epsg(epsg), CRS.from_epsg(_WGS84), always_xy=True)
    except CRSError:
        raise NotShapes("import.epsg", epsg=epsg) from None
    return lambda places: np.column_stack(turn.transform(places[:, 0], places[:, 1]))


def _through_gdal(path: Path, epsg: int | None) -> bytes:
    command = [sys.executable, "-m", "backend.formats.shapes", str(path), str(epsg or "")]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - ourselves
    except subprocess.TimeoutExpired:
        raise NotShapes("import.not_shapes") from None
    if done.returncode != 0:
        raise NotShapes("import.not_shapes")
    return done.stdout


def _main() -> None:
    """The child: read with GDAL, turn to WGS 84, write GeoJSON to standard output."""
    import resource

    from pyogrio.raw import read

    resource.setrlimit(resource.RLIMIT_CPU, (int(_SECONDS), int(_SECONDS)))
    path, named = sys.argv[1], sys.argv[2]
    source = f"/vsizip/{path}" if path.lower().endswith(".zip") else path
    meta, _, shapes, columns = read(source, force_2d=True)
    system = CRS.from_epsg(int(named)) if named else CRS.from_user_input(meta["crs"] or "EPSG:4326")
    turn = Transformer.from_crs(system, CRS.from_epsg(_WGS84), always_xy=True)
    turned = shapely.transform(shapely.from_wkb(shapes), lambda at: np.column_stack(turn.transform(at[:, 0], at[:, 1])))
    names = list(meta["fields"])
    found = [
        {
            "type": "Feature",
            "properties": {name: _plain(column[index]) for name, column in zip(names, columns, strict=True)},
            "geometry": shapely.geometry.mapping(shape),
        }
        for index, shape in enumerate(turned)
    ]
    json.dump({"type": "FeatureCollection", "features": found}, sys.stdout)


def _plain(value: Any) -> Any:
    """A cell as JSON has it: no NaN, no type of NumPy."""
    if value is None or value != value:
        return None
    return value.item() if hasattr(value, "item") else str(value)


if __name__ == "__main__":
    _main()
