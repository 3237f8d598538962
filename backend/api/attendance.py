"""The door for attendance (签到): the code on the screen, whoever scans it, the clerk's list, and the quiz."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.schemas.attendance import (
    AttendAnswer,
    AttendSchema,
    CodeAnswer,
    QuizAnswer,
    QuizAnswersSchema,
    TickSchema,
)
from backend.api.schemas.training import TrainingAnswer
from backend.api.training import as_shown
from backend.context import house, now, today
from backend.db import Session
from backend.domain.actions import Action
from backend.domain.training import STEP_S, Fix, quiz_of, seconds_left
from backend.errors import Conflict, NotFound
from backend.services import attendance, training
from backend.services.training import Seen
from backend.store import training as store

door = Door("attendance", "Who was at a session of training: by a code that changes every 20 seconds, or by the clerk.")


@door.get("/trainings/<uuid:session_id>/code")
@needs(Action.KEEP_TRAINING)
@door.response(200, CodeAnswer)
@fails(Conflict)
def code(session_id: UUID) -> Response:
    """What stands on the screen now, for a QR code; it is asked again when it is over."""
    at = now()
    with house().database.reading() as session:
        row = training.kept(session, actor(), session_id)
        present = store.attended(session, session_id)
    said = attendance.code(row, house().keyring, now=at)
    body = {"code": said, "path": f"/m/#/train/{said}", "step_s": STEP_S, "seconds_left": seconds_left(at)}
    return answer(body | {"present": present})


@door.post("/trainings/attend")
@needs(Action.ATTEND_TRAINING)
@door.arguments(AttendSchema)
@door.response(201, AttendAnswer, description="Signed in.")
@door.alt_response(200, schema=AttendAnswer, description="One was signed in already.", success=True)
@fails(Conflict, NotFound)
def attend(said: dict[str, Any]) -> Response:
    """Sign in with the code that is on the screen now; Conflict for one that is over, for it was photographed."""
    place = said.get("location")
    fix = Fix(place, said.get("accuracy_m", 0.0)) if place else None
    with house().database.transaction() as session:
        row, is_new = attendance.scan(session, actor(), said["code"], fix, house().keyring, now=now())
        body = {"training": as_shown(session, _seen(session, row.id)), "new": is_new}
    return answer(body, 201 if is_new else 200)


@door.post("/trainings/<uuid:session_id>/attendance")
@needs(Action.KEEP_TRAINING)
@door.arguments(TickSchema)
@door.response(200, TrainingAnswer)
@fails(Conflict)
def tick(said: dict[str, Any], session_id: UUID) -> Response:
    """Tick who was there, and take out who was noted by mistake; said again, nothing changes."""
    with house().database.transaction() as session:
        row = training.held(session, actor(), session_id)
        attendance.tick(session, actor(), row, said["there"], said["away"], now=now())
        body = as_shown(session, _seen(session, session_id))
    return answer(body)


@door.post("/trainings/<uuid:session_id>/quiz")
@needs(Action.ATTEND_TRAINING)
@door.arguments(QuizAnswersSchema)
@door.response(200, QuizAnswer)
@fails(Conflict)
def quiz(said: dict[str, Any], session_id: UUID) -> Response:
    """Answer the quiz of a session at which one was; the best try counts, and once it is passed, hours are credited."""
    with house().database.transaction() as session:
        right, hours = attendance.answer(session, actor(), session_id, said["answers"], now=now())
        asked = quiz_of(_seen(session, session_id).row.quiz)
    assert asked is not None
    body = {"right": right, "of": len(asked.questions), "pass_mark": asked.pass_mark, "hours": hours}
    return answer(body | {"passed": right >= asked.pass_mark})


def _seen(session: Session, session_id: UUID) -> Seen:
    return training.one(session, actor(), session_id, today=today(), zone=house().settings.zone)
