"""Stations: kept by whoever keeps their region, each with a key for its readings; one that is not heard is an alarm."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from shapely import Point

from backend.db import Session
from backend.domain.access import Actor, may
from backend.domain.actions import Action
from backend.domain.alarms import Alarm
from backend.domain.flood_events import What
from backend.domain.stations import StationDraft, event_of, flaws_of_marks, key_digest
from backend.errors import BadInput, NotFound
from backend.services import alarms, reaches
from backend.store import changes, flood_events, regions, stations
from geo.measure import Plane, box_around

MOST_AWAY_M = 30_000.0
"""A station further from its river's reaches speaks for none of them: it may stand upstream, not in another basin."""
BATCH = 200
STATION = "station"
_KEY_BYTES = 32


def one(session: Session, code: str) -> Any:
    """The station of that code; else NotFound."""
    found = stations.one(session, code)
    if found is None:
        raise NotFound()
    return found


def columns_of(session: Session, draft: StationDraft, *, today: date) -> dict[str, Any]:
    """A described station as it is kept; BadInput for marks that cannot be meant, or a reach that is not there."""
    if flaws := flaws_of_marks(draft.marks):
        raise BadInput(*flaws)
    if not stations.is_river(session, draft.river):
        raise BadInput.at("/river", "flaw.unknown_river")
    lon, lat = draft.lonlat
    return {
        "code": draft.code,
        "name": draft.name,
        "kind": draft.kind.value,
        "river_code": draft.river,
        "region_code": draft.region,
        "segment_id": _segment(session, draft, today),
        "point": Point(lon, lat),
        "lon": lon,
        "lat": lat,
        "warning_m": draft.marks.warning_m,
        "guaranteed_m": draft.marks.guaranteed_m,
        "datum": draft.datum,
        "hysteresis_m": draft.marks.hysteresis_m,
        "silent_after_min": draft.silent_after_min,
    }


def check_place(session: Session, actor: Actor, draft: StationDraft) -> None:
    """NotFound for a region where the actor keeps no stations, or a station that is kept elsewhere."""
    there = stations.one(session, draft.code)
    if not may(actor, Action.KEEP_STATIONS, draft.region) or regions.one(session, draft.region) is None:
        raise NotFound.at("/region", "flaw.region_here")
    if there is not None and not may(actor, Action.KEEP_STATIONS, there.region_code):
        raise NotFound()


def differs(row: Any, columns: dict[str, Any]) -> bool:
    """Whether a station is kept otherwise than described."""
    return any(getattr(row, name) != value for name, value in columns.items())


def make(session: Session, actor: Actor, columns: dict[str, Any], *, now: datetime) -> bool:
    """A new station; False when the code is taken."""
    if not stations.add(session, {"id": uuid4(), "version": 1} | columns):
        return False
    changes.record(session, now, actor.person_id, "make", STATION, columns["code"], _said(columns))
    return True


def change(session: Session, actor: Actor, row: Any, columns: dict[str, Any], *, now: datetime) -> None:
    """Describe a station anew, on record; in which band it stands, its next reading says."""
    stations.change(session, row.id, **columns)
    changes.record(session, now, actor.person_id, "change", STATION, row.code, _said(columns))


def new_key(session: Session, actor: Actor, codes: Sequence[str], *, now: datetime) -> str:
    """A key for these stations, which is told this once; NotFound for one that is not the actor's to keep."""
    held = {row.code: row for row in stations.hold(session, codes)}
    for code in codes:
        if code not in held or not may(actor, Action.KEEP_STATIONS, held[code].region_code):
            raise NotFound()
    key = secrets.token_urlsafe(_KEY_BYTES)
    stations.set_key(session, [row.id for row in held.values()], key_digest(key))
    changes.record_all(session, now, actor.person_id, "new_key", STATION, [(code, {}) for code in held])
    return key


def note_silent(session: Session, *, now: datetime) -> int:
    """Sound an alarm for stations that should have been heard by now, and let risk and warnings follow; how many."""
    rows = stations.fallen_silent(session, now, BATCH)
    stations.silenced(session, [row.id for row in rows], now)
    for row in rows:
        said = {"station": row.code, "name": row.name, "minutes": row.silent_after_min}
        alarms.sound(session, Alarm.SILENT_STATION, row.code, now=now, region=row.region_code, **said)
        flood_events.record(session, event_of(row, What.FELL_SILENT, None, said), now=now)
    return len(rows)


def _segment(session: Session, draft: StationDraft, today: date) -> UUID | None:
    if draft.segment is not None:
        named = reaches.found(session, draft.segment)
        if named is None or named.river_code != draft.river:
            raise BadInput.at("/segment", "flaw.segment_of_river")
        return named.id
    plane = Plane.around(Point(draft.lonlat))
    here = plane.shape_in_metres(Point(draft.lonlat))
    west, south, east, north = map(float, box_around(*draft.lonlat, MOST_AWAY_M))
    boxed = stations.reaches_of(session, draft.river, today, (west, south, east, north))
    lengths = ((plane.shape_in_metres(line).distance(here), number) for number, (_, line) in enumerate(boxed))
    metres, number = min(lengths, default=(MOST_AWAY_M + 1, -1))
    return boxed[number][0] if metres <= MOST_AWAY_M else None


def _said(columns: dict[str, Any]) -> dict[str, Any]:
    """What is kept of it on record: numbers and words alone."""
    return {name: value for name, value in columns.items() if isinstance(value, str | int | float)}
