"""The document of the API is enough to write a client by: every shape is said, and every example can be sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema

from backend.api.schemas.patrols import PatrolSchema
from tests.makers import new_id

METHODS = {"get", "put", "post", "delete", "patch"}
FREE = {"additionalProperties"}
"""Where anything may stand: what a phone says of itself, and values whose names change with the code."""


@pytest.fixture
def document(phone_of) -> dict[str, Any]:
    return phone_of(None).get("/api/openapi.json").json


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield f"{method.upper()} {path}", operation


def bodies(app) -> Iterator[tuple[str, Schema, Any]]:
    """Every JSON body that a route takes, with its schema and its example."""
    for endpoint, view in app.view_functions.items():
        for taken in getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", []):
            if taken["in"] == "json":
                yield endpoint, taken["schema"], taken.get("example")


def test_the_example_of_every_body_is_one_that_can_be_sent(app, document):
    found = list(bodies(app))
    assert len(found) > 15
    for endpoint, schema, example in found:
        assert example, endpoint
        assert schema.load(example), endpoint
    shown = [op["requestBody"]["content"] for _, op in operations(document) if "requestBody" in op]
    assert all("example" in media for content in shown for kind, media in content.items() if kind == "application/json")


def test_the_example_of_a_walk_is_taken_and_so_is_a_batch_of_it(phone_of, cast, document):
    wang = phone_of(cast.wang)
    body = document["paths"]["/api/v1/patrols/{patrol_id}"]["put"]["requestBody"]["content"]["application/json"]
    assert body["example"] == PatrolSchema.EXAMPLE
    assert wang.put(f"/api/v1/patrols/{new_id()}", json=body["example"]).status_code == 201
    batch = document["paths"]["/api/v1/sync"]["post"]["requestBody"]["content"]["application/json"]["example"]
    assert wang.post("/api/v1/sync", json=batch).json["results"][0]["status"] == "created"


def test_no_shape_of_what_is_asked_is_left_unsaid(document):
    def silent(place: str, node: Any) -> Iterator[str]:
        if node == {}:
            yield place
        elif isinstance(node, dict):
            for name, inner in node.items():
                if name not in FREE | {"example", "default"}:
                    yield from silent(f"{place}/{name}", inner)
        elif isinstance(node, list):
            for number, inner in enumerate(node):
                yield from silent(f"{place}/{number}", inner)

    assert list(silent("", document["components"]["schemas"])) == []
    assert [place for name, op in operations(document) for place in silent(name, op.get("parameters", []))] == []


def test_a_place_in_a_list_has_no_value_of_its_own_and_a_question_is_not_asked_unasked(document):
    asked = [each for _, op in operations(document) for each in op.get("parameters", []) if each["in"] == "query"]
    assert {"cursor", "since", "from", "to", "bbox", "region"} <= {each["name"] for each in asked}
    for each in asked:
        schema = each["schema"]
        assert "example" not in schema, each
        assert schema.get("default") in (None, 50, 5, "view", False), each


def test_a_track_is_an_object_of_points(document):
    track = document["components"]["schemas"]["Patrol"]["properties"]["track"]
    assert (track["type"], track["required"]) == ("object", ["points"])
    columns = [column["description"].split()[0] for column in track["properties"]["points"]["items"]["prefixItems"]]
    assert columns == ["longitude", "latitude", "Unix", "accuracy"]


def test_every_question_says_who_may_ask_it(document):
    told = {place: operation["description"] for place, operation in operations(document)}
    assert told["POST /api/v1/auth/login"] == "For anybody, without a login."
    assert told["GET /api/v1/me"] == "For everybody who is signed in."
    assert told["PUT /api/v1/people/{person_id}"] == "For `administrator`, `office_clerk`."
    assert "login" in document["info"]["description"]
