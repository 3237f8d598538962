"""The child process that opens foreign map files with GDAL: few formats, little memory, little time, no network.

Run as a script with a file, the drivers that may open it, and what the operator said (system, encoding, layer). It
answers on standard output with lines of JSON: first {} or why the file is refused, then a GeoJSON feature a line.
"""

from __future__ import annotations

import codecs
import json
import os
import resource
import sys
import zipfile
from pathlib import Path
from typing import Any

LIMITS = {
    # A million positions take about 110 MB here, and 20 million are as many as we take.
    resource.RLIMIT_AS: (3 * 1024 * 1024 * 1024,) * 2,
    resource.RLIMIT_CPU: (240, 250),
    resource.RLIMIT_FSIZE: (0, 0),
    resource.RLIMIT_CORE: (0, 0),
}
SHAPEFILE = "ESRI Shapefile"
_KINDS = {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"}
_GUESSED = ("utf-8", "gb18030")
_OUT_OF_MEMORY = ("memory", "bad_alloc", "failed to map")
"""As the libraries below Python say it."""
_LEAST_CUT = 8
_CODEPAGES = {"936": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "65001": "utf-8", "950": "cp950"}
_WGS84 = 4326
_BYTES = "ISO-8859-1"
"""By which GDAL hands out every byte as a letter of that number; only this name of it works."""


class Refused(ValueError):
    """Why the file is not taken: a key and its values."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def main() -> None:
    """Answer for the file within the limits; every refusal is an answer."""
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, most)
    asked: dict[str, Any] = json.loads(sys.argv[1])
    _keep_only(set(asked["drivers"]))
    for line in judged(asked):
        sys.stdout.write(line + "\n")


def judged(asked: dict[str, Any]) -> list[str]:
    """The lines of the answer: what the file holds, or why it is refused."""
    try:
        return ["{}", *_features(asked)]
    except MemoryError:
        return [json.dumps({"refused": "import.too_large"})]
    except Refused as refused:
        return [json.dumps({"refused": refused.key, "values": refused.values})]
    except Exception as wrong:  # whatever a decoder raises, it is about this file and nothing else
        is_too_large = any(word in str(wrong) for word in _OUT_OF_MEMORY)
        return [json.dumps({"refused": "import.too_large" if is_too_large else "import.not_shapes"})]


def _keep_only(drivers: set[str]) -> None:
    """Begin again without any other driver: GDAL looks at contents, not names, and some drivers open what they name.

    What is left out can only be said before GDAL starts, and which drivers there are only afterwards.
    """
    import pyogrio

    there = set(pyogrio.list_drivers())
    if there <= drivers:
        return
    if "GDAL_SKIP" in os.environ:
        raise SystemExit(f"GDAL keeps {sorted(there - drivers)}")
    os.environ["GDAL_SKIP"] = ",".join(sorted(there - drivers))
    os.execv(sys.executable, [sys.executable, "-I", "-B", *sys.argv])  # noqa: S606 - ourselves again


def _features(asked: dict[str, Any]) -> list[str]:
    import shapely

    path, is_shapefile = asked["path"], SHAPEFILE in asked["drivers"]
    source = f"/vsizip/{path}" if path.lower().endswith(".zip") else path
    meta, shapes, columns = _opened(source, asked["layer"], _BYTES if is_shapefile else None)
    names = list(meta["fields"])
    if is_shapefile:
        names, columns = _as_text(Path(path), names, columns, asked["encoding"])
    turned = _turned(shapely.from_wkb(shapes, on_invalid="ignore"), asked["epsg"] or meta["crs"])
    lines = []
    for index, shape in enumerate(turned):
        properties = {name: _plain(column[index]) for name, column in zip(names, columns, strict=True)}
        geometry = None if shape is None else _written(shape)
        lines.append(json.dumps({"type": "Feature", "properties": properties, "geometry": geometry}))
    return lines


def _opened(source: str, layer: str | None, encoding: str | None) -> tuple[dict[str, Any], Any, list[Any]]:
    """The one layer of the file that has shapes; with several of them the operator says which."""
    from pyogrio import list_layers
    from pyogrio.raw import read

    layers = [str(name) for name, kind in list_layers(source) if kind is not None]
    if layer not in layers and (layer is not None or len(layers) > 1):
        raise Refused("import.layers", names="、".join(layers))
    meta, _, shapes, columns = read(source, layer=layer or layers[0], force_2d=True, encoding=encoding)
    return meta, shapes, columns


def _turned(shapes: Any, named: str | int | None) -> Any:
    """Shapes in WGS 84; those of a file that names no system stay as they are."""
    import numpy as np
    import shapely
    from pyproj import CRS, Transformer
    from pyproj.exceptions import ProjError

    if not named:
        return shapes
    try:
        wanted = CRS.from_epsg(_WGS84)
    except ProjError:  # every PROJ knows this one: what it lacks is memory for its own list of systems
        raise MemoryError from None
    try:
        turn = Transformer.from_crs(CRS.from_user_input(named), wanted, always_xy=True)
    except ProjError:
        raise Refused("import.unknown_system") from None
    return shapely.transform(shapes, lambda at: np.column_stack(turn.transform(at[:, 0], at[:, 1])))


def _written(shape: Any) -> dict[str, Any]:
    """A shape as GeoJSON; of a kind that GeoJSON does not have (a curve, a solid) the kind alone."""
    from shapely.geometry import mapping

    return dict(mapping(shape)) if shape.geom_type in _KINDS else {"type": shape.geom_type}


def _plain(value: Any) -> Any:
    """A cell as JSON has it: no NaN, no type of NumPy."""
    if value is None or value != value:
        return None
    return value.item() if hasattr(value, "item") else str(value)


def _as_text(path: Path, names: list[str], columns: list[Any], named: str | None) -> tuple[list[str], list[Any]]:
    """Headings and cells of a Shapefile, which came as bytes, in the encoding that they are in.

    Offices here write GBK and leave out the .cpg, and the language byte says ANSI either way: so the bytes decide.
    """
    raw = {text for column in columns for text in column if isinstance(text, str)} | set(names)
    said = named or _beside(path)
    for encoding in [said] if said else _GUESSED:
        try:
            text = {each: _decoded(each.encode(_BYTES), encoding) for each in raw}
        except (UnicodeDecodeError, LookupError):
            continue
        return [text[name] for name in names], [
            [text[cell] if isinstance(cell, str) else cell for cell in column] for column in columns
        ]
    raise Refused("import.encoding_of_shapes", said=said or "UTF-8, GBK")


def _decoded(raw: bytes, encoding: str) -> str:
    """The text; one that fills its field may end within a letter, which is left out."""
    is_cut = len(raw) >= _LEAST_CUT
    return codecs.getincrementaldecoder(encoding)("strict").decode(raw, final=not is_cut)


def _beside(path: Path) -> str | None:
    """The encoding that the .cpg beside the shapes names."""
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as packed:
            found = [packed.open(name).read(40) for name in packed.namelist() if name.lower().endswith(".cpg")]
    else:
        names = [path.with_suffix(ending) for ending in (".cpg", ".CPG", ".Cpg")]
        found = [name.read_bytes()[:40] for name in names if name.is_file()]
    said = found[0].decode("ascii", "replace").strip().lower() if found else ""
    page = said.removeprefix("ansi").removeprefix("oem").removeprefix("cp").removeprefix("ldid/").strip(" -")
    return _CODEPAGES.get(page, said) or None


if __name__ == "__main__":
    main()
