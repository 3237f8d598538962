"""Warnings (预警): the list, what is in force first, and one of them with the live board of its roll (叫应)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, Response, request

from backend.domain.access import may
from backend.domain.actions import Action
from backend.domain.flood_warnings import Level
from backend.web import asking, desk, exports
from backend.web.assets import style_sheet
from backend.web.exports import Export, Item, Value

WARNINGS = "/console/warnings"
blueprint = desk.furnished(Blueprint("console_warnings", __name__, url_prefix=WARNINGS))
PATH = "/flood/warnings"
_KINDS = {"true": "warning.drill", "false": "warnings.filter.meant"}
_HEADINGS = (
    *("warnings.number", "warnings.what", "warnings.level", "warnings.state", "warning.drill", "warnings.where"),
    *("warnings.do", "warnings.made", "warnings.made_at", "warnings.signed", "warnings.issued_at", "warnings.until"),
    "warnings.ended_at",
)
_MOST_IN_FORCE, _OVER = 100, 30


@blueprint.get("")
@desk.sits(Action.SEE_WARNINGS)
def listed() -> Response:
    """What is in force, the gravest first; then what waits to go out; then what is over."""
    drill = desk.query("drill")
    in_force, waiting = (
        desk.ask(PATH, {"phase": phase, "limit": _MOST_IN_FORCE} | drill).body["items"]
        for phase in ("in_force", "waiting")
    )
    over = desk.ask(PATH, {"phase": "over", "limit": _OVER} | desk.query("drill")).body
    in_force.sort(key=lambda each: (each["drill"], -Level(each["level"]).rank))
    sections = [("in_force", in_force), ("waiting", waiting), ("over", over["items"])]
    return desk.page("warnings.html", sections=sections, next=desk.next_of(over), drill=False)


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_WARNINGS)
def export(form: str) -> Response:
    """Every warning that one sees, newest first, as a file."""
    asked = desk.filters("drill")
    said = [
        (exports.word("warnings.filter.drill"), exports.word(_KINDS[value]))
        for value in asked.values()
        if value in _KINDS
    ]
    return exports.file_of(Export("warnings", PATH, "console.nav.warnings", _HEADINGS, _rows, asked, said), form)


@blueprint.get("/<uuid:warning_id>")
@desk.sits(Action.SEE_WARNINGS)
def one(warning_id: UUID) -> Response:
    """One warning: what it says, what may be done to it now, and the board; of a draft what it would do."""
    found = desk.ask(f"{PATH}/{warning_id}", desk.query("region")).body
    preview = None if found["board"] else desk.ask(f"{PATH}/{warning_id}/preview").body
    return desk.page(
        "warning.html",
        found=found,
        board=found["board"],
        preview=preview,
        acts=acts_of(found),
        stand=stand_of(found),
        is_own=found["made_by_id"] == str(desk.actor().person_id),
        region=request.args.get("region", ""),
        drill=found["drill"],
    )


@blueprint.get("/<uuid:warning_id>/board")
@desk.sits(Action.SEE_WARNINGS)
def board(warning_id: UUID) -> Response:
    """The board alone, for whoever looks on: 304 while nothing changes; the whole page anew when the state does."""
    known = {each.rpartition("~")[0] for each in request.if_none_match.as_set(include_weak=True)}
    form = f"{desk.language()}.{style_sheet()[-12:]}"
    raw = asking.passed(
        "GET",
        f"{PATH}/{warning_id}",
        language=desk.language(),
        query_string=desk.query("region"),
        headers={"If-None-Match": ", ".join(f'"{each}"' for each in known)} if known else {},
    )
    etag = f"{raw.get_etag()[0]}~{form}"
    if raw.status_code == 304 and request.if_none_match.contains_weak(etag):
        return _revalidated(Response(status=304), etag)
    found = (
        orjson.loads(raw.get_data())
        if raw.status_code == 200
        else desk.ask(f"{PATH}/{warning_id}", desk.query("region")).body
    )
    if stand_of(found) != request.args.get("seen"):
        return Response(status=204, headers={"HX-Refresh": "true"})
    if found["board"] is None:
        return _revalidated(Response(status=204), etag)
    values = {"found": found, "board": found["board"], "region": request.args.get("region", "")}
    return _revalidated(desk.page("warning_board.html", drill=found["drill"], **values), etag)


def stand_of(found: Any) -> str:
    """What a page that is looked at for long must be made anew for: its state, and that its issue was asked for."""
    return f"{found['state']}{'-asked' if found['asked_at'] else ''}"


def acts_of(found: Any) -> set[str]:
    """What whoever sits here may do to a warning now."""
    allowed, regions = set(found["allowed"]), found["regions"]
    if not may_over(Action.MAKE_WARNING, regions):
        allowed &= {"sign"}
    if not any(may(desk.actor(), Action.SIGN_WARNING, region) for region in regions) and regions:
        allowed -= {"sign"}
    return allowed


def may_over(action: Action, regions: Iterable[str]) -> bool:
    """Whether whoever sits here may do it in all of these regions; the API has the last word."""
    return all(may(desk.actor(), action, region) for region in regions)


def _rows(item: Item) -> list[list[Value]]:
    """A warning as a row of a file."""
    times = (exports.moment(item[name]) for name in ("issued_at", "expires_at", "ended_at"))
    return [
        [
            *(item["number"], item["headline"], exports.word(f"warning.level.{item['level']}")),
            exports.word(f"warning.state.{item['state']}"),
            exports.word("warning.drill") if item["drill"] else "",
            *("、".join(place["name"] for place in item["places"]), item["instruction"]),
            *(item["made_by"] or exports.word("warnings.by_rule"), exports.moment(item["made_at"]), item["signed_by"]),
            *times,
        ]
    ]


def _revalidated(response: Response, etag: str) -> Response:
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(etag)
    return response
