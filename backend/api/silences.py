"""The door for silences: keep quiet about a region for a while, but never about what presses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails, nothing
from backend.api.schemas.silences import SilenceAnswer, SilenceList, SilenceSchema, silence_of
from backend.api.shown import moment, moment_or_none
from backend.context import house, now
from backend.domain.actions import Action
from backend.errors import Conflict
from backend.services import silences

door = Door(
    "silences", "Silences (静默): blue and yellow call-outs of a region wait; red, orange and the all-clear pass."
)


@door.put("/flood/silences/<uuid:silence_id>")
@needs(Action.MAKE_WARNING)
@door.arguments(SilenceSchema)
@door.response(201, SilenceAnswer)
@door.alt_response(200, schema=SilenceAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def keep(loaded: dict[str, Any], silence_id: UUID) -> Response:
    """Let blue and yellow call-outs of a region wait for a while."""
    with house().database.transaction() as session:
        row, is_new = silences.keep(session, actor(), silence_of(silence_id, loaded), now=now())
    return answer(_shown(row), 201 if is_new else 200)


@door.get("/flood/silences")
@needs(Action.SEE_WARNINGS)
@door.response(200, SilenceList)
def listed() -> Response:
    """Silences of one's own part of the world that are not over."""
    with house().database.reading() as session:
        rows = silences.listed(session, actor(), now=now())
    return answer({"items": [_shown(row) for row in rows]})


@door.delete("/flood/silences/<uuid:silence_id>")
@needs(Action.MAKE_WARNING)
@door.response(204)
def end(silence_id: UUID) -> Response:
    """End one early."""
    with house().database.transaction() as session:
        silences.end(session, actor(), silence_id, now=now())
    return nothing()


def _shown(row: Any) -> dict[str, Any]:
    zone = house().settings.zone
    return {
        "id": str(row.id),
        "region": row.region_code,
        "from": moment(row.from_at, zone),
        "until": moment(row.until_at, zone),
        "reason": row.reason,
        "made_by": row.made_by,
        "ended_at": moment_or_none(row.ended_at, zone),
    }
