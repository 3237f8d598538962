"""Questions behind the map about points: hazards that are open, or were, and what gauges show, or showed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, case, func, null, or_, select

from backend.db import UtcTime
from backend.domain.access import Scope
from backend.domain.hazards import BEGINNINGS, ENDINGS, OPEN, SEVERE, State
from backend.domain.stations import Band, Quantity
from backend.models.facts import Fact
from backend.models.hazards import Hazard
from backend.models.stations import Reading, Station, StationValue
from backend.store import hazards
from backend.store.regions import inside
from backend.store.spatial import Layer
from backend.store.tiles import Asked, around, past

HAZARDS, GAUGES = "hazards", "gauges"
FRESH = timedelta(hours=24)
"""An older reading says nothing about a past moment."""
_hazard, _fact = cast(Table, Hazard.__table__), cast(Table, Fact.__table__)
_station, _value = cast(Table, Station.__table__), cast(Table, StationValue.__table__)
_said = _value.alias()
_reading = cast(Table, Reading.__table__)


def open_hazards(scope: Scope, asked: Asked, *, all_of_them: bool) -> Layer:
    """What is open of a scope, or was; only what is severe, where all would cover the map."""
    columns = [_hazard.c.id, _hazard.c.kind, _hazard.c.severity, _hazard.c.region_code.label("region")]
    if asked.at is None:
        columns.append(_hazard.c.state)
    is_open = _hazard.c.state.in_(OPEN) if asked.at is None else _was_open()
    question = select(*columns).where(hazards.within(scope), is_open, around(_hazard))
    if asked.region is not None:
        question = question.where(hazards.in_region(asked.region))
    if asked.river is not None:
        question = question.where(_hazard.c.river_code == asked.river)
    if not all_of_them:
        question = question.where(_hazard.c.severity.in_(SEVERE))
    return Layer(HAZARDS, question, _hazard.c.point)


def _was_open() -> ColumnElement[bool]:
    """Reported by then, and not ended by the last act before then that ends or begins anything."""
    turns = (_fact.c.thing_id == _hazard.c.id, _fact.c.act.in_((*ENDINGS, *BEGINNINGS)), _fact.c.at <= past())
    last = select(_fact.c.act).where(*turns).order_by(_fact.c.number.desc()).limit(1).scalar_subquery()
    # What is closed since long needs no look at its facts.
    may_be = or_(_hazard.c.state != State.CLOSED.value, _hazard.c.closed_at > past())
    return and_(_hazard.c.reported_at <= past(), may_be, func.coalesce(last, "").not_in(ENDINGS))


def gauges(asked: Asked) -> Layer:
    """The stations, which are everybody's to see, with the band of their level."""
    of_level = and_(_value.c.station_id == _station.c.id, _value.c.quantity == Quantity.LEVEL.value)
    named = (_station.c.code, _station.c.name, _station.c.kind, _station.c.region_code.label("region"))
    if asked.at is None:
        # Of one that has never been heard nobody knows how high the water stands there.
        has_spoken = select(_said.c.station_id).where(_said.c.station_id == _station.c.id).exists()
        is_silent = or_(_station.c.silent_since.is_not(None), ~has_spoken)
        now = (_value.c.band, is_silent.label("silent"))
        question = select(*named, *now).select_from(_station.outerjoin(_value, of_level))
    else:
        question = select(*named, _past_band().label("band"))
    question = question.where(around(_station))
    if asked.region is not None:
        question = question.where(inside(_station.c.region_code, asked.region))
    if asked.river is not None:
        question = question.where(_station.c.river_code == asked.river)
    return Layer(GAUGES, question, _station.c.point)


def _past_band() -> ColumnElement[Any]:
    """By the marks of the station and its last reading of then, without the hysteresis that spares people a call."""
    fresh: ColumnElement[datetime] = bindparam("fresh", type_=UtcTime())
    read = (_reading.c.station_id == _station.c.id, _reading.c.quantity == Quantity.LEVEL.value)
    last = select(_reading.c.value).where(*read, _reading.c.at <= past(), _reading.c.at > fresh)
    level = last.order_by(_reading.c.at.desc()).limit(1).scalar_subquery()
    return case(
        (level.is_(None), null()),
        (level >= _station.c.guaranteed_m, Band.GUARANTEED.value),
        (level >= _station.c.warning_m, Band.WARNING.value),
        else_=Band.NORMAL.value,
    )
