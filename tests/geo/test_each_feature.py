"""Features of an operator's survey, each by itself: one that is wrong does not hide the others."""

import json

import pytest
from shapely import Point

from geo.geojson import GeometryRefused, read_each

POINT = {"type": "Point", "coordinates": [116, 36]}


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_what_is_wrong_stands_in_the_place_of_its_shape():
    found = list(
        read_each(
            collection(
                feature(POINT, code="A"),
                feature(None, code="B"),
                feature({"type": "Point", "coordinates": [float("inf"), 36]}, code="C", width=float("nan")),
                "no feature",
                feature(POINT) | {"properties": [1]},
            )
        )
    )
    assert found[0] == ({"code": "A"}, Point(116, 36))
    assert [properties.get("code") for properties, _ in found] == ["A", "B", "C", None, None]
    refused = [shape for _, shape in found[1:]]
    codes = [shape.code for shape in refused if isinstance(shape, GeometryRefused)]
    assert codes == ["not_an_object", "not_finite", "not_an_object", "not_an_object"]
    assert list(read_each(POINT)) == [({}, Point(116, 36))]


def test_a_document_that_is_none_is_refused_as_a_whole():
    for document in ("hello", "[]", '{"type": "FeatureCollection"}'):
        with pytest.raises(GeometryRefused):
            list(read_each(document))
