"""Map files of surveyors: only what we promise is opened, nothing reaches outside, and text is read as it was meant."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyogrio.raw import write

from backend.formats import shapes
from backend.formats.shapes import NotShapes, Said
from tests.cast import LINE

NAME = "徒骇河东昌府区段"
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="elsewhere"><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>'
    "</OGRVRTDataSource>"
)


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[object]]]:
    """The address of a server that nobody should call, and everybody who did."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    caller, address = server.accept()
                except OSError:
                    return
                callers.append(address)
                caller.close()

        waiting = threading.Thread(target=answer, daemon=True)
        waiting.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", callers
        server.shutdown(socket.SHUT_RDWR)
        waiting.join()


def survey(path: Path, *, encoding: str = "UTF-8", name: str = NAME, layer: str | None = None) -> Path:
    """A file with one line and its name."""
    more = {".shp": {"encoding": encoding}, ".kml": {"driver": "KML"}}.get(path.suffix, {})
    write(
        path,
        shapely.to_wkb(np.array([LINE], dtype=object)),
        [np.array([name], dtype=object)],
        np.array(["label"], dtype=object),
        geometry_type="LineString",
        crs="EPSG:4326",
        layer=layer,
        append=path.exists(),
        **more,
    )
    return path


def packed(path: Path, *members: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            archive.write(member, member.name)
    return path


def named(path: Path, **said: str) -> list[object]:
    return [properties["label"] for _, properties, _ in shapes.features(path, Said(**said))]  # type: ignore[arg-type]


def why(path: Path, **said: str) -> str:
    with pytest.raises(NotShapes) as refused:
        named(path, **said)
    return refused.value.key


@pytest.mark.parametrize("ending", ["shp", "gpkg", "kml", "kmz"])
def test_each_kind_that_we_promise_is_read(tmp_path, ending):
    found = list(shapes.features(survey(tmp_path / f"survey.{ending}")))
    assert [(number, properties["label"]) for number, properties, _ in found] == [(1, NAME)]
    assert isinstance(found[0][2], shapely.LineString)
    assert found[0][2].equals_exact(LINE, 1e-7)


def test_a_zipped_shapefile_is_read_with_all_that_lies_beside_it(tmp_path):
    survey(tmp_path / "survey.shp", encoding="GBK")
    assert named(packed(tmp_path / "survey.zip", *tmp_path.glob("survey.*"))) == [NAME]


@pytest.mark.parametrize("ending", ["shp", "gpkg", "kml", "kmz", "vrt"])
@pytest.mark.parametrize("source", ["/vsicurl/{at}/x.geojson", "WFS:{at}/wfs"])
def test_a_file_that_names_an_address_makes_no_connection_under_whatever_name(tmp_path, elsewhere, ending, source):
    at, callers = elsewhere
    hidden = tmp_path / f"hidden.{ending}"
    hidden.write_text(VRT.format(source=source.format(at=at)), "utf-8")
    assert why(hidden) == "import.not_shapes"
    assert callers == []


def test_what_lies_in_a_zip_is_a_shapefile_or_nothing(tmp_path, elsewhere):
    at, callers = elsewhere
    (tmp_path / "hidden.vrt").write_text(VRT.format(source=f"/vsicurl/{at}/x.geojson"), "utf-8")
    assert why(packed(tmp_path / "a.zip", tmp_path / "hidden.vrt")) == "import.not_shapes"
    assert why(packed(tmp_path / "b.zip", survey(tmp_path / "survey.gpkg"))) == "import.not_shapes"
    assert callers == []


@pytest.mark.parametrize("content", ["<OGRWFSDataSource><URL>{at}</URL></OGRWFSDataSource>", "{at}/x.kml"])
def test_a_service_under_the_name_of_a_file_is_never_asked(tmp_path, elsewhere, content):
    at, callers = elsewhere
    for ending in ("kml", "gpkg", "shp", "kmz"):
        hidden = tmp_path / f"hidden.{ending}"
        hidden.write_text(content.format(at=at), "utf-8")
        assert why(hidden) == "import.not_shapes"
    assert callers == []


def test_links_of_a_kml_are_not_followed(tmp_path, elsewhere):
    at, callers = elsewhere
    link = tmp_path / "link.kml"
    link.write_text(
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link><href>{at}/x.kml</href></Link>'
        "</NetworkLink></Document></kml>",
        "utf-8",
    )
    assert named(link) == []
    assert callers == []


def test_a_vrt_under_another_name_does_not_hand_out_a_file_of_this_machine(tmp_path):
    secret = survey(tmp_path / "secret.gpkg")
    hidden = tmp_path / "hidden.kml"
    hidden.write_text(VRT.format(source=secret), "utf-8")
    assert why(hidden) == "import.not_shapes"


def test_a_view_of_a_geopackage_that_would_ask_a_server_is_refused(tmp_path, elsewhere):
    at, callers = elsewhere
    asking = survey(tmp_path / "asking.gpkg")
    with sqlite3.connect(asking) as opened:
        opened.execute(
            "CREATE VIEW asks AS SELECT fid, geom, cast(ogr_geocode('x', 'geometry', 'READ_CACHE=NO', "
            f"'QUERY_TEMPLATE={at}/%s') AS text) AS label FROM asking"
        )
        opened.execute("UPDATE gpkg_geometry_columns SET table_name = 'asks'")
        opened.execute("UPDATE gpkg_contents SET table_name = 'asks', identifier = 'asks'")
    opened.close()
    assert why(asking) == "import.not_shapes"
    assert callers == []


def test_a_geopackage_that_another_program_has_open_is_read(tmp_path):
    file = survey(tmp_path / "open.gpkg")
    opened = sqlite3.connect(file)
    opened.execute("PRAGMA journal_mode = WAL")
    for (trigger,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        opened.execute(f'DROP TRIGGER "{trigger}"')  # they call functions of spatial extensions
    opened.execute("UPDATE open SET label = '改过'")
    opened.commit()
    assert named(file) == ["改过"]
    opened.close()


def test_of_several_layers_the_operator_says_which(tmp_path):
    file = survey(tmp_path / "two.gpkg", layer="old", name="旧")
    survey(file, layer="new", name="新")
    assert why(file) == "import.layers"
    assert why(file, layer="newest") == "import.layers"
    assert named(file, layer="new") == ["新"]


@pytest.mark.parametrize("language_byte", [0x00, 0x4D, 0x57])
@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("has_cpg", [True, False])
def test_text_of_a_shapefile_is_read_as_it_was_meant_whatever_its_language_byte_says(
    tmp_path, language_byte, encoding, has_cpg
):
    file = survey(tmp_path / "survey.shp", encoding=encoding)
    table = file.with_suffix(".dbf")
    raw = bytearray(table.read_bytes())
    raw[29] = language_byte
    table.write_bytes(raw)
    if has_cpg:
        file.with_suffix(".cpg").write_text("ANSI 936" if encoding == "GBK" else "UTF-8", "ascii")
    else:
        file.with_suffix(".cpg").unlink()
    assert named(file) == [NAME]


def test_a_cpg_that_lies_and_text_of_no_known_encoding_are_told_and_the_operator_may_say(tmp_path):
    lying = survey(tmp_path / "lying.shp", encoding="GBK")
    lying.with_suffix(".cpg").write_text("UTF-8", "ascii")
    assert why(lying) == "import.encoding_of_shapes"
    assert named(lying, encoding="GBK") == [NAME]
    assert why(lying, encoding="klingon") == "import.encoding_of_shapes"
    foreign = survey(tmp_path / "foreign.shp", encoding="CP1251", name="Ходыня ЯЯЯ ы")
    foreign.with_suffix(".cpg").unlink()
    raw = foreign.with_suffix(".dbf").read_bytes()
    foreign.with_suffix(".dbf").write_bytes(raw.replace(b"\xdf\xdf\xdf", b"\xff\xff\xff"))
    assert why(foreign) == "import.encoding_of_shapes"


def test_text_that_its_field_cut_within_a_letter_is_still_read(tmp_path):
    file = survey(tmp_path / "cut.shp", name="长" * 84)  # 252 of the 254 bytes that a field has
    file.with_suffix(".cpg").unlink()
    table = file.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace("长".encode() * 84, "长".encode() * 83 + "长".encode()[:2] + b" "))
    assert named(file) == ["长" * 83]


def test_what_breaks_the_decoder_or_asks_for_too_much_is_refused(tmp_path):
    for name, content in (
        ("a.shp", b"no shapes"),
        ("b.gpkg", b"SQLite format 3\x00" + b"\xff" * 3000),
        ("c.zip", b"PK"),
    ):
        (tmp_path / name).write_bytes(content)
        assert why(tmp_path / name) == "import.not_shapes"
    shutil.copyfile(survey(tmp_path / "d.gpkg"), tmp_path / "d.shp")
    assert why(tmp_path / "d.shp") == "import.not_shapes"
