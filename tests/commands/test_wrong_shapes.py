"""Features whose shape is wrong are named by row and reason, like every other flaw, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyogrio.raw import write

from backend.words import Language, Text, say
from tests.cast import LINE

GOOD = shapely.geometry.mapping(LINE)
METRES = shapely.LineString([(586_000, 4_030_000), (586_500, 4_030_500)])
"""Somewhere near Liaocheng in EPSG:4547 (CGCS2000, 3 degrees, around 114 east)."""


@pytest.fixture
def bring(hezhang, tmp_path):
    """Check these geometries as levees; what is said of each row."""

    def brings(*geometries: object, options: tuple[str, ...] = (), lang: Language = "en") -> list[str]:
        features = [{"type": "Feature", "properties": {"segment": "S"}, "geometry": each} for each in geometries]
        file = tmp_path / "levees.geojson"
        file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
        return check(hezhang, file, lang, *options)

    return brings


def check(hezhang, file: Path, lang: Language, *options: str) -> list[str]:
    """What is said, but for the segment, which nobody has."""
    told = hezhang("import", "levees", file, "--check", "--lang", lang, *options)
    assert told.exit_code == 1
    unknown = say(Text.of("import.unknown_segment", code="S"), lang)
    return [each for each in told.output.splitlines() if unknown not in each]


def line(*places: object) -> dict[str, object]:
    return {"type": "LineString", "coordinates": places}


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_each_wrong_shape_is_told_by_its_row(bring, lang):
    wrong = {
        "import.no_shape": None,
        "import.too_few_positions": line([116, 36], [116, 36]),
        "import.wrong_kind": {"type": "GeometryCollection", "geometries": []},
        "import.not_degrees": line([586_000, 4_030_000], [586_500, 4_030_500]),
        "import.not_simple": {"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [1, 2], [2, 1], [1, 1]]]},
        "import.not_a_line": {"type": "Point", "coordinates": [116, 36]},
    }
    told = bring(GOOD, *wrong.values(), lang=lang)
    for row, key in enumerate(wrong, start=2):
        assert any(str(row) in each and say(key, lang) in each for each in told), key


def test_shapes_outside_china_are_told_where_they_lie(bring):
    told = bring(GOOD, line([2.35, 48.85], [2.36, 48.86]), line([36.4, 50], [36.5, 50.1]))
    assert any("2" in each and "(2.3500, 48.8500) is not in China" in each for each in told)
    assert any("3" in each and "(36.4000, 50.0000) is not in China" in each for each in told)


def test_a_survey_in_metres_without_its_system_asks_for_epsg_and_is_read_with_it(hezhang, bring, tmp_path):
    shapes = [METRES, None, METRES]
    write(
        tmp_path / "survey.shp",
        np.array([shapely.to_wkb(shape) if shape else None for shape in shapes], dtype=object),
        [np.array(["S"] * 3, dtype=object)],
        np.array(["segment"], dtype=object),
        geometry_type="LineString",
        crs="EPSG:4547",
        encoding="UTF-8",
    )
    (tmp_path / "survey.prj").unlink()
    told = check(hezhang, tmp_path / "survey.shp", "en")
    assert sum("--epsg" in each for each in told) == 2
    assert any("2" in each and "There is no shape." in each for each in told)
    told = check(hezhang, tmp_path / "survey.shp", "en", "--epsg", "4547")
    assert not any("--epsg" in each for each in told)
    assert not any("--epsg" in each for each in bring(shapely.geometry.mapping(METRES), options=("--epsg", "4547")))
    (tmp_path / "survey.prj").write_text('LOCAL_CS["somewhere"]', "ascii")
    assert any("--epsg" in each for each in check(hezhang, tmp_path / "survey.shp", "en"))


def test_a_mixture_of_kinds_is_told_and_does_not_stop_the_others(hezhang, tmp_path):
    file = tmp_path / "mixed.kml"
    points = "<Point><coordinates>116,36</coordinates></Point>"
    lines = "<LineString><coordinates>116,36 116.1,36.1</coordinates></LineString>"
    marks = "".join(
        f"<Placemark><ExtendedData><Data name='segment'><value>S</value></Data></ExtendedData>{shape}</Placemark>"
        for shape in (lines, f"<MultiGeometry>{points}{lines}</MultiGeometry>")
    )
    file.write_text(f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>', "utf-8")
    told = check(hezhang, file, "en")
    assert [each for each in told if "2" in each and say("import.wrong_kind", "en") in each]
