"""The door for maps: vector tiles of reaches, open hazards and gauges, which any map program reads."""

from __future__ import annotations

from typing import Any

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import BASE, Door, answer, is_known
from backend.api.schemas.tiles import TileArguments, TileSetAnswer
from backend.clock import day_of
from backend.context import house, now
from backend.db import Session
from backend.domain.actions import Action
from backend.errors import NotFound
from backend.services import tiles, tracks
from geo.tiles import FINEST, Tile

door = Door("tiles", "Tiles (一张图): the map of one's own part of the world as vector tiles.")
MVT = "application/vnd.mapbox-vector-tile"
WORLD = (-180.0, -85.05, 180.0, 85.05)
_NAMES = {
    "segments": ("code", "name", "level", "region", "river", "river_name", "risk", "days"),
    "hazards": ("id", "kind", "severity", "state", "region"),
    "gauges": ("code", "name", "kind", "region", "band", "silent"),
}
_NUMBERS, _YES_OR_NO = {"level", "days"}, {"silent"}
LAYERS = [
    {
        "id": layer,
        "fields": {
            name: "Number" if name in _NUMBERS else "Boolean" if name in _YES_OR_NO else "String" for name in names
        },
    }
    for layer, names in _NAMES.items()
]


@door.get("/tiles")
@needs(Action.SEE_SEGMENTS)
@door.arguments(TileArguments, location="query")
@door.response(200, TileSetAnswer)
def tile_set(asked: dict[str, Any]) -> Response:
    """What a map program must know of them (TileJSON): where they are, what they hold, and the box of what is asked."""
    with house().database.reading() as session:
        box = tiles.extent(session, view(session, asked))
    known = {"tilejson": "3.0.0", "tiles": [f"{BASE}/tiles/{{z}}/{{x}}/{{y}}.mvt"], "minzoom": 0, "maxzoom": FINEST}
    return answer(known | {"bounds": list(box or WORLD), "vector_layers": LAYERS})


@door.get("/tiles/<int:z>/<int:x>/<int:y>.mvt")
@needs(Action.SEE_SEGMENTS)
@door.arguments(TileArguments, location="query")
@door.response(200, {"type": "string", "format": "binary"}, content_type=MVT)
@door.alt_response(304, description="Not changed since that ETag.")
def tile(asked: dict[str, Any], z: int, x: int, y: int) -> Response:
    """A vector tile with the layers `segments`, `hazards` and `gauges`; one seen before is not drawn again."""
    wanted = _square(z, x, y)
    with house().database.reading() as session:
        seen = view(session, asked)
        etag = tiles.version(session, seen, now=now())
        body = None if is_known(etag) else tiles.drawn(session, seen, wanted, etag, house().tiles)
    return _answered(body, etag)


@door.get("/tiles/walks/<int:z>/<int:x>/<int:y>.mvt")
@needs(Action.SEE_PATROLS)
@door.arguments(TileArguments, location="query")
@door.response(200, {"type": "string", "format": "binary"}, content_type=MVT)
@door.alt_response(304, description="Not changed since that ETag.")
def walks(asked: dict[str, Any], z: int, x: int, y: int) -> Response:
    """The walks of the day from zoom 12 on: `walked`, what they covered of reaches, and `tracks`; each with its id."""
    wanted, zone = _square(z, x, y), house().settings.zone
    with house().database.reading() as session:
        seen = view(session, asked)
        etag = tracks.version(tiles.version(session, seen, now=now()), actor())
        drawing = (session, actor(), seen, wanted, etag, house().tiles)
        body = None if is_known(etag) else tracks.drawn(*drawing, today=day_of(now(), zone), zone=zone)
    return _answered(body, etag)


def _square(z: int, x: int, y: int) -> Tile:
    wanted = Tile(z, x, y)
    if not wanted.exists:
        raise NotFound()
    return wanted


def _answered(body: bytes | None, etag: str) -> Response:
    response = Response(status=304) if body is None else Response(body, mimetype=MVT)
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization, Cookie, Accept-Encoding"
    return response


def view(session: Session, asked: dict[str, Any]) -> tiles.View:
    """What the asker may see of what is asked for."""
    return tiles.view(session, actor(), now=now(), zone=house().settings.zone, **asked)
