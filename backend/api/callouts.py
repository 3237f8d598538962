"""The door for call-outs: look at one, answer it, answer for somebody, knock at a door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api import shown_warnings as shown
from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.etag import version_of
from backend.api.paging import next_path, place_in
from backend.api.schemas.callouts import (
    AckSchema,
    CalloutAnswer,
    DoorAnswer,
    DoorListArguments,
    DoorPage,
    DoorSchema,
    ack_of,
    door_of,
)
from backend.context import house, now
from backend.db import Session
from backend.domain.access import Scope
from backend.domain.actions import Action
from backend.domain.callouts import Answer
from backend.errors import Conflict
from backend.services import acks, door_knocks, flood_warnings
from backend.services.acks import AckDraft
from backend.store import callouts as store
from backend.store import door_knocks as door_store

door = Door("callouts", "Call-outs (叫应): everybody who is called must answer; silence climbs, and ends at a door.")


@door.get("/flood/callouts/<uuid:callout_id>")
@needs(Action.ANSWER_CALL)
@door.response(200, CalloutAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def one(callout_id: UUID) -> Response:
    """A call-out of one's own, of somebody one stands in for or was told of, or of one's region."""
    with house().database.reading() as session:
        body = _shown(session, acks.seen(session, actor(), callout_id))
    return answer(body, etag=version_of(body))


@door.post("/flood/callouts/<uuid:callout_id>/ack")
@needs(Action.ANSWER_CALL)
@door.arguments(AckSchema)
@door.response(201, CalloutAnswer, description="Kept.")
@door.alt_response(200, schema=CalloutAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def ack(loaded: dict[str, Any], callout_id: UUID) -> Response:
    """Answer: received, acting or unable. Everything that is said is kept, also when it comes late."""
    body, is_new = keep(callout_id, ack_of(loaded))
    return answer(body, 201 if is_new else 200)


@door.post("/flood/callouts/<uuid:callout_id>/ack-for")
@needs(Action.ANSWER_FOR)
@door.arguments(AckSchema)
@door.response(201, CalloutAnswer, description="Kept.")
@door.alt_response(200, schema=CalloutAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def ack_for(loaded: dict[str, Any], callout_id: UUID) -> Response:
    """Answer for somebody whom one has telephoned (代答), under one's own name."""
    draft = ack_of(loaded)
    with house().database.transaction() as session:
        row, is_new = acks.ack_for(session, actor(), callout_id, draft, now=now())
        body = _with_receipt(session, row, draft)
    return answer(body, 201 if is_new else 200)


@door.get("/flood/warnings/<uuid:warning_id>/doors")
@needs(Action.SEE_WARNINGS)
@door.arguments(DoorListArguments, location="query")
@door.response(200, DoorPage)
def doors(asked: dict[str, Any], warning_id: UUID) -> Response:
    """Doors to knock at (上门), by region: the list to print."""
    limit = asked["limit"]
    with house().database.reading() as session:
        warning, parts = flood_warnings.seen(session, actor(), warning_id)
        after = place_in(asked["cursor"], str, UUID)
        rows = door_store.listed(session, warning.root_id, Scope(parts), limit=limit, after=after)
    items = [shown.door(row, house().settings.zone) for row in rows[:limit]]
    last = [rows[limit - 1].region_code, str(rows[limit - 1].door_id)] if len(rows) > limit else None
    return answer({"warning": shown.brief(warning), "items": items, "next": next_path(last)})


@door.get("/flood/doors/<uuid:door_id>")
@needs(Action.ANSWER_CALL)
@door.response(200, DoorAnswer)
def one_door(door_id: UUID) -> Response:
    """A door that one was asked to knock at, or of one's region."""
    with house().database.reading() as session:
        body = shown.door(door_knocks.seen(session, actor(), door_id), house().settings.zone)
    return answer(body, etag=version_of(body))


@door.post("/flood/doors/<uuid:door_id>")
@needs(Action.ANSWER_CALL)
@door.arguments(DoorSchema)
@door.response(200, DoorAnswer)
@fails(Conflict)
def knocked(loaded: dict[str, Any], door_id: UUID) -> Response:
    """Report what came of it; with a `status` it is the answer of whoever lives there."""
    draft = door_of(loaded)
    with house().database.transaction() as session:
        row, is_new = door_knocks.report(session, actor(), door_id, draft, now=now())
        if is_new and "status" in loaded:
            said = AckDraft(row.door_id, draft.body_sha256, Answer(loaded["status"]), draft.note, now())
            acks.ack_at_door(session, row.id, said, actor().person_id, now=now())
        body = shown.door(door_knocks.seen(session, actor(), door_id), house().settings.zone)
    return answer(body)


def keep(callout_id: UUID, draft: AckDraft) -> tuple[dict[str, Any], bool]:
    """Keep an answer in one short transaction: the call-out as it is shown, and whether the answer is new."""
    with house().database.transaction() as session:
        row, is_new = acks.ack(session, actor(), callout_id, draft, now=now())
        return _with_receipt(session, row, draft), is_new


def as_shown(session: Session, callout_id: UUID) -> dict[str, Any]:
    """A call-out for the reader of this request; NotFound when it is not theirs."""
    return _shown(session, acks.seen(session, actor(), callout_id))


def _shown(session: Session, row: Any) -> dict[str, Any]:
    answers, steps = store.answers_of(session, row.id), store.steps_of(session, row.id)
    return shown.callout(row, answers, steps, house().settings.zone)


def _with_receipt(session: Session, row: Any, draft: AckDraft) -> dict[str, Any]:
    kept = store.answer_of(session, draft.id)
    assert kept is not None
    receipt = {"seq": kept.seq, "body_sha256": draft.body_sha256.hex(), "photos": []}
    return _shown(session, row) | {"receipt": receipt}
