"""The child that opens map files: every refusal is an answer, and its limits hold."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio.raw import write

from backend.formats import decoding
from tests.cast import LINE

SHAPEFILE = {"drivers": [decoding.SHAPEFILE], "layer": None, "encoding": None, "epsg": None}


def survey(path: Path, lines: int = 1, shape: shapely.LineString = LINE, **how: object) -> dict[str, Any]:
    """What is asked about a file of some lines."""
    label = np.array(["村段"] * lines, dtype=object)
    width = np.array([float("nan"), *range(lines - 1)])
    more = {"encoding": "GBK"} if path.suffix == ".shp" else {}
    shapes = shapely.to_wkb(np.array([shape] * lines, dtype=object))
    names = np.array(["label", "width"], dtype=object)
    write(path, shapes, [label, width], names, geometry_type="LineString", crs="EPSG:4326", **more)
    return SHAPEFILE | {"path": str(path)} | how


def test_a_survey_is_told_line_by_line(tmp_path):
    head, *lines = map(json.loads, decoding.judged(survey(tmp_path / "a.shp", 2)))
    assert head == {}
    assert [each["properties"] for each in lines] == [{"label": "村段", "width": None}, {"label": "村段", "width": 0.0}]
    assert shapely.geometry.shape(lines[0]["geometry"]).equals_exact(LINE, 1e-9)
    in_metres = decoding.judged(survey(tmp_path / "b.shp", epsg=4547))[1]
    assert not shapely.geometry.shape(json.loads(in_metres)["geometry"]).equals_exact(LINE, 1)


def test_every_refusal_is_an_answer(tmp_path):
    (tmp_path / "broken.shp").write_bytes(b"broken")
    for asked, key in (
        (SHAPEFILE | {"path": str(tmp_path / "broken.shp")}, "import.not_shapes"),
        (survey(tmp_path / "a.shp", encoding="klingon"), "import.encoding_of_shapes"),
        (survey(tmp_path / "b.shp", epsg=1), "import.unknown_system"),
        (survey(tmp_path / "c.gpkg", layer="other", drivers=["GPKG"]), "import.layers"),
    ):
        assert [json.loads(line)["refused"] for line in decoding.judged(asked)] == [key]


def run(before: str, asked: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """The child, with something done before it begins."""
    script = f"import sys; sys.path.insert(0, {str(Path(decoding.__file__).parent)!r}); import decoding\n{before}\n"
    command = [sys.executable, "-c", script + "decoding.main()", json.dumps(asked)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={})


def test_what_needs_more_memory_than_there_is_is_refused_as_too_large(tmp_path):
    asked = survey(tmp_path / "many.shp", 50, shapely.segmentize(LINE, 5e-7))
    little = f"decoding._keep_only = lambda _: None; decoding.LIMITS = {{{resource.RLIMIT_AS}: (400 * 2**20,) * 2}}"
    done = run(little, asked)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"refused": "import.too_large"})


def test_a_driver_that_would_stay_all_the_same_ends_the_child(tmp_path):
    done = run("import os; os.environ['GDAL_SKIP'] = 'CSV'", survey(tmp_path / "a.shp"))
    assert done.returncode == 1
    assert "OGR_VRT" in done.stderr
    assert done.stdout == ""
