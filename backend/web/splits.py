"""Cutting a reach in two at a desk: where, by a click, in metres or as a place; what goes where; then it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import today
from backend.domain.actions import Action
from backend.errors import Problem
from backend.web import basemaps, desk, exports, lines
from backend.web.forms import Flaws, field, flaw, flaws_of, id_of, status_of
from backend.web.segments import SEGMENTS, page_of, path_of
from backend.web.surveys import datums

blueprint = desk.furnished(Blueprint("console_splits", __name__, url_prefix=SEGMENTS))
_ASKED = ("at_m", "place", "crs", "from")
_NAMED = ("code_1", "name_1", "code_2", "name_2")


@blueprint.get("/<path:ref>/split")
@desk.sits(Action.CHANGE_SEGMENTS)
def form(ref: str) -> Response:
    """Where to cut; once that is said, what goes where."""
    said = {name: request.args.get(name, "").strip()[:60] for name in _ASKED}
    tomorrow = today() + timedelta(days=1)
    said |= {"id": str(uuid4()), "from": said["from"] or tomorrow.isoformat()}
    return _shown(ref, said)


@blueprint.post("/<path:ref>/split")
@desk.sits(Action.CHANGE_SEGMENTS)
def make(ref: str) -> AnyResponse:
    """Cut it as it was shown; where something has changed meanwhile, show it anew."""
    said = {name: field(name, 120) for name in ("id", *_ASKED, *_NAMED)}
    said |= {"reason": field("reason", 600), "seen": field("seen", 200)}
    parts = [{"code": said[f"code_{number}"], "name": said[f"name_{number}"]} for number in (1, 2)]
    body = {"id": str(id_of(said["id"])), "from": said["from"], "parts": parts, "reason": said["reason"]}
    try:
        at_m = float(said["at_m"])
    except ValueError:
        return _shown(ref, said, [flaw("at_m", "draw.no_number")], 422)
    try:
        desk.tell("POST", f"{path_of(ref)}/split", body | {"at_m": at_m}, version=said["seen"])
    except Problem as problem:
        return _shown(ref, said, _beside(problem), status_of(problem))
    return desk.kept(page_of(ref), "console.did.split")


def _shown(ref: str, said: dict[str, Any], flaws: Flaws | None = None, status: int = 200) -> Response:
    flaws = list(flaws or [])
    plan, seen = None, ""
    if said["at_m"] or said["place"]:
        plan, seen, wrong = _planned(ref, said)
        if not flaws and wrong:
            flaws, status = wrong, 422
    found = _cut(plan) if plan else desk.ask(f"{path_of(ref)}/survey").body
    if plan is not None:
        said = _suggested(found) | {name: value for name, value in said.items() if value} | {"at_m": plan["at_m"]}
    values = {
        "ref": ref,
        "found": found,
        "said": said,
        "flaws": flaws,
        "plan": plan,
        "seen": seen,
        "basemap": basemaps.shown(),
    }
    return basemaps.opened(desk.page("reach_split.html", status=status, datums=datums(), **values))


def _planned(ref: str, said: dict[str, Any]) -> tuple[dict[str, Any] | None, str, Flaws]:
    """What a split there would do, its version, or why there can be none."""
    asked: dict[str, Any] = {"from": said["from"]}
    if said["at_m"]:
        asked["at_m"] = said["at_m"]
    elif (place := lines.place_of(said["place"])) is not None:
        asked |= {"lon": place[0], "lat": place[1], "crs": said["crs"]}
    else:
        return None, "", [flaw("place", "split.no_place")]
    try:
        look = desk.ask(f"{path_of(ref)}/split", asked)
    except Problem as problem:
        return None, "", _beside(problem)
    return look.body, look.etag or "", []


def _cut(plan: dict[str, Any]) -> dict[str, Any]:
    """The reach as its look tells it: its line is that of the two."""
    upper, lower = (part["line"]["coordinates"] for part in plan["parts"])
    return plan["segment"] | {"line": {"type": "LineString", "coordinates": [*upper, *lower[1:]]}}


def _beside(problem: Problem) -> Flaws:
    """Each flaw at its field: those of the parts have a place in a list."""
    found = flaws_of(problem)
    for number, each in enumerate(problem.flaws):
        match each.pointer.strip("/").split("/"):
            case ["parts", place, name]:
                found[number]["field"] = f"{name}_{int(place) + 1}"
            case ["lon" | "lat" | "crs", *_]:
                found[number]["field"] = "place"
    return found


def _suggested(found: dict[str, Any]) -> dict[str, str]:
    """How the two could be called."""
    upper, lower = (
        exports.word("split.upper_name", name=found["name"]),
        exports.word("split.lower_name", name=found["name"]),
    )
    return {"code_1": f"{found['code']}-1", "code_2": f"{found['code']}-2", "name_1": upper, "name_2": lower}
