"""GeoJSON from outside: what is right is read to the digit, what is wrong is refused by name and place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from geo.geojson import Bounds, GeometryRefused, read, read_geometry, write

lon, lat = st.floats(-170.0, 170.0), st.floats(-90.0, 90.0)
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["type", "coordinates", "features", "geometry", "properties", "id"]), inner),
    ),
    max_leaves=20,
)


def geometry(kind: str, coordinates: object) -> dict[str, object]:
    return {"type": kind, "coordinates": coordinates}


def refusal(document: object, bounds: Bounds | None = None) -> tuple[str, str]:
    text = document if isinstance(document, str | bytes) else json.dumps(document)
    with pytest.raises(GeometryRefused) as refused:
        read(text, bounds or Bounds())
    return refused.value.code, refused.value.pointer


SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
HOLE = [[0.2, 0.2], [0.2, 0.4], [0.4, 0.4], [0.2, 0.2]]


@pytest.mark.parametrize(
    ("kind", "coordinates", "wkt"),
    [
        ("Point", [116.5, 36.5, 30.0, 1.0], "POINT (116.5 36.5)"),
        ("MultiPoint", [[1, 2], [3, 4]], "MULTIPOINT ((1 2), (3 4))"),
        ("LineString", [[1, 2], [3, 4, 9]], "LINESTRING (1 2, 3 4)"),
        ("MultiLineString", [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))"),
        ("Polygon", [SQUARE], "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"),
        ("MultiPolygon", [[SQUARE]], "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)))"),
    ],
)
def test_every_kind_of_geometry_is_read(kind, coordinates, wkt):
    [feature] = read(json.dumps(geometry(kind, coordinates)))

    assert feature.geometry.wkt == wkt


def test_a_hole_stays_a_hole():
    [feature] = read(geometry("Polygon", [SQUARE, HOLE]))

    assert feature.geometry.area == pytest.approx(0.98)


def test_features_keep_their_properties_their_ids_and_their_places():
    point = geometry("Point", [1, 2])
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": "TUHAI", "geometry": point, "properties": {"name": "徒骇河"}},
            {"type": "Feature", "id": 7, "geometry": point, "properties": None},
            {"type": "Feature", "geometry": point},
            point,
        ],
    }

    features = read(b"\xef\xbb\xbf" + json.dumps(collection).encode())

    assert [feature.id for feature in features] == ["TUHAI", 7, None, None]
    assert [feature.properties for feature in features] == [{"name": "徒骇河"}, {}, {}, {}]
    assert [feature.pointer for feature in features] == [f"/features/{number}" for number in range(4)]
    assert read(collection["features"][0])[0].pointer == ""  # type: ignore[arg-type]


def test_one_geometry_in_a_larger_document_is_read_where_it_stands():
    assert read_geometry(geometry("Point", [1, 2])).equals(Point(1, 2))
    with pytest.raises(GeometryRefused, match="out_of_range at /location/coordinates/1"):
        read_geometry(geometry("Point", [1, 92]), "/location")


@pytest.mark.parametrize(
    ("document", "code", "pointer"),
    [
        ("", "not_json", ""),
        ("{", "not_json", ""),
        (b"\xff\xfe\x00", "not_json", ""),
        ("[" * 100_000, "too_deep", ""),
        ('{"type":' * 100_000, "too_deep", ""),
        ('{"type":"Point","coordinates":[NaN,1]}', "not_finite", ""),
        ('{"type":"Point","coordinates":[-Infinity,1]}', "not_finite", ""),
        ('{"type":"Point","coordinates":[1e999,1]}', "not_finite", "/coordinates/0"),
        ('{"type":"Point","coordinates":[1,' + "9" * 400 + "]}", "out_of_range", "/coordinates/1"),
        ('{"type":"Point","coordinates":[1,' + "9" * 5000 + "]}", "not_json", ""),
        ("[]", "not_an_object", ""),
        ("{}", "missing", ""),
        ('{"type":"Feature"}', "missing", ""),
        ('{"type":"FeatureCollection"}', "missing", ""),
        ('{"type":"FeatureCollection","features":{}}', "not_a_list", "/features"),
        ('{"type":"FeatureCollection","features":[[]]}', "not_an_object", "/features/0"),
        ('{"type":"Feature","geometry":null}', "not_an_object", "/geometry"),
        (geometry("Point", [181, 0]), "out_of_range", "/coordinates/0"),
        (geometry("Point", [0, 91]), "out_of_range", "/coordinates/1"),
        (geometry("Point", [36.5, 116.0]), "out_of_range", "/coordinates/1"),
        (geometry("Point", ["116", 36]), "not_a_number", "/coordinates/0"),
        (geometry("Point", [True, 36]), "not_a_number", "/coordinates/0"),
        (geometry("Point", [None, 36]), "not_a_number", "/coordinates/0"),
        (geometry("Point", [[1], 36]), "not_a_number", "/coordinates/0"),
        (geometry("Point", [1]), "not_a_position", "/coordinates"),
        (geometry("Point", [1, 2, 3, 4, 5]), "not_a_position", "/coordinates"),
        (geometry("Point", {}), "not_a_list", "/coordinates"),
        (geometry("LineString", [[1, 2]]), "too_few_positions", "/coordinates"),
        (geometry("LineString", [[1, 2], [1, 2]]), "too_few_positions", "/coordinates"),
        (geometry("LineString", [1, 2]), "not_a_list", "/coordinates/0"),
        (geometry("LineString", [[179, 0], [-179, 0]]), "crosses_date_line", "/coordinates"),
        (geometry("MultiLineString", []), "empty", "/coordinates"),
        (geometry("MultiPoint", []), "empty", "/coordinates"),
        (geometry("Polygon", []), "empty", "/coordinates"),
        (geometry("Polygon", [SQUARE[:3]]), "too_few_positions", "/coordinates/0"),
        (geometry("Polygon", [SQUARE[:4]]), "not_closed", "/coordinates/0"),
        (geometry("Polygon", [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]), "not_simple", "/coordinates"),
        (geometry("MultiPolygon", []), "empty", "/coordinates"),
        (geometry("MultiPolygon", [[]]), "empty", "/coordinates/0"),
        (geometry("MultiPolygon", [[SQUARE], [SQUARE]]), "not_simple", "/coordinates"),
        (geometry("GeometryCollection", []), "wrong_kind", "/type"),
        (geometry("point", [1, 2]), "wrong_kind", "/type"),
        ({"type": ["Point"], "coordinates": [1, 2]}, "wrong_kind", "/type"),
        (
            {"type": "Feature", "geometry": geometry("Point", [1, 2]), "properties": [1]},
            "not_an_object",
            "/properties",
        ),
        ({"type": "Feature", "geometry": geometry("Point", [1, 2]), "id": True}, "not_an_id", "/id"),
        ({"type": "Feature", "geometry": geometry("Point", [1, 2]), "id": 1.5}, "not_an_id", "/id"),
    ],
)
def test_what_is_wrong_is_refused_by_name_and_place(document, code, pointer):
    assert refusal(document) == (code, pointer)


def test_a_position_at_any_depth_but_its_own_is_refused():
    for depth in (0, 1, 3, 4, 500):
        coordinates: object = 1.0
        for _ in range(depth):
            coordinates = [coordinates]
        assert refusal(geometry("LineString", coordinates))[0] in ("not_a_list", "not_a_position", "not_a_number")


def test_there_is_a_bound_to_everything():
    line = geometry("LineString", [[n / 1000, 1] for n in range(11)])
    collection = {"type": "FeatureCollection", "features": [line, line]}

    assert refusal(line, Bounds(most_positions_each=10)) == ("too_many_positions", "/coordinates/10")
    assert refusal(collection, Bounds(most_positions=15)) == ("too_many_positions", "/features/1/coordinates/4")
    assert refusal(collection, Bounds(most_features=1)) == ("too_many_features", "/features")
    assert refusal(collection, Bounds(most_bytes=100)) == ("too_large", "")
    assert refusal(line, Bounds(kinds=frozenset({"Point"}))) == ("wrong_kind", "/type")
    assert len(read(collection, Bounds(most_positions_each=11, most_positions=22))) == 2


def test_a_million_vertices_are_refused_at_the_first_too_many():
    positions = ",".join(["[1,2]"] * 1_000_000)

    assert refusal(f'{{"type":"LineString","coordinates":[{positions}]}}')[0] == "too_many_positions"


def test_minus_nought_is_nought():
    assert str(read('{"type":"Point","coordinates":[-0.0,-0.0]}')[0].geometry) == "POINT (0 0)"


@given(document=json_values)
def test_any_json_is_read_or_refused(document):
    try:
        features = read(json.dumps(document))
    except GeometryRefused:
        features = []

    assert all(feature.geometry.is_valid for feature in features)


@given(text=st.one_of(st.text(max_size=40), st.binary(max_size=40)))
def test_any_text_is_read_or_refused(text):
    with pytest.raises(GeometryRefused):
        read(text)


@given(places=st.lists(st.tuples(lon, lat), min_size=2, max_size=20, unique=True))
def test_what_is_written_is_read_again_to_six_decimals(places):
    written = write(LineString(places))

    assert written["type"] == "LineString"
    for (east, north), (read_east, read_north) in zip(places, written["coordinates"], strict=True):
        assert abs(east - read_east) <= 0.500001e-6
        assert abs(north - read_north) <= 0.500001e-6
        assert read_east == round(read_east, 6)


def test_areas_are_written_with_their_holes_and_read_again():
    area = MultiPolygon([Polygon(SQUARE, [HOLE]), box(3, 3, 4, 4)])

    assert read(json.dumps(write(area)))[0].geometry.equals(area)
    assert json.dumps(write(Point(-0.0000001, 1.23456789))) == '{"type": "Point", "coordinates": [0.0, 1.234568]}'
