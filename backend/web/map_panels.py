"""What a click on the map opens beside it, and what its search finds: parts of a page, one for each kind of thing."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, request

from backend.domain.actions import Action
from backend.errors import NotFound
from backend.web import desk
from backend.web.map import box_of, reasons
from backend.web.segments import open_hazards, path_of

blueprint = desk.furnished(Blueprint("console_map_panels", __name__, url_prefix="/console/map"))
MOST_FOUND = 10


@blueprint.get("/search")
@desk.sits(Action.SEE_SEGMENTS)
def search() -> Response:
    """Rivers of that name, and the first reaches by name, code, river or chief, each with the box to move to."""
    words = request.args.get("q", "").strip()[:60]
    rivers, found = [], []
    if words:
        rivers = desk.ask("/rivers", {"q": words, "mine": "true", "limit": 5}).body["items"]
        found = desk.ask("/segments", {"q": words, "limit": MOST_FOUND}).body["features"]
    shown = [(each["properties"], box_of(each)) for each in found]
    return desk.page("map_found.html", words=words, rivers=rivers, found=shown)


@blueprint.get("/segment")
@desk.sits(Action.SEE_SEGMENTS)
def reach() -> Response:
    """What one should know of a reach, beside the map."""
    return desk.page("map_segment.html", opened=_reach(request.args.get("id", "")))


@blueprint.get("/hazard")
@desk.sits(Action.SEE_HAZARDS)
def hazard() -> Response:
    """The same of a hazard."""
    return desk.page("map_hazard.html", hazard=desk.ask(f"/hazards/{_id()}").body)


@blueprint.get("/gauge")
@desk.sits(Action.SEE_FLOOD)
def gauge() -> Response:
    """What a station measures now."""
    code = request.args.get("id", "")
    return desk.page("map_gauge.html", station=desk.ask(f"/flood/stations/{quote(code, safe='')}").body)


@blueprint.get("/warning")
@desk.sits(Action.SEE_WARNINGS)
def warning() -> Response:
    """What a warning says, and who has answered."""
    found = desk.ask(f"/flood/warnings/{_id()}").body
    return desk.page("map_warning.html", found=found, drill=found["drill"])


@blueprint.get("/walk")
@desk.sits(Action.SEE_PATROLS)
def walk() -> Response:
    """Who walked there, and whether it counts."""
    return desk.page("map_walk.html", walk=desk.ask(f"/patrols/{_id()}").body)


def _id() -> UUID:
    try:
        return UUID(request.args.get("id", ""))
    except ValueError:
        raise NotFound() from None


def _reach(code: str) -> dict[str, Any]:
    feature = desk.ask(path_of(code)).body
    facts = feature["properties"]
    hazards = open_hazards(facts["code"])
    return {"facts": facts, "reasons": reasons(facts["risk"]), "hazards": hazards, "box": box_of(feature)}
