"""The page behind the code on a notice board (公示牌): who answers for the river, for whoever stands before it.

It says how it is today, with nobody's telephone but the office's. A page that was shown is kept: for a moment it is
told again without a question, then one small question says whether anything on it has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from time import monotonic
from typing import Any

from flask import Blueprint, Response, render_template, request

from backend.clock import day_of
from backend.context import declares, house, language, now, today
from backend.domain.actions import Action
from backend.errors import NotFound
from backend.services import signs
from backend.services.signs import Page
from backend.web.assets import asset
from backend.words import LANGUAGES, Language, Text, say

blueprint = Blueprint("public_signs", __name__)

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


@blueprint.get("/s/<token>")
@declares(Action.PUBLIC)
def sign(token: str) -> Response:
    """River, reach, who answers for it, whom to call, and the state of the water; never anything that was."""
    spoken, kept, at_s = _language(), house().signs, monotonic()
    key = (token, today(), spoken)
    page = kept.fresh(key, at_s)
    if page is None:
        try:
            with house().database.reading() as session:
                rows, version = signs.look(session, token, today=today())
        except NotFound:
            house().gates.pass_unknown(request.remote_addr, now())
            return _answer(_rendered([], spoken), 404)
        body = kept.of_version(key, version) or _rendered(rows, spoken, token)
        page = Page(version, body, at_s)
        kept.keep(key, page)
    response = _answer(page.body)
    response.set_etag(hashlib.sha256(page.body).hexdigest()[:32])
    response.make_conditional(request.environ)
    return response


def lines_of(text: str) -> list[str]:
    """The lines of a text without those that are empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _language() -> Language:
    """The language that the reader has switched to, or that of the telephone."""
    chosen = request.args.get("language")
    return chosen if chosen in LANGUAGES else language()


def _rendered(rows: Sequence[Any], spoken: Language, token: str = "") -> bytes:
    """The page of a board, a row for each who answers for it; without rows, that there is no such board."""

    def speak(key: str, **values: Any) -> str:
        return say(Text(key, values), spoken)

    board = rows[0] if rows else None
    values: dict[str, Any] = {"board": board, "token": token, "chiefs": [row for row in rows if row.name is not None]}
    if board is not None:
        values["goals"] = lines_of(board.goals or speak("sign.goals.usual"))
        values["forbidden"] = lines_of(board.forbidden or speak("sign.forbidden.usual"))
        values["walked"] = day_of(board.walked_at, house().settings.zone) if board.walked_at else None
    other = next(each for each in LANGUAGES if each != spoken)
    page = render_template("sign.html", say=speak, language=spoken, other=other, asset=asset, **values)
    return page.encode()


def _answer(body: bytes, status: int = 200) -> Response:
    response = Response(body, status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-cache" if status == 200 else "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.add("Accept-Language")
    return response
