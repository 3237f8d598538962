"""Columns of a file that is imported: missing, doubled or under other names."""

from __future__ import annotations

import json

import pytest
import shapely

from tests.cast import LINE


def test_a_sheet_without_a_column_is_told_so_once_and_a_broken_one_by_its_name(hezhang, tmp_path):
    sheet = tmp_path / "regions.csv"
    sheet.write_text("区划代码,名称\n" + "371502,东昌府区\n" * 500, "utf-8-sig")
    told = hezhang("import", "regions", sheet, "--lang", "en").output
    assert told.count("There is no such column. Found: 区划代码、名称.") == 2
    assert "Wrong places: 2" in told
    sheet.write_text("code,name,code\n371502,东昌府区,\n", "utf-8")
    assert "regions.csv: 表头“code”出现了两次" in hezhang("import", "regions", sheet, LC_ALL="zh_CN.UTF-8").output


@pytest.mark.parametrize(
    ("maps", "why"),
    [
        (["level=rank", "level=name"], "twice"),
        (["levle=rank"], "levle"),
        (["level"], "NAME=COLUMN"),
        (["level="], "NAME=COLUMN"),
        (["level=grade"], "grade"),
    ],
)
def test_a_map_that_cannot_be_meant_is_refused(hezhang, tmp_path, maps, why):
    reach = {"type": "Feature", "properties": {"rank": "town"}, "geometry": shapely.geometry.mapping(LINE)}
    (tmp_path / "reach.geojson").write_text(json.dumps(reach), "utf-8")
    options = [f"--map={one}" for one in maps]
    told = hezhang("import", "segments", tmp_path / "reach.geojson", "--lang", "en", *options)
    assert told.exit_code != 0
    assert why in told.output


@pytest.mark.parametrize("options", [[], ["--check"]])
def test_a_file_with_nothing_in_it_is_told_so_and_fails(hezhang, tmp_path, options):
    (tmp_path / "headings.csv").write_text("code,name\n", "utf-8")
    (tmp_path / "none.geojson").write_text('{"type": "FeatureCollection", "features": []}', "utf-8")
    for noun, name in (("rivers", "headings.csv"), ("segments", "none.geojson")):
        refused = hezhang("import", noun, tmp_path / name, *options)
        assert refused.exit_code == 1
        assert f"{name}: There is nothing in it" in refused.output
        assert "里面没有可导入的内容" in hezhang("import", noun, tmp_path / name, LC_ALL="zh_CN.UTF-8").output
