"""The map as tiles: what somebody may see of it, the version of that, and a tile drawn."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from backend.clock import day_of, end_of
from backend.db import Session
from backend.domain.access import Action, Actor, Scope, may_try
from backend.domain.regions import level_of
from backend.domain.terms import Level
from backend.recent import Recent
from backend.services import hazards, segments
from backend.store import segments as reaches
from backend.store import tiles
from backend.store.spatial import Box
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
    """What somebody may see of the map on a day."""

    reaches: Scope
    hazards: Scope | None
    """None for whoever sees none."""
    day: date
    until: datetime
    """The end of that day, from which days since a walk are counted."""


def view(session: Session, actor: Actor, *, now: datetime, zone: ZoneInfo) -> View:
    """One's own part of the world today."""
    day = day_of(now, zone)
    sees = may_try(actor, Action.SEE_HAZARDS)
    return View(
        reaches=segments.scope(session, actor, day),
        hazards=hazards.scope(session, actor, day) if sees else None,
        day=day,
        until=end_of(day, zone),
    )


def extent(session: Session, seen: View) -> Box | None:
    """The box around all that somebody answers for; None for nothing."""
    return reaches.extent(session, seen.reaches, seen.day)


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
        found = tiles.reaches(session, seen.reaches, seen.day, seen.until, _finest(seen.reaches, tile.z), tile)
        if seen.hazards is not None:
            found += tiles.open_hazards(session, seen.hazards, tile, all_of_them=tile.z >= _ALL_ZOOM)
        found += tiles.gauges(session, tile)
        kept.keep((known_as, tile), found)
    return found


def _finest(scope: Scope, zoom: int) -> Level | None:
    """Whose reaches are drawn at a zoom: never higher ones than somebody has, for then there would be nothing."""
    wanted = next((level for most, level in _FINEST if zoom <= most), None)
    own = max((level_of(region) if region else Level.PROVINCE for region in scope.regions), default=None)
    if wanted is None or own is None:
        return None
    return min(wanted, own)
