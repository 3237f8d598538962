"""The pages ask the API, in the same process and in the name of who sits there: one set of rules and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, current_app, g
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

BASE = "/api/v1"
Query = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """What the API said: its body, and the version of the thing."""

    body: Any
    etag: str | None


def ask(path: str, query: Query | None = None, *, language: str) -> Answered:
    """Look at something; the API's own Problem when it cannot be shown."""
    response = passed("GET", path, language=language, query_string=_said(query))
    return Answered(orjson.loads(response.get_data()), response.headers.get("ETag"))


def tell(method: str, path: str, body: Any = None, *, version: str | None = None, language: str) -> Answered:
    """Do something; `version` is the ETag of what the person saw. The API's own Problem when it is refused."""
    headers = {"If-Match": _as_header(version)} if version else {}
    said: dict[str, Any] = {} if body is None else {"data": orjson.dumps(body), "content_type": "application/json"}
    response = passed(method, path, language=language, headers=headers, **said)
    data = response.get_data()
    return Answered(orjson.loads(data) if data else None, response.headers.get("ETag"))


def passed(method: str, path: str, *, language: str, headers: Mapping[str, str] | None = None, **rest: Any) -> Response:
    """One answer of the API as it is; who asks and the moment are those of the page's own request."""
    heard = {"Accept-Language": language} | dict(headers or {})
    environ = EnvironBuilder(BASE + path, method=method, headers=Headers(heard), **rest).get_environ()
    g.pop("json_body", None)  # of the question before, in the same request
    with current_app.request_context(environ):
        return current_app.make_response(current_app.dispatch_request())


def _as_header(version: str) -> str:
    """A version as a form sent it back; what cannot be one is that of nothing."""
    return version if version.isascii() and version.isprintable() else "-"


def _said(query: Query | None) -> dict[str, Any]:
    """What the address asks; of what may be named several times, each."""
    every = ((name, value) for name, value in (query or {}).items() if value not in (None, "", []))
    return {name: value if isinstance(value, list) else str(value) for name, value in every}
