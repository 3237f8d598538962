"""The door for stations: where the water is measured, how high it stands, and the keys of those that send."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from operator import index
from typing import Any

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.etag import IF_MATCH, require_match
from backend.api.paging import next_path, place_in
from backend.api.schemas.stations import (
    KeyAnswer,
    KeySchema,
    StationAnswer,
    StationListArguments,
    StationPage,
    StationSchema,
    station_of,
)
from backend.api.shown import moment
from backend.context import house, now, today
from backend.domain.actions import Action
from backend.domain.stations import Quantity
from backend.errors import NotFound, Stale, VersionNeeded
from backend.services import stations
from backend.store import readings
from backend.store import stations as store

door = Door("stations", "Stations (测站): water levels, flow and rain, with the levels that mean something.")
RECENT = timedelta(days=3)
MOST_RECENT = 300
"""Readings of a quantity that one station shows."""
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")


@door.put("/flood/stations/<code>")
@needs(Action.KEEP_STATIONS)
@door.arguments(StationSchema)
@door.response(201, StationAnswer, description="Made; a key is given out by itself.")
@door.alt_response(200, schema=StationAnswer, description="It was so already, or is so now.", success=True)
@door.doc(parameters=[IF_MATCH | {"required": False}])
@fails(Stale, VersionNeeded)
def keep(loaded: dict[str, Any], code: str) -> Response:
    """Describe a station of one's own region; whoever changes one says which version they saw."""
    if not _CODE.fullmatch(code):
        raise NotFound()
    draft = station_of(code, loaded)
    with house().database.transaction() as session:
        stations.check_place(session, actor(), draft)
        columns = stations.columns_of(session, draft, today=today())
        is_new = stations.make(session, actor(), columns, now=now())
        row = stations.one(session, code)
        if not is_new and stations.differs(row, columns):
            require_match(_version(row), _shown(row, store.values(session, [row.id])))
            stations.change(session, actor(), row, columns, now=now())
            row = stations.one(session, code)
        body = _shown(row, store.values(session, [row.id]))
    return answer(body, 201 if is_new else 200, etag=_version(row))


@door.get("/flood/stations")
@needs(Action.SEE_FLOOD)
@door.arguments(StationListArguments, location="query")
@door.response(200, StationPage)
def listed(asked: dict[str, Any]) -> Response:
    """Stations by code, or those that press first, each with its latest values."""
    limit, by_press = asked["limit"], asked["pressing_first"]
    after = place_in(asked["cursor"], index, str)
    place = {"region": asked["region"], "river": asked["river"], "box": asked["bbox"]}
    with house().database.reading() as session:
        rows = store.listed(session, limit=limit, after=after, by_press=by_press, **place)
        values: dict[Any, list[Any]] = defaultdict(list)
        for value in store.values(session, [row.id for row in rows[:limit]]):
            values[value.station_id].append(value)
    last = [rows[limit - 1].press, rows[limit - 1].code] if len(rows) > limit else None
    return answer({"items": [_shown(row, values[row.id]) for row in rows[:limit]], "next": next_path(last)})


@door.get("/flood/stations/<code>")
@needs(Action.SEE_FLOOD)
@door.response(200, StationAnswer)
def one(code: str) -> Response:
    """One station with its readings of the last three days."""
    with house().database.reading() as session:
        row = stations.one(session, code)
        body = _shown(row, store.values(session, [row.id]))
        lately = readings.recent(session, row.id, now() - RECENT, MOST_RECENT)
    zone = house().settings.zone
    series: dict[str, list[Any]] = {quantity.value: [] for quantity in Quantity}
    for each in lately:
        series[each.quantity].append([moment(each.at, zone), each.value])
    response = answer(body | {"readings": series})
    response.set_etag(_version(row))  # the version that a change must name; readings come and go without one
    return response


@door.post("/flood/stations/<code>/key")
@needs(Action.KEEP_STATIONS)
@door.arguments(KeySchema)
@door.response(201, KeyAnswer, description="The key is shown this once; the one before opens nothing any more.")
def key(loaded: dict[str, Any], code: str) -> Response:
    """A new key for a station, and for others behind the same gateway."""
    codes = sorted({code, *loaded["also"]})
    with house().database.transaction() as session:
        made = stations.new_key(session, actor(), codes, now=now())
    return answer({"key": made, "stations": codes}, 201, Cache_Control="no-store")


def _version(row: Any) -> str:
    return f"station-{row.version}"


def _shown(row: Any, values: Iterable[Any]) -> dict[str, Any]:
    zone = house().settings.zone
    same = ("code", "name", "kind", "warning_m", "guaranteed_m", "datum", "hysteresis_m", "silent_after_min")
    return {name: getattr(row, name) for name in same} | {
        "river": row.river_code,
        "region": row.region_code,
        "region_name": row.region_name,
        "segment": row.segment_code,
        "location": {"lon": row.lon, "lat": row.lat},
        "silent_since": moment(row.silent_since, zone) if row.silent_since else None,
        "has_key": row.key_sha256 is not None,
        "latest": {each.quantity: _value(each, moment(each.at, zone)) for each in values},
    }


def _value(row: Any, at: str) -> dict[str, Any]:
    body = {"value": row.value, "at": at}
    if row.quantity != Quantity.LEVEL:
        return body
    return body | {"rate": row.rate, "band": row.band, "fast": row.is_fast}
