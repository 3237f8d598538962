"""The door for drawing: a new reach, and another line for one that is there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.etag import IF_MATCH, require_version, version_of
from backend.api.schemas.surveys import (
    NewReachSchema,
    RedrawAnswer,
    RedrawSchema,
    SurveyAnswer,
)
from backend.context import house, now, today
from backend.domain.actions import Action
from backend.domain.terms import Level
from backend.errors import BadInput, Conflict, NotFound, Stale, VersionNeeded
from backend.services import surveys
from backend.services.surveys import AWAY_M, NewReach, Redrawn
from geo.geojson import write

door = Door("surveys", "Drawing reaches (河段测绘).")


@door.put("/segments/<ref>")
@needs(Action.CHANGE_SEGMENTS)
@door.arguments(NewReachSchema)
@door.response(201, SurveyAnswer)
@door.alt_response(200, schema=SurveyAnswer, description="It was here already.", success=True)
@fails(Conflict)
def draw(said: dict[str, Any], ref: str) -> Response:
    """A new reach under an id of the client's; the one that it lies in is found by its river and region."""
    try:
        segment_id = UUID(ref)
    except ValueError:  # a code names a reach that is there, and is no id for another one
        raise NotFound() from None
    draft = NewReach(segment_id, width_m=said.pop("width_m", 0.0), **said)
    with house().database.transaction() as session:
        is_new = surveys.draw(session, actor(), draft, now=now(), today=today())
        row = surveys.seen(session, actor(), str(segment_id))
    return answer(_shown(row), 201 if is_new else 200, etag=_version(row))


@door.get("/segments/<ref>/survey")
@needs(Action.CHANGE_SEGMENTS)
@door.response(200, SurveyAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def one(ref: str) -> Response:
    """A reach as it lies, by code or id."""
    with house().database.reading() as session:
        row = surveys.seen(session, actor(), ref)
    return answer(_shown(row), etag=_version(row))


@door.post("/segments/<ref>/survey")
@needs(Action.CHANGE_SEGMENTS)
@door.arguments(RedrawSchema)
@door.response(200, RedrawAnswer)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def redraw(said: dict[str, Any], ref: str) -> Response:
    """Another line, from which walks are counted anew; `If-Match` names the survey that was seen. Or only a look."""
    line, width_m = said["line"], said.get("width_m")
    if said["dry_run"]:
        with house().database.reading() as session:
            row = surveys.seen(session, actor(), ref)
            return answer(_done(surveys.redrawn(session, row, line, width_m, today=today()), is_applied=False))
    if "reason" not in said:
        raise BadInput.at("/reason", "import.missing")
    with house().database.transaction() as session:
        row = surveys.seen(session, actor(), ref, held=True)
        require_version(request.headers.get("If-Match"), _version(row), _shown(row))
        found = surveys.redrawn(session, row, line, width_m, today=today())
        surveys.redraw(session, actor(), found, said["reason"], today=today(), now=now())
        etag = _version(surveys.seen(session, actor(), ref))
    return answer(_done(found, is_applied=True), etag=etag)


def _version(row: Any) -> str:
    return version_of(str(row.id), row.version, row.until_day.isoformat() if row.until_day else None)


def _shown(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "code": row.code,
        "name": row.name,
        "river": row.river_code,
        "river_name": row.river_name,
        "region": row.region_code,
        "region_name": row.region_name,
        "level": Level(row.level).word,
        "parent": row.parent_code,
        "width_m": row.width_m,
        "length_m": round(row.length_m, 1),
        "survey": row.version,
        "from": row.from_day.isoformat(),
        "until": row.until_day.isoformat() if row.until_day else None,
        "line": write(row.line),
    }


def _done(found: Redrawn, *, is_applied: bool) -> dict[str, Any]:
    checkpoints = [
        {"code": each.code, "name": each.name, "chainage_m": round(at, 1), "away_m": round(away, 1)}
        for each, at, away in found.checkpoints
    ]
    return {
        "code": found.reach.code,
        "survey": found.reach.version + is_applied,
        "length_m": round(found.after_m, 1),
        "before_m": round(found.reach.length_m, 1),
        "off_m": round(found.off_m, 1),
        "turned": found.is_turned,
        "hazards": len(found.hazards),
        "checkpoints": [each | {"far": each["away_m"] > AWAY_M} for each in checkpoints],
        "applied": is_applied,
    }
