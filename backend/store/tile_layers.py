"""The layers of a tile of the map put together, so that one question answers them all."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy.orm import Session

from backend.domain.access import Scope
from backend.domain.terms import Level
from backend.store import spatial, tile_points, tiles
from backend.store.spatial import Drawing
from backend.store.tiles import Asked
from geo.tiles import Tile


def drawn(
    session: Session,
    reaches: Scope,
    hazards: Scope | None,
    asked: Asked,
    tile: Tile,
    *,
    finest: Level | None,
    all_hazards: bool,
) -> bytes:
    """One tile: reaches, open hazards of a scope (of none: no layer), gauges."""
    dialect = session.get_bind().dialect.name
    most = tiles.MOST_REACHES if tile.z <= tiles.CROWDED else None
    drawing = _drawing(dialect, reaches, hazards, asked.kind(), finest, most, all_hazards, tile.is_flat)
    fresh = {} if asked.at is None else {"fresh": asked.at - tile_points.FRESH}
    return spatial.draw(session, drawing, tile, asked.values() | fresh)


@lru_cache(maxsize=256)
def _drawing(
    dialect: str,
    reaches: Scope,
    hazards: Scope | None,
    asked: Asked,
    finest: Level | None,
    most: int | None,
    all_hazards: bool,
    flat: bool,
) -> Drawing:
    """Made once for each asker, who moves a map about: making it costs as much as asking it."""
    layers = [tiles.reaches(dialect, reaches, asked, finest, most)]
    if hazards is not None:
        layers.append(tile_points.open_hazards(hazards, asked, all_of_them=all_hazards))
    layers.append(tile_points.gauges(asked))
    return spatial.drawing(dialect, layers, flat=flat)
