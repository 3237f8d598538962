"""The door for posts: given with their segments, ended with their succession."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.etag import IF_MATCH
from backend.api.people import present_version, unchanged
from backend.api.schemas.appointments import AppointmentAnswer, AppointmentSchema, ClosingSchema, PassedAnswer
from backend.context import house, now, today
from backend.domain.actions import Action
from backend.domain.terms import Post
from backend.errors import Conflict, Stale, VersionNeeded
from backend.services import appointments
from backend.services.appointments import Placing

door = Door("appointments", "Posts (任职).")


@door.post("/people/<uuid:person_id>/appointments")
@needs(Action.CHANGE_PEOPLE)
@door.arguments(AppointmentSchema)
@door.response(201, AppointmentAnswer)
@door.alt_response(200, schema=AppointmentAnswer, description="It was here already.", success=True)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def appoint(said: dict[str, Any], person_id: UUID) -> Response:
    """Give somebody a post and its segments; `If-Match` names the version of the person that was seen."""
    placing = Placing(
        id=said["id"],
        post=Post(said["post"]),
        region=said["region"],
        since=said["since"],
        unit=said.get("unit"),
        segments=tuple(said.get("segments", ())),
        substitute=said.get("substitute"),
    )
    with house().database.transaction() as session:
        is_new = not appointments.is_known(session, actor(), person_id, placing)
        if is_new:
            unchanged(session, person_id)
            appointments.appoint(session, actor(), person_id, placing, today=today(), now=now())
        etag = present_version(session, person_id)
    return answer({"id": str(placing.id)}, 201 if is_new else 200, etag=etag)


@door.post("/people/<uuid:person_id>/appointments/<uuid:appointment_id>/close")
@needs(Action.CHANGE_PEOPLE)
@door.arguments(ClosingSchema)
@door.response(200, PassedAnswer)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def close(said: dict[str, Any], person_id: UUID, appointment_id: UUID) -> Response:
    """End a post; its segments pass to the substitute or the superior the same moment. `If-Match` as above."""
    until, reason = said["until"], said["reason"]
    with house().database.transaction() as session:
        unchanged(session, person_id)
        passed = appointments.close(
            session, actor(), person_id, appointment_id, until, reason, today=today(), now=now()
        )
        etag = present_version(session, person_id)
    body = {"passed_to": {segment: str(heir) if heir else None for segment, heir in passed.items()}}
    return answer(body, etag=etag)
