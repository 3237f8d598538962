"""An operator's sheets and shapes: all of a file or nothing, and every wrong row by its number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import shapely
import shapely.affinity
from pyogrio.raw import write
from pyproj import Transformer
from sqlalchemy import func, select

from backend.db import Database
from backend.models.people import Appointment, Person
from backend.models.segments import Assignment, Segment
from backend.services.people_import import HEADINGS
from backend.words import Text, say
from geo.datum import Crs, from_wgs84
from tests.cast import LINE

REGIONS = (
    "code,name,level,parent_code\n371500000000,聊城市,city,\n371502,东昌府区,county,371500\n"
    "371502001,古楼街道,town,371502\n371502001001,兴华村,village,371502001\n"
)
ROWS = 6000
WRONG = 4321


@pytest.fixture
def places(hezhang, tmp_path) -> Path:
    """Regions, a river, a unit and two reaches are there."""
    (tmp_path / "regions.csv").write_text(REGIONS, "utf-8")
    (tmp_path / "rivers.csv").write_text("code,name,kind\nTUHAI,徒骇河,river\n", "utf-8")
    (tmp_path / "units.csv").write_bytes("code,name,region\nHOUSE,住建局,371502\n".encode("gb18030"))
    (tmp_path / "segments.geojson").write_text(json.dumps(collection(LINE)), "utf-8")
    for noun in ("regions", "rivers", "units"):
        assert hezhang("import", noun, tmp_path / f"{noun}.csv").exit_code == 0
    assert hezhang("import", "segments", tmp_path / "segments.geojson").exit_code == 0
    return tmp_path


def collection(line: shapely.LineString, **properties: object) -> dict:
    shared = {"river": "TUHAI", "width_m": 30}
    rows = [
        {"code": "TUHAI-371502001", "name": "镇段", "region": "371502001", "level": "town"} | shared,
        {"code": "TUHAI-371502-001", "name": "村段", "region": "371502001001", "level": "village"} | shared,
    ]
    rows[1] |= {"parent": "TUHAI-371502001"} | properties
    shape = shapely.geometry.mapping(line)
    features = [{"type": "Feature", "properties": row, "geometry": shape} for row in rows]
    return {"type": "FeatureCollection", "features": features}


def people_sheet(path: Path, *, wrong: bool) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    for number in range(2, ROWS + 2):
        phone = "12x" if wrong and number == WRONG else 12300000000 + number
        segment = "TUHAI-371502-001" if number == 2 else ""
        post = "村级河长" if number == 2 else "河管员"
        sheet.append([f"演示{number}", phone, post, "371502001001", "", segment, "2024年1月1日", "", ""])
    book.save(path)
    return path


def count(url: str, model: type) -> int:
    database = Database.connect(url)
    with database.reading() as session:
        found = session.scalar(select(func.count()).select_from(model))
    database.close()
    return int(found or 0)


@pytest.mark.only_on("sqlite")
def test_one_bad_row_of_six_thousand_is_named_and_nothing_is_half_imported(hezhang, places, fresh_url):
    wrong = hezhang("import", "people", people_sheet(places / "wrong.xlsx", wrong=True), "--lang", "en")
    assert wrong.exit_code == 1
    assert str(WRONG) in wrong.output
    assert "手机号" in wrong.output
    assert "Not a phone number" in wrong.output or "not a phone number" in wrong.output
    assert count(fresh_url, Person) == 0

    right = people_sheet(places / "right.xlsx", wrong=False)
    assert hezhang("import", "people", right, "--check").exit_code == 0
    assert count(fresh_url, Person) == 0
    assert hezhang("import", "people", right).exit_code == 0
    assert (count(fresh_url, Person), count(fresh_url, Appointment), count(fresh_url, Assignment)) == (ROWS, ROWS, 1)
    assert hezhang("import", "people", right).exit_code == 0
    assert (count(fresh_url, Person), count(fresh_url, Appointment), count(fresh_url, Assignment)) == (ROWS, ROWS, 1)


def test_every_kind_of_wrong_cell_is_named(hezhang, places):
    rows = [
        "王,12300000002,村级河长,371502001001,,TUHAI-371502-001,2024-01-01,,",
        "李,12300000002,村级河长,371502001001,,,2024-01-01,,",
        "张,12300000003,村级河长,999999,,,2024-01-01,,",
        "赵,12300000004,河长办,371502,,TUHAI-371502-001,2024-01-01,,",
        "钱,12300000005,镇级河长,371502001,,TUHAI-371502-001,2024-01-01,,",
        "孙,12300000006,村级河长,371502001001,,TUHAI-371502001,2024-01-01,,",
        "周,12300000007,村级河长,371502001001,,NOWHERE,2024-01-01,,",
        "吴,12300000008,责任单位联络员,371502,,,2024-01-01,,",
        "郑,12300000009,责任单位联络员,371502,不存在的局,,2024-01-01,,",
        "冯,12300000010,河长办,371502,,,2024-01-01,2023-01-01,",
        "陈,12300000011,河长办,371502,,,2024-01-01,,12300000011",
        "褚,12300000012,河长办,371502,,,2024-01-01,,12399999999",
        "卫,12300000013,河长办,371502,住建局,,,,",
    ]
    sheet = places / "people.csv"
    sheet.write_text(",".join(HEADINGS) + "\n" + "\n".join(rows) + "\n", "utf-8-sig")
    report = hezhang("import", "people", sheet)
    assert report.exit_code == 1
    for number in range(3, len(rows) + 2):
        assert f"Row {number}, " in report.output, number


def test_a_reason_is_never_cut_however_narrow_the_terminal_and_is_one_line_for_another_program(hezhang, places):
    sheet = places / "people.csv"
    row = "责任单位联络员,371502,没有这样一个名字很长很长很长的单位的局,[/red]不是河段,2024-01-01,,"
    sheet.write_text(",".join(HEADINGS) + f"\n王,12300000002,{row}\n", "utf-8-sig")
    reason = say(Text("import.code", {"text": "[/red]不是河段"}), "zh-CN")

    piped = hezhang("import", "people", sheet, "--check", LC_ALL="zh_CN.UTF-8")
    assert piped.exit_code == 1
    assert f"第 2 行，责任河段：{reason}\n" in piped.output

    narrow = hezhang(
        "import", "people", sheet, "--check", LC_ALL="zh_CN.UTF-8", FORCE_COLOR="1", COLUMNS="40", NO_COLOR="1"
    )
    whys = [line.split("│")[3].strip() for line in narrow.output.splitlines() if line.count("│") == 4]
    assert reason.replace(" ", "") in "".join(whys).replace(" ", "")
    assert "…" not in "".join(whys)


def test_a_shapefile_in_a_national_grid_lies_where_it_should(hezhang, places, fresh_url):
    grid = Transformer.from_crs(4326, 4547, always_xy=True)
    xy = np.column_stack(grid.transform(*np.array(LINE.coords).T))
    fields = {"code": "TUHAI-371502-001", "name": "村段", "river": "TUHAI", "region": "371502001001", "rank": "village"}
    fields["parent"] = "TUHAI-371502001"
    write(
        places / "survey.shp",
        shapely.to_wkb(np.array([shapely.LineString(xy)], dtype=object)),
        [np.array([value], dtype=object) for value in fields.values()],
        np.array(list(fields), dtype=object),
        geometry_type="LineString",
        crs="EPSG:4547",
        encoding="UTF-8",
    )
    done = hezhang("import", "segments", places / "survey.shp", "--map", "level=rank")
    assert done.exit_code == 0, done.output
    database = Database.connect(fresh_url)
    with database.reading() as session:
        row = session.scalars(select(Segment).where(Segment.code == "TUHAI-371502-001")).one()
        assert row.line.hausdorff_distance(LINE) < 2e-8
        assert row.version == 1  # the same line, by another road
    database.close()


def test_gcj02_lines_and_named_grids_are_turned(hezhang, places, fresh_url):
    shifted = shapely.transform(LINE, lambda at: from_wgs84(at, Crs.GCJ02))
    (places / "gcj.geojson").write_text(json.dumps(collection(shifted)), "utf-8")
    assert hezhang("import", "segments", places / "gcj.geojson", "--crs", "GCJ02").exit_code == 0
    grid = Transformer.from_crs(4326, 4547, always_xy=True)
    planar = shapely.transform(LINE, lambda at: np.column_stack(grid.transform(at[:, 0], at[:, 1])))
    (places / "grid.geojson").write_text(json.dumps(collection(planar)), "utf-8")
    refused = hezhang("import", "segments", places / "grid.geojson")
    assert refused.exit_code == 1
    assert count(fresh_url, Segment) == 2


def test_wrong_shapes_are_named(hezhang, places):
    wrong = collection(LINE, region="999999", river="NONE", parent="NOWHERE")
    wrong["features"][0]["geometry"] = {"type": "Point", "coordinates": [115.9, 36.4]}
    wrong["features"][0]["properties"]["parent"] = "TUHAI-371502-001"
    (places / "wrong.geojson").write_text(json.dumps(wrong), "utf-8")
    report = hezhang("import", "segments", places / "wrong.geojson", "--check")
    assert report.exit_code == 1
    for words in ("999999", "NONE", "NOWHERE", "geometry", "parent"):
        assert words in report.output
    (places / "nothing.shp").write_bytes(b"not a shapefile")
    assert hezhang("import", "segments", places / "nothing.shp").exit_code == 1
    (places / "broken.geojson").write_text('{"type": "Point", "coordinates": [1e999, 2]}', "utf-8")
    assert hezhang("import", "segments", places / "broken.geojson").exit_code == 1
    assert hezhang("import", "segments", places / "wrong.geojson", "--epsg", "1").exit_code == 1


def test_what_stands_on_the_bank_is_imported_by_code(hezhang, places):
    at = {"type": "Point", "coordinates": list(LINE.coords[1])}
    stop = {"code": "S1", "name": "水闸", "kind": "sluice", "segment": "TUHAI-371502-001"}
    feature = {"type": "Feature", "properties": stop, "geometry": at}
    (places / "stops.geojson").write_text(json.dumps(feature), "utf-8")
    assert hezhang("import", "checkpoints", places / "stops.geojson").exit_code == 0
    assert hezhang("import", "boards", places / "stops.geojson").exit_code == 0
    stop["segment"] = "NOWHERE"
    feature["geometry"] = shapely.geometry.mapping(LINE)
    (places / "stops.geojson").write_text(json.dumps(feature), "utf-8")
    for noun in ("checkpoints", "boards"):
        assert hezhang("import", noun, places / "stops.geojson").exit_code == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"not a zip"),
        ("b.csv", b"\x00\x01binary"),
        ("c.csv", b""),
        ("d.csv", b"\xff\xff\xff\xff"),
    ],
)
def test_files_that_are_no_sheets_are_told_so(hezhang, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    refused = hezhang("import", "people", tmp_path / name)
    assert refused.exit_code == 1
    assert "Error" in refused.output


def test_doubles_and_unknown_parents_are_named(hezhang, places):
    (places / "more.csv").write_text("code,name\n371502002,柳园街道\n371502002,柳园\n371503001,远\n", "utf-8")
    report = hezhang("import", "regions", places / "more.csv")
    assert report.exit_code == 1
    assert "Row 3, " in report.output
    assert "Row 4, " in report.output


def test_the_template_can_be_filled_in_and_imported(hezhang, places):
    assert hezhang("template", "people", places / "template.xlsx").exit_code == 0
    book = openpyxl.load_workbook(places / "template.xlsx")
    sheet = book.active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == HEADINGS
    sheet["F2"] = "TUHAI-371502-001"
    book.save(places / "filled.xlsx")
    assert hezhang("import", "people", places / "filled.xlsx").exit_code == 0


def segment(url: str, code: str) -> Segment:
    database = Database.connect(url)
    with database.reading() as session:
        found = session.scalars(select(Segment).where(Segment.code == code)).one()
    database.close()
    return found


def bring(hezhang, noun: str, file: Path, features: dict) -> Any:
    file.write_text(json.dumps(features), "utf-8")
    return hezhang("import", noun, file, "--lang", "en")


def test_another_width_is_a_new_version_that_walks_are_judged_by_and_the_same_again_is_none(hezhang, places, fresh_url):
    file = places / "again.geojson"
    assert bring(hezhang, "segments", file, collection(LINE)).exit_code == 0
    assert segment(fresh_url, "TUHAI-371502-001").version == 1
    assert bring(hezhang, "segments", file, collection(LINE, width_m=80)).exit_code == 0
    assert segment(fresh_url, "TUHAI-371502-001").version == 2
    assert segment(fresh_url, "TUHAI-371502001").version == 1


def test_a_segment_ends_on_its_day_and_stays_ended_when_it_is_imported_again(hezhang, places, fresh_url):
    file = places / "ends.geojson"
    wrong = bring(hezhang, "segments", file, collection(LINE, from_day="2025-07-02", until_day="2025-07-01"))
    assert (wrong.exit_code, "until_day" in wrong.output) == (1, True)
    assert bring(hezhang, "segments", file, collection(LINE, until_day="2025-07-01")).exit_code == 0
    assert bring(hezhang, "segments", file, collection(LINE, name="撤销的村段")).exit_code == 0
    ended = segment(fresh_url, "TUHAI-371502-001")
    assert (str(ended.from_day), str(ended.until_day), ended.name) == ("2020-01-01", "2025-07-01", "撤销的村段")
    assert segment(fresh_url, "TUHAI-371502001").until_day is None


def test_levees_of_a_segment_are_imported_as_one_and_wrong_ones_named(hezhang, places, fresh_url):
    def levee(*shapes: Any, code: str = "TUHAI-371502-001") -> dict:
        features = [
            {"type": "Feature", "properties": {"segment": code}, "geometry": shapely.geometry.mapping(shape)}
            for shape in shapes
        ]
        return {"type": "FeatureCollection", "features": features}

    file, beside = places / "levees.geojson", shapely.affinity.translate(LINE, 0, 0.001)
    both = levee(beside, shapely.MultiLineString([shapely.affinity.translate(LINE, 0, -0.001)]))
    for _ in range(2):
        assert bring(hezhang, "levees", file, both).exit_code == 0
        kept = segment(fresh_url, "TUHAI-371502-001")
        assert kept.levee is not None
        assert (len(kept.levee.geoms), kept.version) == (2, 2)
    assert bring(hezhang, "segments", file, collection(LINE)).exit_code == 0
    assert segment(fresh_url, "TUHAI-371502-001").levee is not None
    for wrong in (levee(shapely.Point(116, 36)), levee(beside, code="NOWHERE")):
        refused = bring(hezhang, "levees", file, wrong)
        assert refused.exit_code == 1
    short = shapely.LineString([(116, 36), (116, 36.0000001)])
    assert bring(hezhang, "levees", file, levee(short)).exit_code == 1
