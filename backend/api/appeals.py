"""The door for appeals (申诉) against figures of assessments: made by whoever it is about, decided by the office."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api import shown_assessments as shown
from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.schemas.assessments import (
    AppealAnswer,
    AppealList,
    AppealListArguments,
    AppealSchema,
    DecisionSchema,
    appeal_of,
    decision_of,
)
from backend.context import house, now
from backend.domain.actions import Action
from backend.errors import Conflict, Forbidden
from backend.services import appeals, assessments
from backend.store import assessments as store

door = Door("appeals", "Appeals (申诉) against figures of an assessment, and what the office says of each.")


@door.get("/assessments/<uuid:assessment_id>/appeals")
@needs(Action.SEE_ASSESSMENTS)
@door.arguments(AppealListArguments, location="query")
@door.response(200, AppealList)
def listed(asked: dict[str, Any], assessment_id: UUID) -> Response:
    """Appeals of those one sees, those that wait first."""
    with house().database.reading() as session:
        found = assessments.one(session, actor(), assessment_id)
        rows = appeals.listed(session, found, assessments.sight(actor()), state=asked.get("state"))
    return answer({"items": [shown.appeal(row, house().settings.zone) for row in rows]})


@door.put("/assessments/<uuid:assessment_id>/appeals/<uuid:appeal_id>")
@needs(Action.APPEAL)
@door.arguments(AppealSchema)
@door.response(201, AppealAnswer, description="Kept; the office decides.")
@door.alt_response(200, schema=AppealAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def make(loaded: dict[str, Any], assessment_id: UUID, appeal_id: UUID) -> Response:
    """Say which figure of one's own is wrong, and why."""
    zone = house().settings.zone
    with house().database.transaction() as session:
        store.hold(session, assessment_id)
        found = assessments.one(session, actor(), assessment_id)
        row, is_new = appeals.make(session, actor(), found, appeal_of(appeal_id, loaded), now=now(), zone=zone)
    return answer(shown.appeal(row, zone), 201 if is_new else 200)


@door.post("/assessments/<uuid:assessment_id>/appeals/<uuid:appeal_id>/decide")
@needs(Action.MAKE_ASSESSMENT)
@door.arguments(DecisionSchema)
@door.response(200, AppealAnswer)
@fails(Conflict, Forbidden)
def decide(loaded: dict[str, Any], assessment_id: UUID, appeal_id: UUID) -> Response:
    """The office's word: upheld with the right figures, or denied, each with its reason; never on one's own."""
    with house().database.transaction() as session:
        found = assessments.held(session, actor(), assessment_id)
        row = appeals.decide(session, actor(), found, appeal_id, decision_of(loaded), now=now())
    return answer(shown.appeal(row, house().settings.zone))
