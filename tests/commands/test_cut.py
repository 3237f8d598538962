"""The commands that cut a city and cast its people: the same bytes again, plain words for a wrong file."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.commands.cut import cast_city, cut_city

SEED = Path(__file__).parents[2] / "seed_data"
FROM_CUTTING = ("rivers.csv", "segments.geojson", "checkpoints.geojson", "notice_boards.geojson")
FROM_CASTING = ("units.csv", "people.csv", "demo_accounts.csv")


def run(command, *, language="zh_CN.UTF-8", **options):
    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    return CliRunner(env={"LC_ALL": language}).invoke(command, arguments)


def cut(out, **changed):
    sources = {name: SEED / file for name, file in SOURCES.items()}
    return run(cut_city, **{**sources, **changed}, out=out)


SOURCES = {"regions": "regions.csv", "towns": "towns.geojson", "rivers": "rivers.geojson"}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """The seed city made afresh."""
    out = tmp_path_factory.mktemp("city")
    cutting = cut(out)
    casting = run(
        cast_city,
        regions=SEED / "regions.csv",
        segments=out / "segments.geojson",
        example="TUHAI-371502",
        out=out,
    )
    assert (cutting.exit_code, casting.exit_code) == (0, 0), (cutting.output, casting.output)
    assert "1005" in cutting.output
    assert "808" in casting.output
    return out


def test_the_same_input_gives_the_same_bytes(city, tmp_path):
    assert cut(tmp_path / "again").exit_code == 0

    for name in FROM_CUTTING:
        assert (tmp_path / "again" / name).read_bytes() == (city / name).read_bytes()


@pytest.mark.parametrize("name", FROM_CASTING)
def test_the_people_of_the_repository_are_what_the_command_makes(city, name):
    assert (city / name).read_bytes() == (SEED / name).read_bytes()


def test_the_segments_of_the_repository_are_what_the_command_makes(city):
    made, kept = (json.loads((folder / "segments.geojson").read_text("utf-8"))["features"] for folder in (city, SEED))

    assert [feature["properties"]["code"] for feature in made] == [f["properties"]["code"] for f in kept]
    for fresh, known in zip(made, kept, strict=True):
        assert fresh["properties"]["from_m"] == pytest.approx(known["properties"]["from_m"], abs=1.0)


def test_the_people_sheet_opens_in_a_spreadsheet(city):
    assert (city / "people.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def made(path: Path, *features) -> Path:
    """A GeoJSON file of these properties and geometries."""
    path.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in features],
            }
        ),
        "utf-8",
    )
    return path


A_LINE = {"type": "LineString", "coordinates": [[115.98, 36.40], [115.98, 36.48]]}


@pytest.mark.parametrize(
    ("properties", "geometry", "says"),
    [
        ({"name": "徒骇河"}, A_LINE, "code"),
        ({"name": "徒骇河", "code": "TUHAI", "width_m": "宽"}, A_LINE, "宽"),
        ({"name": "徒骇河", "code": "TUHAI", "width_m": -1}, A_LINE, "-1"),
        ({"name": "徒骇河", "code": "TUHAI", "class": "brook"}, A_LINE, "brook"),
        ({"name": "徒骇河", "code": "TUHAI"}, {"type": "Point", "coordinates": [116, 36]}, "/features/0"),
        ({"name": "徒骇河", "code": "TUHAI"}, {**A_LINE, "coordinates": [[16, 36], [17, 36]]}, "坐标"),
    ],
)
def test_a_river_that_cannot_be_cut_is_named_in_a_sentence(tmp_path, properties, geometry, says):
    refused = cut(tmp_path, rivers=made(tmp_path / "r.geojson", (properties, geometry)))

    assert refused.exit_code == 1
    assert says in refused.output
    assert not (tmp_path / "segments.geojson").exists()


def test_a_sentence_comes_in_the_language_of_the_terminal(tmp_path):
    rivers = made(tmp_path / "r.geojson", ({"name": "徒骇河"}, A_LINE))

    assert "没有可用的编码" in cut(tmp_path, rivers=rivers, language="zh_CN.UTF-8").output
    for elsewhere in ("en_GB.UTF-8", "C.UTF-8"):
        assert "no usable code" in cut(tmp_path, rivers=rivers, language=elsewhere).output


def test_a_river_with_code_and_class_needs_no_more(tmp_path):
    river = {"name": "试河", "code": "SHI", "class": "canal"}

    assert cut(tmp_path, rivers=made(tmp_path / "r.geojson", (river, A_LINE))).exit_code == 0

    with (tmp_path / "rivers.csv").open(encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    assert (row["code"], row["width_m"]) == ("SHI", "20.0")


@pytest.mark.parametrize("text", ["名称,编码\n聊城市,371500\n", "code,name\n37150x,聊城市\n"])
def test_another_table_is_no_list_of_regions(tmp_path, text):
    (tmp_path / "wrong.csv").write_text(text, "utf-8")

    refused = cut(tmp_path, regions=tmp_path / "wrong.csv")

    assert refused.exit_code == 1
    assert "wrong.csv" in refused.output


def test_another_file_is_no_file_of_segments(tmp_path):
    refused = run(cast_city, regions=SEED / "regions.csv", segments=SEED / "rivers.geojson", out=tmp_path)

    assert refused.exit_code == 1
    assert "code" in refused.output
