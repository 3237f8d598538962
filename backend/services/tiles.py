"""The map as tiles: what somebody may see of it, the version of that, and a tile drawn."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from backend.clock import day_of, end_of
from backend.db import Session
from backend.domain.access import Actor, Scope, may_try
from backend.domain.actions import Action
from backend.domain.regions import level_of
from backend.domain.terms import Level
from backend.recent import Recent
from backend.services import hazards, segments
from backend.store import areas, tile_layers, tiles
from backend.store.spatial import Box
from backend.store.tiles import Asked
from geo.tiles import Tile

MOST_KEPT = 128
"""Tiles kept a process, of some tens of kilobytes each (our judgement)."""
_ALL_ZOOM = 11
"""From here on every open hazard is drawn; further out only severe ones."""
_FINEST = ((9, Level.COUNTY), (11, Level.TOWN))
"""Up to which zoom which reaches are drawn; beyond it the lowest ones."""
_AT_MOST = timedelta(minutes=5)
"""So long a tile may be taken for the newest though a row with no running number has changed (a line, by import)."""
DrawnTiles = Recent[tuple[str, Tile], bytes]
"""By the version of a view, and where."""


@dataclass(frozen=True, slots=True)
class View:
    """What somebody may see of the map, and what of it they ask for."""

    reaches: Scope
    hazards: Scope | None
    """None for whoever sees none."""
    asked: Asked


def view(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    zone: ZoneInfo,
    at: datetime | None = None,
    region: str | None = None,
    river: str | None = None,
) -> View:
    """One's own part of the world as one may see it today: as it is, or as it was at a past moment."""
    today, day = day_of(now, zone), day_of(now if at is None else min(at, now), zone)
    reaches_of, sees = segments.scope(session, actor, today), may_try(actor, Action.SEE_HAZARDS)
    return View(
        reaches=reaches_of,
        hazards=hazards.scope(session, actor, today, reaches_of=reaches_of) if sees else None,
        asked=Asked(day, end_of(day, zone), at if at is not None and at < now else None, region, river),
    )


def extent(session: Session, seen: View) -> Box | None:
    """The box around all that somebody answers for; None for nothing."""
    asked = seen.asked
    return areas.extent(session, seen.reaches, asked.day, region=asked.region, river=asked.river)


def version(session: Session, seen: View, *, now: datetime) -> str:
    """Changes with whatever is drawn for that view; no shape is touched for it."""
    parts = (seen, tiles.state(session), int(now.timestamp() // _AT_MOST.total_seconds()))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def nothing_drawn() -> DrawnTiles:
    """Room for tiles, empty."""
    return Recent(MOST_KEPT)


def drawn(session: Session, seen: View, tile: Tile, known_as: str, kept: DrawnTiles) -> bytes:
    """One tile of a view, of that version: reaches, open hazards, gauges; from those kept, and kept there."""
    found = kept.get((known_as, tile))
    if found is None:
        finest, all_hazards = _finest(seen, tile.z), tile.z >= _ALL_ZOOM
        parts = (seen.reaches, seen.hazards, seen.asked, tile)
        found = tile_layers.drawn(session, *parts, finest=finest, all_hazards=all_hazards)
        kept.keep((known_as, tile), found)
    return found


def _finest(seen: View, zoom: int) -> Level | None:
    """Whose reaches are drawn at a zoom: never higher ones than somebody has or asks for, for there would be none."""
    wanted = next((level for most, level in _FINEST if zoom <= most), None)
    regions = [seen.asked.region] if seen.asked.region else seen.reaches.regions
    own = max((level_of(region) if region else Level.PROVINCE for region in regions), default=None)
    if wanted is None or own is None:
        return None
    return min(wanted, own)
