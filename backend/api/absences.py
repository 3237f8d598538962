"""The door for absences: I am away, somebody looks after my segments, and I am back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.bodies import json_body
from backend.api.door import Door, answer, fails
from backend.api.schemas.absences import (
    AbsenceAnswer,
    AbsenceSchema,
    BackSchema,
    SubstituteAnswer,
    SubstituteArguments,
)
from backend.context import house, now, today
from backend.db import Session
from backend.domain.actions import Action
from backend.errors import Conflict
from backend.formats.canonical import canonical_sha256
from backend.services import absences
from backend.services.absences import Leave, Substitute
from backend.store import people, regions

door = Door("absences", "Absences and stand-ins (请假与代理).")


@door.get("/me/absences")
@needs(Action.SEE_SELF)
@door.response(200, AbsenceAnswer(many=True))
def mine() -> Response:
    """My absences that are not over."""
    with house().database.reading() as session:
        rows = absences.of_person(session, actor().person_id, today=today())
        shown = [_shown(session, row) for row in rows]
    return answer(shown)


@door.get("/me/substitutes")
@needs(Action.SEE_SELF)
@door.arguments(SubstituteArguments, location="query")
@door.response(200, SubstituteAnswer(many=True))
def substitutes(asked: dict[str, Any]) -> Response:
    """Whom I may name to look after my segments: the nearest first."""
    with house().database.reading() as session:
        found = absences.substitutes(session, actor().person_id, max(asked["day"] or today(), today()))
        names = regions.names(session, {seat.region for each in found for seat in each.seats})
    return answer([_substitute(each, names) for each in found])


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
        shown = _shown(session, absence)
    return answer(shown, 201 if is_new else 200)


@door.post("/me/absences/<uuid:absence_id>/end")
@needs(Action.SEE_SELF)
@door.arguments(BackSchema)
@door.response(200, AbsenceAnswer)
@fails(Conflict)
def end(said: dict[str, Any], absence_id: UUID) -> Response:
    """I am back, today or on the day I name."""
    with house().database.transaction() as session:
        absence = absences.end(session, actor().person_id, absence_id, said["until"], today=today(), now=now())
        shown = _shown(session, absence)
    return answer(shown)


def _substitute(each: Substitute, names: dict[str, str]) -> dict[str, Any]:
    posts = [
        {"post": seat.post.value, "region": seat.region, "region_name": names.get(seat.region)} for seat in each.seats
    ]
    return {"id": str(each.person_id), "name": each.name, "posts": posts}


def _shown(session: Session, row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "from": row.from_day.isoformat(),
        "until": row.until_day.isoformat() if row.until_day else None,
        "substitute": str(row.substitute_id),
        "substitute_name": people.named(session, row.substitute_id).name,
    }
