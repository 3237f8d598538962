"""Pages for anybody: what this is, and the reference of the API; they work with no internet."""

from __future__ import annotations

from pathlib import Path

import flask_swagger_ui  # type: ignore[import-untyped]  # it has no types; only its folder is used
from flask import Blueprint, Response, render_template, send_from_directory

from backend.context import declares, language
from backend.domain.actions import Action
from backend.web.assets import asset
from backend.words import Text, say

blueprint = Blueprint("public", __name__)

_SWAGGER = Path(flask_swagger_ui.__file__).parent / "dist"
_PAGE_POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'"
# Swagger UI sets style attributes by script; no script of a page is inline.
_DOCS_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"


@blueprint.get("/")
@declares(Action.PUBLIC)
def front() -> Response:
    """What this is, in one page."""
    return _page("front.html", _PAGE_POLICY)


@blueprint.get("/api/docs")
@declares(Action.PUBLIC)
def docs() -> Response:
    """The reference of the API, made from `/api/openapi.json`."""
    return _page("docs.html", _DOCS_POLICY)


@blueprint.get("/api/docs/<path:name>")
@declares(Action.PUBLIC)
def docs_file(name: str) -> Response:
    """The files of the reference page, from the installed package."""
    response = send_from_directory(_SWAGGER, name)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _page(template: str, policy: str) -> Response:
    spoken = language()
    page = render_template(template, say=lambda key: say(Text(key), spoken), language=spoken, asset=asset)
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    return response
