"""The door of a noun: a blueprint under /api/v1 with our strict parser, what it may answer, and answers as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, TypeVar

import flask_smorest
import orjson
from flask import Response, current_app, request
from marshmallow import Schema

from backend.api.bodies import StrictParser, refuse_unknown_questions
from backend.domain.access import EVERYBODY, TABLE
from backend.domain.actions import Action
from backend.domain.terms import Post
from backend.errors import (
    BadInput,
    Forbidden,
    NotFound,
    NotReadable,
    Problem,
    StorageFull,
    TooLarge,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
)
from backend.statuses import STATUS

BASE = "/api/v1"
View = TypeVar("View", bound=Callable[..., Any])
_OF_A_BODY = (NotReadable, TooLarge, UnsupportedMedia)


def fails(*problems: type[Problem]) -> Callable[[View], View]:
    """Say which problems a view may answer with, beside those that follow from its action and its arguments."""

    def declare(view: View) -> View:
        view.problems = problems  # type: ignore[attr-defined]
        return view

    return declare


class Door(flask_smorest.Blueprint):
    """A blueprint of the API; every route on it also carries `needs(action)`."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, noun: str, description: str) -> None:
        super().__init__(noun, noun, url_prefix=BASE, description=description)
        self.before_request(_refuse_unknown)

    def arguments(self, schema: type[Schema], **options: Any) -> Any:
        """Declare what a route takes; its schema is made once, for making one takes as long as using it.

        A body has an `EXAMPLE` that can be sent as it is.
        """
        example = getattr(schema, "EXAMPLE", None)
        return super().arguments(schema(), **({"example": example} if example else {}), **options)

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *more: Any, **options: Any
    ) -> None:
        """Add a route; of one that names a thing in its path it is said that there may be none of that name."""
        if "<" in rule:
            fails(NotFound, *getattr(view_func, "problems", ()))(view_func)
        super().add_url_rule(rule, endpoint, view_func, *more, **options)

    def _store_endpoint_docs(self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any) -> None:
        """Write every status that this view can answer with into its documentation, and who may ask it."""
        super()._store_endpoint_docs(endpoint, obj, parameters, tags, **options)
        for method, doc in self._docs[endpoint].items():
            if method == "parameters":
                continue
            answers = doc.setdefault("response", {}).setdefault("responses", {})
            for problem in _problems(obj, method):
                answers.setdefault(STATUS[problem], [HTTPStatus(STATUS[problem]).name])
            own = doc.setdefault("manual_doc", {})
            own["description"] = _who(obj.action)
            if obj.action is not Action.PUBLIC:
                own["security"] = [{"bearer": []}]


def _who(action: Action) -> str:
    """Whose posts open this door, in the words of `terms.Post`."""
    if action is Action.PUBLIC:
        return "For anybody, without a login."
    posts = TABLE[action].keys()
    if posts == EVERYBODY:
        return "For everybody who is signed in."
    return f"For {', '.join(f'`{post}`' for post in Post if post in posts)}."


def _problems(view: Any, method: str) -> Iterator[type[Problem]]:
    """Everything that can go wrong with a view; any may be asked what it does not know."""
    yield from (Unavailable, BadInput)
    if method != "get":
        yield StorageFull
    if view.action is not Action.PUBLIC:
        yield from (Unauthenticated, Forbidden)
    if any(arguments["in"] == "json" for arguments in _arguments(view)):
        yield from _OF_A_BODY
    yield from getattr(view, "problems", ())


def _arguments(view: Any) -> list[dict[str, Any]]:
    """What a view takes, as its decorators wrote it down."""
    found: list[dict[str, Any]] = getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", [])
    return found


def _refuse_unknown() -> None:
    """What is asked in the address is what this view knows."""
    if not request.args:
        return
    view = current_app.view_functions[str(request.endpoint)]
    asked = [each["schema"].fields for each in _arguments(view) if each["in"] == "query"]
    refuse_unknown_questions([field.data_key or name for fields in asked for name, field in fields.items()])


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
            unless_known(response)
    return response


def unless_known(response: Response) -> Response:
    """304 without a body when the asker has this version already.

    Only `If-None-Match` decides: `If-Match` is for whoever changes a thing, and a look is answered whatever it says.
    """
    response.make_conditional({name: value for name, value in request.environ.items() if name != "HTTP_IF_MATCH"})
    return response


def is_known(etag: str) -> bool:
    """Whether the asker has this version already, so that it need not be put together."""
    return request.if_none_match.contains_weak(etag)
