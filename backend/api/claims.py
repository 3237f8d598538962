"""The door for soft claims: who is handling a hazard right now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails, nothing
from backend.api.etag import version_of
from backend.api.schemas.claims import ClaimAnswer
from backend.api.shown import moment
from backend.context import house, now, today
from backend.domain.actions import Action
from backend.errors import Conflict
from backend.services import claims, hazards

door = Door("claims", "Soft claims (正在办): who is handling a hazard; they hinder nobody and end after ten minutes.")


@door.get("/hazards/<uuid:hazard_id>/claim")
@needs(Action.SEE_HAZARDS)
@door.response(200, ClaimAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def held(hazard_id: UUID) -> Response:
    """Who is at it."""
    with house().database.reading() as session:
        hazard = hazards.one(session, actor(), hazard_id, today=today())
        body = shown(claims.of_hazard(session, hazard.id, now=now()))
    return answer(body, etag=version_of(body))


@door.put("/hazards/<uuid:hazard_id>/claim")
@needs(Action.COMMENT_HAZARD)
@door.response(200, ClaimAnswer)
@fails(Conflict)
def take(hazard_id: UUID) -> Response:
    """Say that one is at it, or still is, for ten minutes; refused while somebody else is."""
    with house().database.transaction() as session:
        hazard = hazards.one(session, actor(), hazard_id, today=today())
        row = claims.take(session, actor(), hazard.id, now=now())
    return answer(shown(row))


@door.delete("/hazards/<uuid:hazard_id>/claim")
@needs(Action.COMMENT_HAZARD)
@door.response(204)
def let_go(hazard_id: UUID) -> Response:
    """One is not at it any more."""
    with house().database.transaction() as session:
        hazard = hazards.one(session, actor(), hazard_id, today=today())
        claims.let_go(session, actor(), hazard.id)
    return nothing()


def shown(row: Any) -> dict[str, Any]:
    """Who is at it and until when, or nobody."""
    if row is None:
        return {"by": None, "since": None, "until": None}
    zone = house().settings.zone
    by = {"id": str(row.person_id), "name": row.name}
    return {"by": by, "since": moment(row.since, zone), "until": moment(row.until_at, zone)}
