"""The people sheet in a browser: brought, looked at row by row, then taken as a whole or not at all."""

from __future__ import annotations

import base64
import binascii
import io
import zlib
from typing import Any

import orjson
from flask import Blueprint, Response, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.actions import Action
from backend.errors import BadInput, Problem
from backend.formats import books, sheets
from backend.services.people_import import EXAMPLE, HEADINGS, POSTS
from backend.web import asking, desk, exports
from backend.web.forms import Flaws, flaws_of
from backend.web.people import PEOPLE

blueprint = desk.furnished(Blueprint("console_people_import", __name__, url_prefix=f"{PEOPLE}/import"))
MOST_BYTES = 8 * 1024 * 1024
_ROOM = 2 * MOST_BYTES
MOST_SHOWN = 1_000
"""Wrong rows that a page lists; of more the number is said (our judgement)."""


@blueprint.before_request
def _make_room() -> None:
    """What was looked at comes back with the form that takes it, so that nobody takes another sheet by mistake."""
    request.max_form_memory_size = _ROOM


@blueprint.get("")
@desk.sits(Action.CHANGE_PEOPLE)
@desk.proven
def form() -> AnyResponse:
    """Choose the sheet; the password comes first, so that no choice is lost to it."""
    return _page()


@blueprint.get("/template.xlsx")
@desk.sits(Action.CHANGE_PEOPLE)
def template() -> AnyResponse:
    """An empty sheet: headings, one row as an example, the posts as a list to choose from."""
    file = io.BytesIO()
    sheets.template(file, HEADINGS, EXAMPLE, {"职务": list(POSTS)})
    file.seek(0)
    name = f"{exports.word('people.import.template.name')}.xlsx"
    return send_file(file, books.MEDIA_TYPE, as_attachment=True, download_name=name)


@blueprint.post("")
@desk.sits(Action.CHANGE_PEOPLE)
@desk.proven
def check() -> AnyResponse:
    """Look at the sheet; nothing is written."""
    sheet, rename = request.files.get("sheet"), "rename" in request.form
    if sheet is None or not sheet.filename:
        return _page([{"field": "sheet", "text": exports.word("people.import.no_file")}], 422, rename=rename)
    name, raw = sheet.filename, sheet.read()
    try:
        report = _bring(name, raw, rename, is_check=True)
    except Problem as problem:
        return _page(_flaws(problem), 422, name=name, rename=rename)
    packed = "" if report["flaws"] else base64.b64encode(zlib.compress(raw)).decode()
    return _page(status=422 if report["flaws"] else 200, name=name, rename=rename, report=report, packed=packed)


@blueprint.post("/apply")
@desk.sits(Action.CHANGE_PEOPLE)
@desk.proven
def apply() -> AnyResponse:
    """Take what was looked at: all of it, or nothing when something has changed meanwhile."""
    name, rename = request.form.get("name", ""), "rename" in request.form
    try:
        report = _bring(name, _unpacked(request.form.get("packed", "")), rename, is_check=False)
    except Problem as problem:
        return _page(_flaws(problem), 422, name=name, rename=rename)
    return _page(status=422 if report["flaws"] else 200, name=name, rename=rename, report=report)


def _page(flaws: Flaws | None = None, status: int = 200, **shown: Any) -> Response:
    values = {"name": "", "rename": False, "report": None, "packed": "", "most": MOST_SHOWN} | shown
    return desk.page("people_import.html", status=status, flaws=flaws or [], **values)


def _bring(name: str, raw: bytes, rename: bool, *, is_check: bool) -> dict[str, Any]:
    kind = books.MEDIA_TYPE if name.lower().endswith((".xlsx", ".xlsm")) else "text/csv"
    query = {"dry_run": str(is_check).lower(), "rename": str(rename).lower()}
    said: dict[str, Any] = {"data": raw, "content_type": kind, "query_string": query}
    response = asking.passed("POST", "/people/import", language=desk.language(), **said)
    report: dict[str, Any] = orjson.loads(response.get_data())
    return report


def _flaws(problem: Problem) -> Flaws:
    return [{"field": "sheet", "text": each["text"]} for each in flaws_of(problem)]


def _unpacked(packed: str) -> bytes:
    """The sheet that came back with the form, never more of it than a sheet may be."""
    try:
        inflater = zlib.decompressobj()
        raw = inflater.decompress(base64.b64decode(packed, validate=True), MOST_BYTES + 1)
    except (binascii.Error, zlib.error, ValueError):
        raise BadInput.at("/sheet", "import.not_a_sheet") from None
    if len(raw) > MOST_BYTES or not inflater.eof:
        raise BadInput.at("/sheet", "import.too_large")
    return raw
