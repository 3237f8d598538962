"""The door for the picture of a walk."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer
from backend.api.etag import version_of
from backend.api.schemas.traces import TraceAnswer
from backend.context import house, today
from backend.domain.actions import Action
from backend.services import patrols, traces
from geo import geojson

door = Door("traces", "Traces (轨迹图): a walk as it lies on the map, for whoever judges it by eye.")
GEOJSON = "application/geo+json"


@door.get("/patrols/<uuid:patrol_id>/trace")
@needs(Action.SEE_PATROLS)
@door.response(200, TraceAnswer, content_type=GEOJSON)
@door.alt_response(304, description="Not changed since that ETag.")
def trace(patrol_id: UUID) -> Response:
    """The reach, what was walked of it, the points as sent, the clean track, and its gaps; each names what it is."""
    with house().database.reading() as session:
        patrol = patrols.one(session, actor(), patrol_id, today=today())
        found = traces.drawn(session, patrol)
    features = [
        {"type": "Feature", "geometry": geojson.write(each.shape), "properties": {"what": each.what, **each.values}}
        for each in found
    ]
    body = {"type": "FeatureCollection", "features": features}
    return answer(body, etag=version_of(body), media_type=GEOJSON)
