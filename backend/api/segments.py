"""The door for rivers and segments, as GeoJSON."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import orjson
from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer
from backend.api.paging import next_path
from backend.api.schemas.segments import (
    NearestArguments,
    OrphanAnswer,
    RiverArguments,
    RiverPage,
    SegmentArguments,
    SegmentCollection,
    SegmentFeature,
)
from backend.api.shown import segments as shown_segments
from backend.context import house, today
from backend.domain.actions import Action
from backend.domain.terms import Level
from backend.services import segments
from backend.store import rivers as river_store
from backend.store import segments as store
from geo.datum import Crs, to_wgs84

door = Door("segments", "Rivers and segments (河湖与河段).")
GEOJSON = "application/geo+json"


@door.get("/rivers")
@needs(Action.SEE_REGIONS)
@door.arguments(RiverArguments, location="query")
@door.response(200, RiverPage)
def rivers(asked: dict[str, Any]) -> Response:
    """Rivers, canals and lakes, wherever they flow or where one sees a reach of them."""
    limit, page = asked["limit"], {"after": after_code(asked["cursor"]), "limit": asked["limit"]}
    with house().database.reading() as session:
        scope = segments.scope(session, actor(), today()) if asked["mine"] else None
        rows = river_store.listed(session, asked.get("q"), scope, today(), **page)
    items = [{"code": river.code, "name": river.name, "kind": river.kind} for river in rows[:limit]]
    return answer({"items": items, "next": next_path([rows[limit - 1].code] if len(rows) > limit else None)})


@door.get("/segments")
@needs(Action.SEE_SEGMENTS)
@door.arguments(SegmentArguments, location="query")
@door.response(200, SegmentCollection, content_type=GEOJSON)
def listed(asked: dict[str, Any]) -> Response:
    """Segments of one's part of the world; the lowest reaches unless a level is named."""
    limit = asked["limit"]
    with house().database.reading() as session:
        rows = store.listed(
            session,
            segments.scope(session, actor(), today()),
            today(),
            limit=limit,
            after=after_code(asked["cursor"]),
            box=asked["bbox"],
            region=asked["region"],
            river=asked["river"],
            person=asked["person"],
            level=level_of(asked.get("level")),
            risk=asked.get("risk"),
            orphan=asked["orphan"],
            words=asked.get("q"),
            names=segments.people_scope(actor()),
            unwalked_since=asked.get("unwalked_since"),
        )
        features = segments.shown_as(session, rows[:limit], today())
    last = [rows[limit - 1].code] if len(rows) > limit else None
    shown = shown_segments(features, house().settings.zone)
    return answer({"type": "FeatureCollection", "features": shown, "next": next_path(last)}, media_type=GEOJSON)


@door.get("/segments/nearest")
@needs(Action.SEE_SEGMENTS)
@door.arguments(NearestArguments, location="query")
@door.response(200, SegmentCollection, content_type=GEOJSON)
def nearest(asked: dict[str, Any]) -> Response:
    """The nearest segments with `distance_m`."""
    place = np.array([[asked["lon"], asked["lat"]]])
    lon, lat = to_wgs84(place, Crs(asked.get("crs", "WGS84")))[0]
    with house().database.reading() as session:
        features = segments.nearest(
            session,
            actor(),
            float(lon),
            float(lat),
            limit=asked["limit"],
            level=level_of(asked.get("level")),
            today=today(),
        )
    shown = shown_segments(features, house().settings.zone)
    return answer({"type": "FeatureCollection", "features": shown}, media_type=GEOJSON)


@door.get("/segments/orphans")
@needs(Action.SEE_PEOPLE)
@door.response(200, OrphanAnswer(many=True))
def orphans() -> Response:
    """Segments for which no chief answers today."""
    with house().database.reading() as session:
        rows = store.orphans(session, segments.scope(session, actor(), today()), today())
    return answer(
        [
            {
                "id": str(row.id),
                "code": row.code,
                "name": row.name,
                "region": row.region_code,
                "level": Level(row.level).word,
            }
            for row in rows
        ]
    )


@door.get("/segments/<ref>")
@needs(Action.SEE_SEGMENTS)
@door.response(200, SegmentFeature, content_type=GEOJSON)
@door.alt_response(304, description="Not changed since that ETag.")
def one(ref: str) -> Response:
    """One segment, by id or code, with its checkpoints and notice boards."""
    with house().database.reading() as session:
        found = segments.feature(session, actor(), ref, today=today())
    (feature,) = shown_segments([found], house().settings.zone)
    etag = hashlib.sha256(orjson.dumps(feature)).hexdigest()[:32]
    return answer(feature, etag=etag, media_type=GEOJSON)


def level_of(word: str | None) -> int | None:
    """The number of a level's word."""
    return next((int(level) for level in Level if level.word == word), None)


def after_code(cursor: list[Any] | None) -> str:
    """The code after which a list goes on."""
    return str(cursor[0]) if cursor else ""
