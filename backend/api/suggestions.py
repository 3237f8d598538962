"""The door between the offices and the law: clues both ways, and prosecutors' suggestions with their replies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api import shown_cooperation as shown
from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.paging import number_in, numbered
from backend.api.schemas.cooperation import (
    ClueAnswer,
    ClueSchema,
    JointPage,
    OfHazardArguments,
    SaidSchema,
    SuggestionAnswer,
    SuggestionSchema,
    clue_of,
    found_of,
    suggestion_of,
)
from backend.context import house, now, today
from backend.domain.actions import Action
from backend.errors import Conflict, NotFound
from backend.models.cooperation import Clue
from backend.services import cluing, cooperation, matters, suggestions
from backend.store import cooperation as clue_store
from backend.store import suggestions as store

door = Door("suggestions", "Clues (线索) both ways, and prosecutors' suggestions (检察建议) with their replies.")


@door.put("/clues/<uuid:clue_id>")
@needs(Action.COOPERATE)
@door.arguments(ClueSchema)
@door.response(201, ClueAnswer, description="Handed on.")
@door.alt_response(200, schema=ClueAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict, NotFound)
def hand_on(loaded: dict[str, Any], clue_id: UUID) -> Response:
    """Hand a clue in as police or prosecutor, or ask them for an answer on a case that was handed over."""
    draft = clue_of(clue_id, loaded, lambda each: found_of(each, loaded, now(), clue_id))
    zone = house().settings.zone
    with house().database.transaction() as session:
        is_new = cluing.tell(session, actor(), draft, now=now(), zone=zone, today=today())
        row = cooperation.one(session, actor(), Clue, clue_id)
    return answer(shown.clue(row, today(), zone), 201 if is_new else 200)


@door.get("/clues")
@needs(Action.SEE_COOPERATION)
@door.arguments(OfHazardArguments, location="query")
@door.response(200, JointPage)
def clues(asked: dict[str, Any]) -> Response:
    """Clues of one's own part of the world, or of one's own house of the law, the newest first."""
    limit = asked["limit"]
    with house().database.reading() as session:
        rows = clue_store.listed(session, Clue, cooperation.sight(actor()), **_place(asked))
    items = [shown.clue(row, today(), house().settings.zone) for row in rows[:limit]]
    return answer(numbered(items, rows, limit))


@door.post("/clues/<uuid:clue_id>/answer")
@needs(Action.COOPERATE)
@door.arguments(SaidSchema)
@door.response(200, ClueAnswer)
@fails(Conflict)
def answer_clue(said: dict[str, Any], clue_id: UUID) -> Response:
    """Answer a clue that one's house got."""
    with house().database.transaction() as session:
        row = cluing.answer(session, actor(), clue_id, said["words"], now=now(), today=today())
    return answer(shown.clue(row, today(), house().settings.zone))


@door.put("/suggestions/<uuid:suggestion_id>")
@needs(Action.COOPERATE)
@door.arguments(SuggestionSchema)
@door.response(201, SuggestionAnswer, description="Made; whoever must reply hears of it.")
@door.alt_response(200, schema=SuggestionAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict, NotFound)
def make(loaded: dict[str, Any], suggestion_id: UUID) -> Response:
    """Make a suggestion about a case that lies with one's prosecution; it stands in the timeline of the hazard."""
    draft, zone = suggestion_of(suggestion_id, loaded), house().settings.zone
    with house().database.transaction() as session:
        is_new = suggestions.make(session, actor(), draft, now=now(), zone=zone)
        row = suggestions.one(session, actor(), suggestion_id)
    return answer(shown.suggestion(row, now(), zone), 201 if is_new else 200)


@door.get("/suggestions")
@needs(Action.SEE_COOPERATION)
@door.arguments(OfHazardArguments, location="query")
@door.response(200, JointPage)
def listed(asked: dict[str, Any]) -> Response:
    """Suggestions of one's own part of the world, or of one's own prosecution, the newest first."""
    limit = asked["limit"]
    with house().database.reading() as session:
        rows = store.listed(session, suggestions.sight(actor()), **_place(asked))
    items = [shown.suggestion(row, now(), house().settings.zone) for row in rows[:limit]]
    return answer(numbered(items, rows, limit))


@door.get("/suggestions/<uuid:suggestion_id>")
@needs(Action.SEE_COOPERATION)
@door.response(200, SuggestionAnswer)
def one(suggestion_id: UUID) -> Response:
    """One suggestion, and its reply."""
    with house().database.reading() as session:
        row = suggestions.one(session, actor(), suggestion_id)
    return answer(shown.suggestion(row, now(), house().settings.zone))


@door.post("/suggestions/<uuid:suggestion_id>/reply")
@needs(Action.COOPERATE)
@door.arguments(SaidSchema)
@door.response(200, SuggestionAnswer)
@fails(Conflict)
def reply(said: dict[str, Any], suggestion_id: UUID) -> Response:
    """Reply to one as an office; its ladder ends, and the reply stands in the timeline of the hazard."""
    with house().database.transaction() as session:
        row = suggestions.reply(session, actor(), suggestion_id, said["words"], now=now())
    return answer(shown.suggestion(row, now(), house().settings.zone))


def _place(asked: dict[str, Any]) -> dict[str, Any]:
    """Which of them, and from where."""
    place = {"limit": asked["limit"], "after": number_in(asked["cursor"]), "hazard": asked["hazard"]}
    return place | {"owed": matters.owing(actor()) if asked["waiting"] else None}
