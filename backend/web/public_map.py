"""The map for everybody: what citizens reported and the office accepted, what is fixed; nobody's name is on it.

What was shown is kept by the version of the data, like the pages of boards: a crowd that looks costs one question in
half a minute.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

import orjson
from flask import Blueprint, Response, request

from backend.clock import day_of
from backend.context import declares, house, now, today
from backend.domain.actions import Action
from backend.errors import NotFound
from backend.services import public_cases
from backend.services.public_cases import Asked, Case
from backend.services.signs import Page
from backend.web import basemaps, public_pages
from backend.words import Text, say
from geo.tiles import Tile

blueprint = Blueprint("public_map", __name__)
MOST_ON_MAP, MOST_IN_LIST = 2_000, 100
"""The newest of them (our judgement: a phone draws them in a blink, and nobody reads more)."""
REACHES_ZOOM = 10
"""The squares in which reaches are handed out: a screen has one or two of them, and a city some twenty."""
_LEAST_BEND_DEG = 0.0003


@blueprint.get("/map")
@declares(Action.PUBLIC)
def page() -> Response:
    """The map, rivers with how much is open and fixed on each, and the cases of one in a list."""
    spoken = public_pages.language_of_page()
    river = _known(request.args.get("river", ""), spoken)
    body = _kept(_name(river), spoken, lambda session: _page(session, river))
    response = basemaps.opened(public_pages.as_page(Response(body, mimetype="text/html")))
    return _unless_known(response)


@blueprint.get("/map/cases.json")
@declares(Action.PUBLIC)
def cases() -> Response:
    """The same as GeoJSON, for the map and for whoever makes another one; places within about a hundred metres."""
    spoken = public_pages.language_of_page()
    body = _kept("cases", spoken, lambda session: _geojson(session, spoken))
    response = Response(body, mimetype="application/geo+json")
    response.vary.add("Accept-Language")
    return _unless_known(response)


@blueprint.get("/map/reaches/<int:x>/<int:y>.json")
@declares(Action.PUBLIC)
def reaches(x: int, y: int) -> Response:
    """The reaches of a square of the map as GeoJSON, by their names, for whoever chooses a place on it."""
    tile = Tile(REACHES_ZOOM, x, y)
    if not tile.exists:
        raise NotFound()
    if not _meet(tile.box(0), extent()):  # there are millions of squares, and what was asked for lately is kept
        return _unless_known(Response(_collection([]), mimetype="application/geo+json"))
    body = _kept(f"reaches/{x}/{y}", "", lambda session: _lines(session, tile))
    return _unless_known(Response(body, mimetype="application/geo+json"))


def extent() -> str:
    """The edges of the map, west, south, east, north; nothing where there is no reach."""
    return _kept("extent", "", _extent).decode()


def _name(river: str | None) -> str:
    return f"page/{river or ''}"


def _known(typed: str, spoken: str) -> str | None:
    """The river of that code, None where there is nothing to be seen on it: what is made up costs no question and
    displaces no page.
    """
    if not typed or house().public_map.holds((_name(typed), today(), spoken)):
        return typed or None
    return typed if typed in _kept("rivers", "", _rivers).decode().split("\n") else None


def _rivers(session: Any) -> bytes:
    return "\n".join(each.code for each in public_cases.rivers(session)).encode()


def _extent(session: Any) -> bytes:
    found = public_cases.extent(session, today=today())
    return ",".join(f"{edge:.4f}" for edge in found or ()).encode()


def _lines(session: Any, tile: Tile) -> bytes:
    features = [
        {
            "type": "Feature",
            "id": row.code,
            "geometry": {"type": "LineString", "coordinates": _coarse(row.line)},
            "properties": {"name": row.name, "river": row.river_name},
        }
        for row in public_cases.reaches(session, tile, today=today())
    ]
    return _collection(features)


def _collection(features: list[dict[str, Any]]) -> bytes:
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _meet(box: tuple[float, float, float, float], edges: str) -> bool:
    """Whether a square lies on the map at all."""
    if not edges:
        return False
    west, south, east, north = map(float, edges.split(","))
    return box[0] <= east and west <= box[2] and box[1] <= north and south <= box[3]


def _coarse(line: Any) -> list[list[float]]:
    """A line for a finger's breadth on a phone: without bends of less than some thirty metres."""
    return [[round(lon, 4), round(lat, 4)] for lon, lat, *_ in line.simplify(_LEAST_BEND_DEG).coords]


def _kept(name: str, spoken: str, make: Any) -> bytes:
    """What was shown just now, or is as it was; else made anew."""
    shown, at_s, key = house().public_map, monotonic(), (name, today(), spoken)
    fresh = shown.fresh(key, at_s)
    if fresh is not None:
        return fresh.body
    with house().database.reading() as session:
        version = public_cases.version(session, now=now())
        body: bytes = shown.of_version(key, version) or make(session)
    shown.keep(key, Page(version, body, at_s))
    return body


def _page(session: Any, river: str | None) -> bytes:
    rivers = public_cases.rivers(session)
    found = public_cases.listed(session, Asked(river=river), limit=MOST_IN_LIST) if river else []
    rows = [(each, day_of(each.row.reported_at, house().settings.zone)) for each in found]
    name = next((each.name for each in rivers if each.code == river), None)
    values: dict[str, Any] = {"basemap": basemaps.shown(), "extent": _extent(session).decode(), "zoom": REACHES_ZOOM}
    html = public_pages.rendered("map.html", rivers=rivers, rows=rows, river=name, **values)
    return html.encode()


def _geojson(session: Any, spoken: Any) -> bytes:
    found = public_cases.listed(session, Asked(), limit=MOST_ON_MAP)
    features = [_feature(each, spoken) for each in found if each.lonlat is not None]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _feature(case: Case, spoken: Any) -> dict[str, Any]:
    said = {
        "kind": say(Text(f"report.kind.{case.row.kind}"), spoken),
        "stage": say(Text(f"report.stage.{case.stage.value}"), spoken),
        "is_open": case.is_open,
        "reach": case.row.segment_name,
        "on": day_of(case.row.reported_at, house().settings.zone).isoformat(),
    }
    place = {"type": "Point", "coordinates": list(case.lonlat or ())}
    return {"type": "Feature", "id": str(case.id), "geometry": place, "properties": said}


def _unless_known(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request.environ)
    return response
