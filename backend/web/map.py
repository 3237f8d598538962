"""One map (一张图): the reaches by risk or by days since a walk, open hazards and gauges; a click tells of each."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote
from uuid import UUID

import orjson
import shapely
from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import house
from backend.domain.access import Action, may_try
from backend.domain.flood import factor_text
from backend.errors import NotFound
from backend.web import desk
from backend.words import say

blueprint = desk.furnished(Blueprint("console_map", __name__, url_prefix="/console"))
MOST_FOUND = 10
_HOST = re.compile(r"https://[^/]+")
_PLACE = re.compile(r"\{[^}]*\}")


@blueprint.get("/map")
@desk.sits(Action.SEE_SEGMENTS)
def whole() -> Response:
    """The map with the place, the colour and the region that the address names."""
    basemap = house().settings.basemap
    seats = desk.actor().seats
    regions = desk.ask("/regions", {"parent": seats[0].region, "limit": 500}).body["items"] if seats else []
    page = desk.page(
        "map.html",
        tiles=desk.ask("/tiles").body,
        regions=regions,
        basemap=basemap,
    )
    if basemap:
        hosts = " ".join(sorted({_allowed(each) for each in basemap}))
        policy = page.headers["Content-Security-Policy"]
        page.headers["Content-Security-Policy"] = policy.replace("img-src 'self'", f"img-src 'self' {hosts}")
    return page


@blueprint.get("/tiles/<int:z>/<int:x>/<int:y>.mvt")
@desk.sits(Action.SEE_SEGMENTS)
def tile(z: int, x: int, y: int) -> AnyResponse:
    """The API's own tile, for whoever sits there: the cookie opens it as a token does elsewhere."""
    return desk.pass_on(f"/tiles/{z}/{x}/{y}.mvt")


@blueprint.get("/map/search")
@desk.sits(Action.SEE_SEGMENTS)
def search() -> Response:
    """The first reaches of that name or code, each with the box to move to."""
    words = request.args.get("q", "").strip()[:60]
    found = desk.ask("/segments", {"q": words, "limit": MOST_FOUND}).body["features"] if words else []
    return desk.page("map_found.html", words=words, found=[(each["properties"], box_of(each)) for each in found])


@blueprint.get("/map/segment")
@desk.sits(Action.SEE_SEGMENTS)
def reach() -> Response:
    """What one should know of a reach, beside the map."""
    return desk.page("map_segment.html", opened=_reach(request.args.get("code", "")))


@blueprint.get("/map/hazard")
@desk.sits(Action.SEE_HAZARDS)
def hazard() -> Response:
    """What one should know of a hazard, beside the map."""
    try:
        wanted = UUID(request.args.get("id", ""))
    except ValueError:
        raise NotFound() from None
    return desk.page("map_hazard.html", hazard=desk.ask(f"/hazards/{wanted}").body)


@blueprint.get("/map/gauge")
@desk.sits(Action.SEE_FLOOD)
def gauge() -> Response:
    """What a station measures now, beside the map."""
    code = request.args.get("code", "")
    return desk.page("map_gauge.html", station=desk.ask(f"/flood/stations/{quote(code, safe='')}").body)


def box_of(feature: Any) -> str:
    """The box around a feature as `west,south,east,north`."""
    bounds = shapely.from_geojson(orjson.dumps(feature["geometry"])).bounds
    return ",".join(f"{edge:.6f}" for edge in bounds)


def reasons(risk: Any) -> list[str]:
    """The factors of a risk as sentences."""
    return [say(factor_text(each), desk.language()) for each in risk["factors"]] if risk else []


def _reach(code: str) -> dict[str, Any]:
    feature = desk.ask(f"/segments/{quote(code, safe='')}").body
    facts = feature["properties"]
    hazards: list[Any] = []
    if may_try(desk.actor(), Action.SEE_HAZARDS):
        hazards = desk.ask("/hazards", {"segment": facts["code"], "limit": 20}).body["items"]
    is_open = [each for each in hazards if each["state"] not in ("closed", "merged", "rejected")]
    return {"facts": facts, "reasons": reasons(facts["risk"]), "hazards": is_open, "box": box_of(feature)}


def _allowed(address: str) -> str:
    """The host of a picture as a policy names it: with a star for the places in its first part."""
    found = _HOST.match(address)
    host = found[0].removeprefix("https://") if found else ""
    first, dot, rest = host.partition(".")
    return "https://" + (f"*.{rest}" if dot and _PLACE.search(first) else host)
