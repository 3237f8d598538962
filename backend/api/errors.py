"""Every error leaves as RFC 9457 problem+json, in the reader's language."""

from __future__ import annotations

from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from backend.context import language
from backend.db import AWAY, AlreadyTaken
from backend.errors import (
    Conflict,
    NotFound,
    NotReadable,
    Problem,
    StorageFull,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
)
from backend.statuses import STATUS
from backend.words import Text, say

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "/problems/"

log = structlog.get_logger(__name__)


def register(app: Flask) -> None:
    """Every failure of the app goes through this module."""
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(HTTPException, _http)
    for away in AWAY:
        app.register_error_handler(away, _database_away)
    app.register_error_handler(AlreadyTaken, _does_not_fit)
    app.register_error_handler(Exception, _unexpected)


def document(problem: Problem) -> dict[str, Any]:
    """The problem as the members of RFC 9457, in the reader's language."""
    body: dict[str, Any] = {
        "type": TYPE_BASE + problem.code.replace("_", "-"),
        "title": say(problem.title, language()),
        "status": STATUS[type(problem)],
        "detail": say(problem.text, language()),
        "instance": request.path,
    }
    if problem.flaws:
        body["errors"] = [{"pointer": flaw.pointer, "detail": say(flaw.text, language())} for flaw in problem.flaws]
    return body | problem.extra


def unexpected() -> dict[str, Any]:
    """A mistake of ours, as the members of RFC 9457; what it was stands in the log under the request's number."""
    return {
        "type": TYPE_BASE + "unexpected",
        "title": say(Text("problem.unexpected"), language()),
        "status": 500,
        "detail": say(Text("problem.unexpected.detail", {"request": g.get("request_id", "-")}), language()),
        "instance": request.path,
    }


def _problem(problem: Problem) -> Response:
    response = _answer(document(problem))
    if isinstance(problem, TooMany | Unavailable):
        response.headers["Retry-After"] = str(problem.seconds)
    if isinstance(problem, Unauthenticated):
        response.headers["WWW-Authenticate"] = 'Bearer realm="hezhang"'
    return response


def _http(error: HTTPException) -> Response:
    """Failures that the framework found: unknown address, method, too large, the client gone."""
    status = error.code or 500
    known = {400: NotReadable, 404: NotFound, 413: TooLarge, 415: UnsupportedMedia}.get(status)
    if known is not None:
        return _problem(known(detail="http"))
    if status == 429:
        return _problem(TooMany(60))
    key = f"http.{status}"
    response = _answer(
        {
            "type": f"{TYPE_BASE}http-{status}",
            "title": say(Text(key), language()) if say(Text(key), language()) != key else error.name,
            "status": status,
            "detail": say(Text(f"{key}.detail"), language())
            if say(Text(f"{key}.detail"), language()) != f"{key}.detail"
            else error.name,
            "instance": request.path,
        }
    )
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after", "content-range"):
            response.headers[name] = value
    return response


def _database_away(error: Exception) -> Response:
    """The database is restarting, full or busy: nothing was stored, and the same request may be sent again."""
    cause = type(
        getattr(error, "orig", None) or error
    ).__name__  # the driver's own name says which: a deadlock, a crash
    log.error("database_away", error=cause, path=request.url_rule and request.url_rule.rule)
    text = str(getattr(error, "orig", error)).lower()
    if ("disk" in text and "full" in text) or "no space" in text:
        return _problem(StorageFull(seconds=60))
    return _problem(Unavailable("database"))


def _does_not_fit(error: Exception) -> Response:
    """What the database must never hold: something named that is not there, or there already."""
    log.warning("does_not_fit", error=type(error).__name__)
    return _problem(Conflict("reference"))


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected", error=type(error).__name__)
    return _answer(unexpected())


def _answer(body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), status=body["status"], mimetype=MEDIA_TYPE)
