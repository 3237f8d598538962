"""The walks of a day on the map: the stretches of reaches that were covered, and the clean tracks over them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from shapely import MultiLineString
from shapely.geometry.base import BaseGeometry

from backend.clock import start_of
from backend.db import Session
from backend.domain.access import Actor
from backend.domain.actions import Action
from backend.services import access, rules, traces
from backend.services.tiles import DrawnTiles, View
from backend.store import tracks
from geo import tiles
from geo.chainage import cut
from geo.tiles import Tile
from geo.track import Limits, clean

LEAST_ZOOM = 12
"""Further out a walk would be a dot, and a tile would hold a county's morning (our judgement)."""
WALKED, TRACKS = "walked", "tracks"
_Said = dict[str, Any]


def drawn(
    session: Session,
    actor: Actor,
    seen: View,
    tile: Tile,
    known_as: str,
    kept: DrawnTiles,
    *,
    today: date,
    zone: ZoneInfo,
) -> bytes:
    """One tile of that version, with the walks of the day that is looked at, up to its moment; from those kept."""
    found = kept.get((known_as, tile))
    if found is None:
        found = _layers(session, actor, seen, tile, today, zone) if tile.z >= LEAST_ZOOM else b""
        kept.keep((known_as, tile), found)
    return found


def version(known_as: str, actor: Actor) -> str:
    """That of the map, for whoever may see these walks."""
    return f"{known_as}-{actor.person_id.hex[:8]}"


def _layers(session: Session, actor: Actor, seen: View, tile: Tile, today: date, zone: ZoneInfo) -> bytes:
    asked = seen.asked
    begin, end = start_of(asked.day, zone), asked.until if asked.at is None else asked.at
    scope = access.scope(session, actor, Action.SEE_PATROLS, today)
    walks = tracks.of_day(session, scope, tile.box(), begin, end, region=asked.region, river=asked.river)
    if not walks:
        return b""
    limits = rules.patrol_rule_at(session, begin).limits
    return _layer(tile, WALKED, _stretches(session, walks, limits)) + _layer(tile, TRACKS, _tracks(walks, limits))


def _stretches(session: Session, walks: Sequence[Any], limits: Limits) -> list[tuple[BaseGeometry, _Said]]:
    found: list[tuple[BaseGeometry, _Said]] = []
    for walk in walks:
        covered, _ = traces.stretches(session, walk, walk.track, limits, walk.version)
        parts = [cut(walk.line, begin, end) for begin, end in covered if end > begin]
        if parts:
            found.append((MultiLineString(parts), {"id": str(walk.id), "counts": walk.counts}))
    return found


def _tracks(walks: Sequence[Any], limits: Limits) -> list[tuple[BaseGeometry, _Said]]:
    every = ((walk, traces.pieces(clean(traces.in_wgs84(walk, walk.track), limits))) for walk in walks)
    return [
        (lines, {"id": str(walk.id), "outcome": walk.review_outcome or walk.outcome})
        for walk, lines in every
        if lines is not None
    ]


def _layer(tile: Tile, layer: str, parts: Sequence[tuple[BaseGeometry, _Said]]) -> bytes:
    return tiles.drawn(layer, tile, [shape for shape, _ in parts], [said for _, said in parts]) if parts else b""
