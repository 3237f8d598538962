"""Questions behind the map: what is drawn in a tile, and whether anything in the house has changed since."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Float, Select, Table, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from backend.db import UtcTime, days_before
from backend.domain.access import Scope
from backend.domain.hazards import OPEN, SEVERE
from backend.domain.stations import Quantity
from backend.domain.terms import Level
from backend.models.changes import Incarnation, Record
from backend.models.facts import Fact
from backend.models.flood_events import FloodEvent
from backend.models.hazards import Hazard
from backend.models.patrols import Patrol
from backend.models.risk import RiskChange, SegmentRisk
from backend.models.segments import River
from backend.models.stations import Station, StationValue
from backend.store import hazards, segments, spatial
from backend.store.segments import at_level, in_force, last_walk, segment
from geo.tiles import Tile

SEGMENTS, HAZARDS, GAUGES = "segments", "hazards", "gauges"
_river = cast(Table, River.__table__)
_risk = cast(Table, SegmentRisk.__table__)
_patrol = cast(Table, Patrol.__table__)
_hazard = cast(Table, Hazard.__table__)
_station, _value = cast(Table, Station.__table__), cast(Table, StationValue.__table__)


def state(session: Session) -> tuple[Any, ...]:
    """The numbers of the newest walk, act, risk, event and record: each read off the end of an index."""
    return tuple(session.execute(_state()).one())


@cache
def _state() -> Select[*tuple[Any, ...]]:
    numbers = (Patrol.seq, Fact.seq, RiskChange.seq, FloodEvent.seq, Record.seq)
    life = select(Incarnation.id).limit(1).scalar_subquery()
    return select(*(select(func.max(each)).scalar_subquery() for each in numbers), life)


def reaches(session: Session, scope: Scope, today: date, until: datetime, finest: Level | None, tile: Tile) -> bytes:
    """The reaches of a scope in a tile: those of a level, and those higher ones in which none lies."""
    question = _reaches(_dialect(session), scope, today, until, finest)
    return spatial.drawing(session, question, SEGMENTS, tile)


@lru_cache(maxsize=256)
def _reaches(
    dialect: str, scope: Scope, today: date, until: datetime, finest: Level | None
) -> Select[*tuple[Any, ...]]:
    """Made once for each asker, who moves a map about: making it costs as much as asking it."""
    shown = at_level(None)
    if finest is not None:
        shown = or_(segment.c.level == int(finest), and_(segment.c.level > int(finest), shown))
    joined = segment.join(_river, _river.c.code == segment.c.river_code)
    question = (
        select(
            segment.c.code,
            segment.c.name,
            segment.c.level,
            segment.c.region_code.label("region"),
            segment.c.river_code.label("river"),
            _river.c.name.label("river_name"),
            _risk.c.level.label("risk"),
            days_before(last_walk, bindparam("until", until, type_=UtcTime())).label("days"),
        )
        .select_from(joined.outerjoin(_risk, _risk.c.segment_id == segment.c.id))
        .where(segments.within(scope), in_force(today), shown, spatial.meets(dialect, segment))
    )
    return spatial.drawable(dialect, question, segment.c.line, SEGMENTS)


def open_hazards(session: Session, scope: Scope, tile: Tile, *, all_of_them: bool) -> bytes:
    """What is open of a scope in a tile; only what is severe, where all would cover the map."""
    return spatial.drawing(session, _hazards(_dialect(session), scope, all_of_them), HAZARDS, tile)


@lru_cache(maxsize=256)
def _hazards(dialect: str, scope: Scope, all_of_them: bool) -> Select[*tuple[Any, ...]]:
    question = select(
        _hazard.c.id, _hazard.c.kind, _hazard.c.severity, _hazard.c.state, _hazard.c.region_code.label("region")
    ).where(hazards.within(scope), _hazard.c.state.in_(OPEN), _around(_hazard))
    if not all_of_them:
        question = question.where(_hazard.c.severity.in_(SEVERE))
    return spatial.drawable(dialect, question, _hazard.c.point, HAZARDS)


def gauges(session: Session, tile: Tile) -> bytes:
    """The stations in a tile, which are everybody's to see, with the band of their level."""
    return spatial.drawing(session, _gauges(_dialect(session)), GAUGES, tile)


@cache
def _gauges(dialect: str) -> Select[*tuple[Any, ...]]:
    level = and_(_value.c.station_id == _station.c.id, _value.c.quantity == Quantity.LEVEL.value)
    question = select(
        _station.c.code,
        _station.c.name,
        _station.c.kind,
        _station.c.region_code.label("region"),
        _value.c.band,
        _station.c.silent_since.is_not(None).label("silent"),
    )
    question = question.select_from(_station.outerjoin(_value, level)).where(_around(_station))
    return spatial.drawable(dialect, question, _station.c.point, GAUGES)


def _around(table: Table) -> ColumnElement[bool]:
    """Points of a box whose `edges` come later."""
    west, south, east, north = (bindparam(edge, type_=Float()) for edge in ("west", "south", "east", "north"))
    return and_(table.c.lat.between(south, north), table.c.lon.between(west, east))


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name
