"""The door for the areas of warnings: where one is in force, for maps."""

from __future__ import annotations

from typing import Any

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer
from backend.api.etag import version_of
from backend.api.schemas.warning_areas import AreaAnswer, AreaArguments
from backend.api.shown import moment_or_none
from backend.clock import day_of
from backend.context import house, now
from backend.domain.actions import Action
from backend.services import segments, warning_areas
from geo import geojson

door = Door("warning areas", "Areas of warnings (预警范围): where each holds that is in force, on a map.")
GEOJSON = "application/geo+json"


@door.get("/flood/warnings/areas")
@needs(Action.SEE_WARNINGS)
@door.arguments(AreaArguments, location="query")
@door.response(200, AreaAnswer, content_type=GEOJSON)
@door.alt_response(304, description="Not changed since that ETag.")
def listed(asked: dict[str, Any]) -> Response:
    """Warnings in force in one's own part of the world, drills too, the mildest first; or at a past moment."""
    zone, at = house().settings.zone, asked.get("at")
    at = at if at is not None and at < now() else None
    with house().database.reading() as session:
        today = day_of(now(), zone)
        reaches = segments.scope(session, actor(), today)
        kept, day = house().warning_areas, day_of(at or now(), zone)
        found = warning_areas.drawn(session, actor(), reaches, kept, at=at, day=day, now=now())
    features = [
        {
            "type": "Feature",
            "id": str(row.id),
            "geometry": geojson.write(shape),
            "properties": {
                "id": str(row.id),
                "number": row.number,
                "level": row.level,
                "headline": row.headline,
                "drill": row.is_drill,
                "issued_at": moment_or_none(row.issued_at, zone),
                "expires_at": moment_or_none(row.expires_at, zone),
            },
        }
        for row, shape in found
    ]
    body = {"type": "FeatureCollection", "features": features}
    return answer(body, etag=version_of(body), media_type=GEOJSON)
