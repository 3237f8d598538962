"""Points of citizens (碧水积分) at a desk: the ledger, and what there is at a code with corrections and redemptions."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.actions import Action
from backend.domain.points import Deed, What
from backend.errors import BadInput, NotFound, Problem
from backend.web import desk, exports, places
from backend.web.exports import Export, Item, Value
from backend.web.forms import Flaws, field, flaw, flaws_of, id_of, status_of

PATH = "/console/points"
blueprint = desk.furnished(Blueprint("console_points", __name__, url_prefix=PATH))
_FILTERS = ("region", "what", "from", "to")
_HEADINGS = (
    *("points.number", "points.at", "points.what", "points.points", "points.reason", "points.by", "points.code"),
    *("people.region", "points.hazard"),
)
_DEED = ("deed", "points", "reason")


@blueprint.get("")
@desk.sits(Action.SEE_POINTS)
def listed() -> Response:
    """The newest entries first; the filter stands in the address."""
    return _listed()


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_POINTS)
def export(form: str) -> Response:
    """The same as a file, a row an entry."""
    asked = desk.filters(*_FILTERS)
    said = [(exports.word(f"points.by.{name}"), _said(name, value)) for name, value in asked.items()]
    return exports.file_of(Export("points", "/points", "console.nav.points", _HEADINGS, _rows, asked, said), form)


@blueprint.get("/find")
@desk.sits(Action.SEE_POINTS)
def find() -> AnyResponse:
    """From a code that a citizen reads out to its page."""
    typed = "".join(letter for letter in request.args.get("code", "") if letter.isalnum())[:40]
    if not typed:
        return redirect(PATH, 303)
    try:
        desk.ask(f"/points/codes/{typed}")
    except NotFound:
        return _listed(flaws=[flaw("code", "flaw.points_code")], typed=typed, status=404)
    return redirect(f"{PATH}/{typed}", 303)


@blueprint.get("/<code>")
@desk.sits(Action.SEE_POINTS)
def one(code: str) -> Response:
    """What there is at a code."""
    return _one(code)


@blueprint.post("/<code>")
@desk.sits(Action.KEEP_POINTS)
def do(code: str) -> AnyResponse:
    """Redeem some points there, or correct them."""
    said = {name: field(name, 1_000) for name in (*_DEED, "id")}
    body = {"code": code, "deed": said["deed"], "points": _points(said["points"]), "reason": said["reason"]}
    try:
        desk.tell("PUT", f"/points/deeds/{id_of(said['id'])}", body)
    except Problem as problem:
        return _one(code, said=said, flaws=flaws_of(problem), status=status_of(problem))
    return desk.kept(f"{PATH}/{code}", "console.did.points")


def _listed(*, flaws: Flaws | None = None, typed: str = "", status: int = 200) -> Response:
    flaws = flaws or []
    try:
        found = desk.ask("/points", desk.query(*_FILTERS)).body
    except BadInput as problem:  # an address that somebody typed
        found, flaws, status = desk.ask("/points").body, flaws + flaws_of(problem), status_of(problem)
    where = places.around(request.args.get("region", ""), Action.SEE_POINTS)
    values = {"found": found, "next": desk.next_of(found, PATH), "where": where, "what": list(What)}
    return desk.page("points.html", status=status, flaws=flaws, typed=typed, **values)


def _one(code: str, *, said: dict[str, str] | None = None, flaws: Flaws | None = None, status: int = 200) -> Response:
    found = desk.ask(f"/points/codes/{quote(code[:40])}").body
    deeds = [(each.value, exports.word(f"points.deed.{each}")) for each in reversed(Deed)]
    blank = dict.fromkeys(_DEED, "") | {"id": str(uuid4())}
    values = {"found": found, "code": code, "said": said or blank, "flaws": flaws or [], "deeds": deeds}
    return desk.page("points_code.html", status=status, **values)


def _points(said: str) -> int | str:
    """A whole number with its sign, however it was typed; what is none is left to the API to refuse."""
    plain = said.replace("－", "-").replace("−", "-").replace("＋", "+").removeprefix("+")
    digits = plain.removeprefix("-")
    return int(plain) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else said


def _rows(item: Item) -> list[list[Value]]:
    by: dict[str, Any] = item["by"] or {}
    return [
        [
            *(item["number"], exports.moment(item["at"]), exports.word(f"points.what.{item['what']}"), item["points"]),
            *(item["reason"], by.get("name"), item["code"], item["region"], item["hazard"].rpartition("/")[2]),
        ]
    ]


def _said(name: str, value: str) -> str:
    return exports.word(f"points.what.{value}") if name == "what" and value in set(What) else value
