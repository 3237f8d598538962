"""Sheets for notice boards: one a page of A4 with its QR code, and the word that they hang on their boards now."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import house
from backend.domain.actions import Action
from backend.domain.signs import MOST_SHEETS
from backend.errors import Problem
from backend.web import desk
from backend.web.forms import Flaws, field, flaws_of, status_of
from backend.web.public_signs import lines_of
from backend.web.signs import FILTERS, SIGNS, page_of, path_of

blueprint = desk.furnished(Blueprint("console_sign_sheets", __name__, url_prefix=SIGNS))
_SCALE, _BORDER = 6, 2
"""Of the square: about 4 cm on paper, readable by a cheap phone from half a metre."""


@blueprint.get("/sheets")
@desk.sits(Action.SEE_SIGNS)
def sheets() -> Response:
    """The sheets of a list, as many as are printed at once; the next ones are a page further."""
    listed = desk.ask("/signs", desk.query(*FILTERS) | {"limit": str(MOST_SHEETS)}).body
    return _page(listed["items"], next=desk.next_of(listed))


@blueprint.get("/<code>/sheet")
@desk.sits(Action.SEE_SIGNS)
def sheet(code: str) -> Response:
    """The sheet of one board."""
    return _page([desk.ask(path_of(code)).body], next="")


@blueprint.post("/printed")
@desk.sits(Action.KEEP_SIGNS)
def printed() -> AnyResponse:
    """Note that these sheets hang on their boards: each is named with the digest of what was on it."""
    named = [each.partition(" ") for each in request.form.getlist("sheets")[:MOST_SHEETS]]
    body: dict[str, Any] = {"signs": [{"code": code, "content": content} for code, _, content in named]}
    if field("on"):
        body["on"] = field("on", 10)
    try:
        desk.tell("POST", "/signs/printed", body)
    except Problem as problem:
        items = [desk.ask(path_of(code)).body for code, _, _ in named]
        return _page(items, next="", status=status_of(problem), flaws=flaws_of(problem))
    return desk.kept(page_of(named[0][0]) if len(named) == 1 else SIGNS, "console.did.sheets")


def square(path: str) -> str:
    """The QR code of a board's public page as a picture in an address."""
    base = (house().settings.address or request.host_url).rstrip("/")
    return segno.make(base + path, error="m").svg_data_uri(scale=_SCALE, border=_BORDER)


def _page(items: list[dict[str, Any]], *, next: str, status: int = 200, flaws: Flaws | None = None) -> Response:
    shown = [each | {"square": square(each["page"])} for each in items]
    values = {"items": shown, "next": next, "flaws": flaws or [], "lines_of": lines_of}
    return desk.page("sign_sheets.html", status=status, **values)
