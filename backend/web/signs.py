"""Notice boards at a desk: the list with those that are out of date, and one beside how it should be today."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import today
from backend.domain.actions import Action
from backend.domain.signs import State
from backend.errors import Problem
from backend.web import desk, exports, places
from backend.web.exports import Export, Item, Value
from backend.web.forms import Flaws, field, flaw, flaws_of, status_of
from backend.web.segments import SEGMENTS

SIGNS = f"{SEGMENTS}/signs"
blueprint = desk.furnished(Blueprint("console_signs", __name__, url_prefix=SIGNS))
FILTERS = ("region", "river", "segment", "state", "q")
_DAYS = ("put_up_on", "taken_down_on")
_TEXTS = ("place", "office_phone", "goals", "forbidden")
_MOST_TEXT = 2_000
_HEADINGS = (
    *("signs.code", "patrol.reach", "segment.river", "segment.region", "signs.place", "signs.chiefs"),
    *("signs.office_phone", "signs.put_up_on", "signs.printed_on", "signs.printed_chiefs", "signs.differs"),
    *("signs.overdue", "signs.page"),
)


@blueprint.get("")
@desk.sits(Action.SEE_SIGNS)
def listed() -> Response:
    """Boards by code, and so along each river."""
    found = desk.ask("/signs", desk.query(*FILTERS)).body
    where = places.around(request.args.get("region", ""), Action.SEE_SIGNS)
    values = {"items": found["items"], "next": desk.next_of(found), "where": where, "states": list(State)}
    return desk.page("signs.html", **values)


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_SIGNS)
def export(form: str) -> Response:
    """The whole list as a file, a row a board."""
    asked = desk.filters(*FILTERS)
    said = [(exports.word(f"signs.by.{name}"), _filter_said(name, value)) for name, value in asked.items()]
    return exports.file_of(Export("signs", "/signs", "signs.title", _HEADINGS, _rows, asked, said), form)


@blueprint.get("/new")
@desk.sits(Action.KEEP_SIGNS)
def new_form() -> Response:
    """A board for a reach."""
    reach = request.args.get("segment", "")[:60]
    said = {"segment": reach, "code": f"{reach}-B1" if reach else "", "put_up_on": today().isoformat()}
    return _form(said | dict.fromkeys(_TEXTS, ""), is_new=True)


@blueprint.post("/new")
@desk.sits(Action.KEEP_SIGNS)
def new() -> AnyResponse:
    """Put it up."""
    said = _said()
    if not said["code"]:
        return _form(said, [flaw("code", "signs.flaw.code")], 422, is_new=True)
    return _keep(said["code"], said, is_new=True)


@blueprint.get("/<code>")
@desk.sits(Action.SEE_SIGNS)
def one(code: str) -> Response:
    """One board: what stands on it and what should, what was printed when, and what may be done."""
    return desk.page("sign_one.html", found=desk.ask(path_of(code)).body)


@blueprint.get("/<code>/change")
@desk.sits(Action.KEEP_SIGNS)
def change_form(code: str) -> Response:
    """How it is described, to be typed over."""
    seen = desk.ask(path_of(code))
    found = seen.body
    said = {name: found[name] or "" for name in (*_TEXTS, *_DAYS)}
    return _form(said | {"code": code, "segment": found["segment"]["code"], "version": seen.etag}, is_new=False)


@blueprint.post("/<code>/change")
@desk.sits(Action.KEEP_SIGNS)
def change(code: str) -> AnyResponse:
    """Keep it as it was typed."""
    return _keep(code, _said(), is_new=False)


def page_of(code: str) -> str:
    """Where a board's page is."""
    return f"{SIGNS}/{quote(code, safe='')}"


def path_of(code: str) -> str:
    """Where the API has it."""
    return f"/signs/{quote(code, safe='')}"


def _keep(code: str, said: dict[str, Any], *, is_new: bool) -> AnyResponse:
    body = {name: said[name] for name in ("segment", *_TEXTS)} | {name: said[name] or None for name in _DAYS}
    try:
        if not is_new and (photo := desk.ask(path_of(code)).body["photo"]):
            body["photo"] = photo["sha256"]
        desk.tell("PUT", path_of(code), body, version=said["version"])
    except Problem as problem:
        return _form(said | {"code": code}, flaws_of(problem), status_of(problem), is_new=is_new)
    return desk.kept(page_of(code), "console.did.sign")


def _form(said: dict[str, Any], flaws: Flaws | None = None, status: int = 200, *, is_new: bool) -> Response:
    return desk.page("sign_form.html", status=status, said=said, flaws=flaws or [], is_new=is_new)


def _said() -> dict[str, Any]:
    return {name: field(name, _MOST_TEXT) for name in ("code", "segment", "version", *_TEXTS, *_DAYS)}


def _rows(item: Item) -> list[list[Value]]:
    printed = item["printed"]
    return [
        [
            *(item["code"], item["segment"]["name"], item["river_name"], item["region_name"], item["place"]),
            *(_named(item["today"]), item["office_phone"], item["put_up_on"]),
            *((printed["on"], _named(printed)) if printed else (None, None)),
            "、".join(exports.word(f"signs.what.{each['what']}") for each in item["differs"]),
            *(exports.yes(item["overdue"]), item["page"]),
        ]
    ]


def _named(content: Item) -> str:
    return "、".join(each["name"] for each in content["chiefs"]) or exports.word("sign.vacant")


def _filter_said(name: str, value: str) -> str:
    if name == "region":
        return places.around(value, Action.SEE_SIGNS).name or value
    return exports.word(f"signs.state.{value}") if name == "state" else value
