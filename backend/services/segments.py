"""Segments: those in one's part of the world, as GeoJSON features, and the nearest ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson
import shapely

from backend.db import Session
from backend.domain.access import Actor, Scope, may_try, scope_of
from backend.domain.actions import Action
from backend.domain.terms import Duty, Level
from backend.errors import NotFound
from backend.recent import Recent
from backend.services import reaches
from backend.store import people, segments
from backend.store.spatial import Box
from geo.measure import Plane, box_around

_WIDENING_M = (500.0, 2_000.0, 8_000.0, 32_000.0, 128_000.0, 512_000.0)
"""How far the nearest is looked for, wider and wider."""
MOST_OUTLINES = 5_000
"""GeoJSON texts kept a process, about 1 KB each (our judgement)."""
_kept: Recent[tuple[int, int], orjson.Fragment] = Recent(MOST_OUTLINES)
"""By the number of the id and the version: an id itself is compared ten times as slowly."""
_WORDS = {int(level): level.word for level in Level}
Feature = dict[str, Any]
"""A GeoJSON feature; its geometry is a fragment of JSON text as the database gave it, its moments are in UTC."""


def scope(session: Session, actor: Actor, today: date) -> Scope:
    """One's region, and the segments one answers for wherever they lie."""
    given = scope_of(actor, Action.SEE_SEGMENTS)
    elsewhere = people.segments_of(session, given.people, today, outside=given.regions)
    return Scope(given.regions, given.people, tuple(elsewhere))


def people_scope(actor: Actor) -> Scope | None:
    """Where the actor may look for people by name; None for nowhere."""
    return scope_of(actor, Action.SEE_PEOPLE) if may_try(actor, Action.SEE_PEOPLE) else None


def one(session: Session, actor: Actor, ref: str, *, today: date) -> Any:
    """The row of a segment by id or code; NotFound outside one's part of the world."""
    found = segments.one(session, reaches.by_name(ref), scope(session, actor, today))
    if found is None:
        raise NotFound()
    return found


def feature(session: Session, actor: Actor, ref: str, *, today: date) -> Feature:
    """One segment with its levees and what stands on its banks."""
    row = one(session, actor, ref, today=today)
    shown = _with_levees(session, shown_as(session, [row], today))[0]
    stops, boards = segments.on_the_bank(session, row.id)
    shown["properties"]["checkpoints"] = [
        {
            "code": stop.code,
            "name": stop.name,
            "kind": stop.kind,
            "at": [stop.point.x, stop.point.y],
            "chainage_m": stop.chainage_m,
        }
        for stop in stops
    ]
    shown["properties"]["notice_boards"] = [
        {"code": board.code, "at": [board.point.x, board.point.y]} for board in boards
    ]
    return shown


def features_of(session: Session, actor: Actor, *, today: date) -> list[Feature]:
    """Every segment the actor answers for or looks after, with its levees."""
    ids = people.segments_of(session, actor.whose, today)
    return _with_levees(session, shown_as(session, segments.features(session, ids), today))


def shown_as(session: Session, rows: Sequence[Any], today: date) -> list[Feature]:
    """Rows as features, with the chiefs of today asked for once."""
    chiefs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in segments.chiefs(session, [row.id for row in rows], today):
        level = _WORDS[Level.VILLAGE if each.duty == Duty.WARDEN else each.level]
        chiefs[each.code].append({"person_id": each.person_id, "name": each.name, "level": level, "duty": each.duty})
    outlines = _outlines(session, rows)
    return [_feature(row, outline, chiefs[row.code]) for row, outline in zip(rows, outlines, strict=True)]


def nearest(
    session: Session, actor: Actor, lon: float, lat: float, *, limit: int, level: int | None, today: date
) -> list[Feature]:
    """The nearest segments with their distance in metres to the line, nearest first; the same on both databases."""
    here, where = shapely.Point(lon, lat), scope(session, actor, today)
    found: list[tuple[float, UUID]] = []
    for within_m in _WIDENING_M:
        candidates = segments.around(session, where, today, _box(lon, lat, within_m), level)
        found = sorted((_metres(here, line), segment_id) for segment_id, line in candidates)
        if sum(metres <= within_m for metres, _ in found) >= limit:
            break
    metres_of = {segment_id: metres for metres, segment_id in found[:limit]}
    shown = shown_as(session, segments.features(session, list(metres_of)), today)
    for each in shown:
        each["properties"]["distance_m"] = round(metres_of[each["id"]], 1)
    return sorted(shown, key=lambda each: (each["properties"]["distance_m"], each["properties"]["code"]))


def _with_levees(session: Session, features: list[Feature]) -> list[Feature]:
    """What a phone judges a walk by; a list for a map need not carry it."""
    texts = segments.levees(session, [each["id"] for each in features])
    for each in features:
        text = texts.get(each["id"])
        each["properties"]["levee"] = None if text is None else orjson.Fragment(text)
    return features


def _outlines(session: Session, rows: Sequence[Any]) -> list[orjson.Fragment]:
    """Their lines as GeoJSON text; the store is asked only for those that this process has not seen."""
    keys = [(row.id.int, row.version) for row in rows]
    found = _kept.some(keys)
    missing = [(key, row.id) for key, row in zip(keys, rows, strict=True) if key not in found]
    if missing:
        texts = segments.outlines(session, [segment_id for _, segment_id in missing])
        for key, segment_id in missing:
            found[key] = orjson.Fragment(texts[segment_id])
            _kept.keep(key, found[key])
    return [found[key] for key in keys]


def _feature(row: Any, outline: orjson.Fragment, chiefs: list[dict[str, Any]]) -> Feature:
    return {
        "type": "Feature",
        "id": row.id,
        "geometry": outline,
        "properties": {
            "id": row.id,
            "code": row.code,
            "name": row.name,
            "river": row.river_code,
            "river_name": row.river_name,
            "region": row.region_code,
            "region_name": row.region_name,
            "level": _WORDS[row.level],
            "parent": row.parent_code,
            "width_m": row.width_m,
            "length_m": round(row.length_m, 1),
            "until": row.until_day.isoformat() if row.until_day else None,
            "chiefs": chiefs,
            "risk": _risk(row),
            "last_patrol_at": row.last_patrol_at,
        },
    }


def _risk(row: Any) -> dict[str, Any] | None:
    """As it was weighed last; None for one that never was."""
    if row.risk_level is None:
        return None
    return {"level": row.risk_level, "score": row.risk_score, "factors": row.risk_factors}


def _box(lon: float, lat: float, within_m: float) -> Box:
    west, south, east, north = box_around(lon, lat, within_m)
    return float(west), float(south), float(east), float(north)


def _metres(here: shapely.Point, line: shapely.LineString) -> float:
    plane = Plane.around(here)
    return float(plane.shape_in_metres(line).distance(plane.shape_in_metres(here)))
