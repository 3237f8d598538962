"""The door of a noun: a blueprint under /api/v1 with our strict parser, and answers as JSON."""

from __future__ import annotations

from typing import Any

import flask_smorest
import orjson
from flask import Response, request
from marshmallow import Schema

from backend.api.bodies import StrictParser

BASE = "/api/v1"


class Door(flask_smorest.Blueprint):
    """A blueprint of the API; every route on it also carries `needs(action)`."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, noun: str, description: str) -> None:
        super().__init__(noun, noun, url_prefix=BASE, description=description)

    def arguments(self, schema: type[Schema], **options: Any) -> Any:
        """Declare what a route takes; its schema is made once, for making one takes as long as using it."""
        return super().arguments(schema(), **options)


def nothing(*, etag: str | None = None) -> Response:
    """An answer without a body; with the version after the change, where the thing has one."""
    response = Response(status=204)
    if etag is not None:
        response.set_etag(etag)
    return response


def answer(
    body: Any,
    status: int = 200,
    *,
    etag: str | None = None,
    media_type: str = "application/json",
    **headers: str,
) -> Response:
    """A JSON answer; with an etag, 304 when the asker has it already. Header names use _ for -."""
    response = Response(orjson.dumps(body), status=status, mimetype=media_type)
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers["Vary"] = "Authorization, Accept-Language, Accept-Encoding"
    if etag is not None:
        response.set_etag(etag)
        if status == 200:
            response.make_conditional(request)
    return response
