"""The door for training (培训): plan a session, look, put right, call off."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from flask import Response, request

from backend.api import shown_training as shown
from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.etag import IF_MATCH, require_version, version_of
from backend.api.paging import next_path, number_in, numbered, place_in
from backend.api.schemas.training import (
    TrainingAnswer,
    TrainingChangeSchema,
    TrainingListArguments,
    TrainingPage,
    TrainingPeopleArguments,
    TrainingPeoplePage,
    TrainingSchema,
    TrainingWithdrawSchema,
    session_of,
)
from backend.context import house, now, today
from backend.db import Session
from backend.domain.actions import Action
from backend.domain.training import TRAINING, Status
from backend.errors import Conflict, Stale, VersionNeeded
from backend.services import photos, training
from backend.services.training import Seen
from backend.store import training as store

door = Door(
    "training", "Training (培训): sessions with a code on the screen, quizzes, hours, and who is still missing."
)


@door.put("/trainings/<uuid:session_id>")
@needs(Action.KEEP_TRAINING)
@door.arguments(TrainingSchema)
@door.response(201, TrainingAnswer, description="Planned; whoever is asked to come hears of it.")
@door.alt_response(200, schema=TrainingAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def make(loaded: dict[str, Any], session_id: UUID) -> Response:
    """Plan a session for posts of regions; one that was held may be written down, too."""
    draft, zone = session_of(session_id, loaded), house().settings.zone
    with house().database.transaction() as session:
        is_new = training.make(session, actor(), draft, now=now(), zone=zone)
        seen = _seen(session, session_id)
        if is_new:
            digests = list(dict.fromkeys(each.sha256 for each in draft.photos))
            place = (TRAINING, session_id, actor().person_id, seen.row.region_code)
            photos.name(session, actor(), digests, *place, now=now(), today=today())
        body = as_shown(session, seen)
    return answer(body, 201 if is_new else 200, etag=_etag(seen, body))


@door.get("/trainings")
@needs(Action.SEE_TRAINING)
@door.arguments(TrainingListArguments, location="query")
@door.response(200, TrainingPage)
def listed(asked: dict[str, Any]) -> Response:
    """Sessions of one's own part of the world and those to which one is asked, the newest first."""
    limit, zone = asked["limit"], house().settings.zone
    page = {"limit": limit, "after": number_in(asked["cursor"]), "mine": asked["mine"]}
    with house().database.reading() as session:
        rows, tallies = training.listed(session, actor(), today=today(), zone=zone, **page)
        invited = training.invited_by(store.invitations(session, [row.id for row in rows[:limit]]))
    is_above = bool(training.sight(actor()).regions)
    items = [
        shown.session(row, invited.get(row.id, ()), zone)
        | {"totals": shown.totals(tallies[row.id]) if is_above else None}
        for row in rows[:limit]
    ]
    return answer(numbered(items, rows, limit))


@door.get("/trainings/<uuid:session_id>")
@needs(Action.SEE_TRAINING)
@door.response(200, TrainingAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def one(session_id: UUID) -> Response:
    """One session, with whom it asks to come and whether I was there."""
    with house().database.reading() as session:
        seen = _seen(session, session_id)
        body = as_shown(session, seen)
    return answer(body, etag=_etag(seen, body))


@door.get("/trainings/<uuid:session_id>/people")
@needs(Action.SEE_TRAINING)
@door.arguments(TrainingPeopleArguments, location="query")
@door.response(200, TrainingPeoplePage)
def people(asked: dict[str, Any], session_id: UUID) -> Response:
    """Who is asked to come and who was there, by region, of one's own part of the world."""
    limit, zone = asked["limit"], house().settings.zone
    status = Status(asked["status"]) if "status" in asked else None
    after: Any = place_in(asked["cursor"], str, UUID)
    with house().database.reading() as session:
        seen = _seen(session, session_id)
        rows = training.people(session, seen, status=status, zone=zone, limit=limit, after=after)
    last = [rows[limit - 1].region_code, str(rows[limit - 1].person_id)] if len(rows) > limit else None
    return answer({"items": [shown.attendee(row, zone) for row in rows[:limit]], "next": next_path(last)})


@door.post("/trainings/<uuid:session_id>/correct")
@needs(Action.KEEP_TRAINING)
@door.arguments(TrainingChangeSchema)
@door.response(200, TrainingAnswer)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def correct(said: dict[str, Any], session_id: UUID) -> Response:
    """Put right what a session says, with a reason; whoever is asked to come hears of it."""
    reason = said.pop("reason")
    with house().database.transaction() as session:
        row = _required(session, session_id)
        training.change(session, actor(), row, said, reason, now=now(), zone=house().settings.zone)
        seen = _seen(session, session_id)
        body = as_shown(session, seen)
    return answer(body, etag=_etag(seen, body))


@door.post("/trainings/<uuid:session_id>/withdraw")
@needs(Action.KEEP_TRAINING)
@door.arguments(TrainingWithdrawSchema)
@door.response(200, TrainingAnswer)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def withdraw(said: dict[str, Any], session_id: UUID) -> Response:
    """Call a session off at which nobody was, with a reason."""
    with house().database.transaction() as session:
        row = _required(session, session_id)
        training.withdraw(session, actor(), row, said["reason"], now=now(), zone=house().settings.zone)
        seen = _seen(session, session_id)
        body = as_shown(session, seen)
    return answer(body, etag=_etag(seen, body))


def as_shown(session: Session, seen: Seen) -> dict[str, Any]:
    """A session for the reader of this request."""
    zone, row = house().settings.zone, seen.row
    states = photos.states(session, TRAINING, [row.id])[row.id]
    return shown.whole(seen, states, zone)


def _required(session: Session, session_id: UUID) -> Any:
    """The session, held, as it was seen: attendance changes by itself, only what it says must still be so."""
    row = training.held(session, actor(), session_id)
    seen = _seen(session, session_id)
    wanted = re.sub(r"\.\w+", "", request.headers.get("If-Match", ""))
    require_version(wanted, _version(seen), as_shown(session, seen))
    return row


def _seen(session: Session, session_id: UUID) -> Seen:
    return training.one(session, actor(), session_id, today=today(), zone=house().settings.zone)


def _version(seen: Seen) -> str:
    return f"{seen.row.seq}-{seen.row.version}"


def _etag(seen: Seen, body: dict[str, Any]) -> str:
    return f"{_version(seen)}.{version_of(body)}"
