"""The page behind the link of a text message: a call-out is answered with one tap, without a login."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import orjson
from flask import Blueprint, Response, render_template, request

from backend.clock import in_words
from backend.context import declares, house, language, now
from backend.domain.actions import Action
from backend.domain.callouts import Answer
from backend.errors import BadInput, NotFound, NotReadable
from backend.services import acks
from backend.services.acks import AckDraft
from backend.web.assets import asset
from backend.words import Text, say

blueprint = Blueprint("calls", __name__)

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_LONGEST_NOTE = 1000
_MOST_BYTES = 16 * 1024


@blueprint.get("/a/<token>")
@declares(Action.PUBLIC)
def look(token: str) -> Response:
    """What one is called for, with three buttons; looking changes nothing, whoever or whatever follows the link."""
    try:
        with house().database.reading() as session:
            row = acks.by_link(session, token)
    except NotFound as problem:
        return _unknown(problem)
    return _page(row)


@blueprint.post("/a/<token>")
@declares(Action.PUBLIC)
def tell(token: str) -> Response:
    """Keep an answer: `id` and `status`, as JSON or as the form of the page; told again, nothing changes."""
    draft = _draft(_said())
    try:
        with house().database.transaction() as session:
            row, is_new = acks.ack_by_link(session, token, draft, now=now())
    except NotFound as problem:
        return _unknown(problem)
    if request.mimetype != "application/json":
        return _page(row, answered=draft.answer)
    body = {"state": row.state, "number": row.number, "status": draft.answer.value}
    return Response(orjson.dumps(body), 201 if is_new else 200, mimetype="application/json")


def _said() -> Mapping[str, Any]:
    if request.mimetype != "application/json":
        return request.form
    if (request.content_length or 0) > _MOST_BYTES:
        raise NotReadable("http")
    try:
        said = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as wrong:
        raise NotReadable("json", line=wrong.lineno, column=wrong.colno) from None
    if not isinstance(said, dict):
        raise BadInput.at("", "flaw.object")
    return said


def _draft(said: Mapping[str, Any]) -> AckDraft:
    status, note = said.get("status"), said.get("note", "")
    if status not in list(Answer):
        raise BadInput.at("/status", "flaw.choice", choices=", ".join(Answer))
    if not isinstance(note, str) or len(note) > _LONGEST_NOTE or "\x00" in note:
        raise BadInput.at("/note", "flaw.length", low=0, high=_LONGEST_NOTE)
    try:
        answer_id = UUID(str(said["id"]))
    except (KeyError, ValueError):
        raise BadInput.at("/id", "Not a valid UUID.") from None
    digest = hashlib.sha256(orjson.dumps([status, note])).digest()
    return AckDraft(answer_id, digest, Answer(status), note, now())


def _page(row: Any, answered: Answer | None = None, status: int = 200) -> Response:
    spoken, zone = language(), house().settings.zone

    def speak(key: str, **values: Any) -> str:
        return say(Text(key, values), spoken)

    expires_at = getattr(row, "expires_at", None)
    until = in_words(expires_at, zone) if expires_at is not None else speak("warning.until_lifted")
    page = render_template(
        "call.html", say=speak, language=spoken, asset=asset, row=row, until=until, answered=answered, answer_id=uuid4()
    )
    response = Response(page, status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _unknown(problem: NotFound) -> Response:
    """Somebody with a phone in the hand is told in a page, a program in a problem."""
    if request.mimetype == "application/json" or request.accept_mimetypes.best == "application/json":
        raise problem
    return _page(None, status=404)
