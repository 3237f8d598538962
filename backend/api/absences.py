"""The door for absences: I am away, somebody looks after my segments, and I am back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.bodies import json_body
from backend.api.door import Door, answer, fails
from backend.api.people import today
from backend.api.schemas.absences import AbsenceAnswer, AbsenceSchema, BackSchema
from backend.context import house, now
from backend.domain.access import Action
from backend.errors import Conflict
from backend.formats.canonical import canonical_sha256
from backend.services import absences
from backend.services.absences import Leave

door = Door("absences", "Absences and stand-ins (请假与代理).")


@door.get("/me/absences")
@needs(Action.SEE_SELF)
@door.response(200, AbsenceAnswer(many=True))
def mine() -> Response:
    """My absences that are not over."""
    with house().database.reading() as session:
        rows = absences.of_person(session, actor().person_id, today=today())
    return answer([_shown(row) for row in rows])


@door.put("/me/absences/<uuid:absence_id>")
@needs(Action.SEE_SELF)
@door.arguments(AbsenceSchema)
@door.response(201, AbsenceAnswer, description="On record.")
@door.alt_response(200, schema=AbsenceAnswer, description="It was here already.", success=True)
@fails(Conflict)
def begin(said: dict[str, Any], absence_id: UUID) -> Response:
    """I am away; somebody looks after my segments under an account of their own."""
    leave = Leave(absence_id, said["substitute"], said["begin"], said["until"], canonical_sha256(json_body()))
    with house().database.transaction() as session:
        absence, is_new = absences.begin(session, actor().person_id, leave, today=today(), now=now())
    return answer(_shown(absence), 201 if is_new else 200)


@door.post("/me/absences/<uuid:absence_id>/end")
@needs(Action.SEE_SELF)
@door.arguments(BackSchema)
@door.response(200, AbsenceAnswer)
@fails(Conflict)
def end(said: dict[str, Any], absence_id: UUID) -> Response:
    """I am back, today or on the day I name."""
    with house().database.transaction() as session:
        absence = absences.end(session, actor().person_id, absence_id, said["until"], today=today(), now=now())
    return answer(_shown(absence))


def _shown(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "from": row.from_day.isoformat(),
        "until": row.until_day.isoformat() if row.until_day else None,
        "substitute": str(row.substitute_id),
    }
