"""One map (一张图): the page with what its address asks for, the tiles behind it, and the same as a list."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson
import shapely
from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.clock import local
from backend.context import house, now
from backend.domain.access import may_try
from backend.domain.actions import Action
from backend.domain.flood import factor_text
from backend.web import basemaps, desk, places
from backend.web.forms import moment_of
from backend.words import say

blueprint = desk.furnished(Blueprint("console_map", __name__, url_prefix="/console"))
HOURS = 7 * 24
"""How far back the slider goes."""
LAYERS = ("hazards", "gauges", "warnings", "walks")
"""What may be taken off the map; the reaches stay."""
_ROWS = 100


@blueprint.get("/map")
@desk.sits(Action.SEE_SEGMENTS)
def whole() -> Response:
    """The map with the place, the colour, the moment and the filters that the address names."""
    filters = _filters(time_asked())
    narrowed = ("region", "river") if filters["river"] else ("region",)  # around nothing there is no place to begin
    page = desk.page(
        "map.html",
        tiles=desk.ask("/tiles", desk.query(*narrowed)).body,
        basemap=basemaps.shown(),
        layers=[each for each in LAYERS if may_try(desk.actor(), _SEES[each])],
        hidden=set(request.args.get("off", "").split(",")),
        **filters,
    )
    return basemaps.opened(page)


@blueprint.get("/map/list")
@desk.sits(Action.SEE_RISK)
def listed() -> Response:
    """The same without a picture: reaches with their risk and last walk at that moment, by code."""
    time = time_asked()
    at = moment_of(time) if is_past(time) else ""
    found = desk.ask("/flood/risk", desk.query("region", "river") | {"at": at, "limit": _ROWS}).body
    return desk.page("map_list.html", found=found["items"], next=desk.next_of(found), **_filters(time))


@blueprint.get("/tiles/<int:z>/<int:x>/<int:y>.mvt")
@desk.sits(Action.SEE_SEGMENTS)
def tile(z: int, x: int, y: int) -> AnyResponse:
    """The API's own tile, for whoever sits there: the cookie opens it as a token does elsewhere."""
    return desk.pass_on(f"/tiles/{z}/{x}/{y}.mvt", query_string=_asked())


@blueprint.get("/tiles/walks/<int:z>/<int:x>/<int:y>.mvt")
@desk.sits(Action.SEE_PATROLS)
def walks(z: int, x: int, y: int) -> AnyResponse:
    """The same with the walks of the day."""
    return desk.pass_on(f"/tiles/walks/{z}/{x}/{y}.mvt", query_string=_asked())


@blueprint.get("/map/warnings")
@desk.sits(Action.SEE_WARNINGS)
def warnings() -> Response:
    """Where warnings are in force, each with what stands on the map beside its colour."""
    found = desk.ask("/flood/warnings/areas", {name: value for name, value in _asked().items() if name == "at"}).body
    for each in found["features"]:
        facts = each["properties"]
        word = say(f"warning.level.{facts['level']}", desk.language())
        drill = f"【{say('map.drill', desk.language())}】" if facts["drill"] else ""
        facts["label"] = f"{drill}{word} · {facts['headline']}"
    return desk.guarded_page(Response(orjson.dumps(found), mimetype="application/geo+json"))


_SEES = {
    "hazards": Action.SEE_HAZARDS,
    "gauges": Action.SEE_FLOOD,
    "warnings": Action.SEE_WARNINGS,
    "walks": Action.SEE_PATROLS,
}


def time_asked() -> str:
    """The moment that the address asks for, as a form says it; nothing for now."""
    return request.args.get("time", "")[:30]


def is_past(time: str) -> bool:
    """Whether that is a moment of the last seven days."""
    try:
        at = datetime.fromisoformat(time).replace(tzinfo=house().settings.zone)
    except ValueError:
        return False
    return timedelta() < now() - at <= timedelta(hours=HOURS + 1)


def reasons(risk: Any) -> list[str]:
    """The factors of a risk as sentences."""
    return [say(factor_text(each), desk.language()) for each in risk["factors"]] if risk else []


def box_of(feature: Any) -> str:
    """The box around a feature as `west,south,east,north`."""
    bounds = shapely.from_geojson(orjson.dumps(feature["geometry"])).bounds
    return ",".join(f"{edge:.6f}" for edge in bounds)


def _filters(time: str) -> dict[str, Any]:
    """What the bar above the map shows: regions, the river, the moment and the days from which it may be chosen."""
    river = request.args.get("river", "")
    here = local(now(), house().settings.zone)
    hour = here.replace(minute=0, second=0, microsecond=0, tzinfo=None)
    found = desk.ask("/rivers", {"q": river, "mine": "true", "limit": 20}).body["items"] if 0 < len(river) <= 40 else []
    return {
        "regions": places.below_own(),
        "river": next((each for each in found if each["code"] == river), None),
        "river_asked": river,
        "past": time if is_past(time) else "",
        "is_too_old": bool(time) and not is_past(time),
        "first": f"{hour - timedelta(hours=HOURS):%Y-%m-%dT%H:%M}",
        "last": f"{here:%Y-%m-%dT%H:%M}",
    }


def _asked() -> dict[str, str]:
    """What a tile is asked for: as the address says it, but for the moment, which the API has with its zone."""
    time = time_asked()
    return desk.filters("region", "river") | ({"at": moment_of(time)} if time else {})
