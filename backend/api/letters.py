"""The door for letters on their way (送达): the queues, one letter's story, and trying again what no channel took."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer
from backend.api.paging import next_path, place_in
from backend.api.schemas.letters import (
    LetterListArguments,
    LetterStoryAnswer,
    OnItsWayPage,
    QueuesAnswer,
    RetriedAnswer,
    RetrySchema,
)
from backend.api.shown import moment
from backend.context import house, language, now, today
from backend.domain.access import scope_of
from backend.domain.actions import Action
from backend.errors import BadInput, NotFound
from backend.services import receipts, wording
from backend.store import buckets
from backend.store import deliveries as store
from backend.store.deliveries import Asked

door = Door("letters", "Letters on their way (送达): what waits, what failed and why, and trying it again.")
_MOMENTS = ("due_at", "next_try_at", "failed_at", "accepted_at", "delivered_at", "answered_at", "expires_at")
_FILTERS = ("state", "channel", "lane", "failure", "person")


@door.get("/letters")
@needs(Action.RETRY_NOTICE)
@door.arguments(LetterListArguments, location="query")
@door.response(200, OnItsWayPage)
def listed(asked: dict[str, Any]) -> Response:
    """Letters to people of one's region: those that wait, the longest first, or those that failed, the newest first."""
    limit = asked["limit"]
    which = Asked(**{name: asked[name] for name in _FILTERS if name in asked})
    after: Any = place_in(asked["cursor"], _moment_in, UUID)
    with house().database.reading() as session:
        rows = store.listed(session, _scope(), today(), which, after=after, limit=limit)
    last = [rows[limit - 1].at.isoformat(), str(rows[limit - 1].id)] if len(rows) > limit else None
    return answer({"items": [_shown(row, row) for row in rows[:limit]], "next": next_path(last)})


@door.get("/letters/queues")
@needs(Action.RETRY_NOTICE)
@door.response(200, QueuesAnswer)
def queues() -> Response:
    """How much waits by channel and lane, how much failed and why, and what waits for the morning or a digest."""
    zone = house().settings.zone
    with house().database.reading() as session:
        waiting = store.waiting(session, _scope(), today())
        dead = store.dead(session, _scope(), today())
        unwritten = store.unwritten(session, _scope(), today())
        rests = buckets.resting(session, now())
    found = {
        "queues": [_queue(row, rests) for row in sorted(waiting, key=lambda row: (row.channel, row.lane))],
        "dead": [
            {"channel": row.channel, "lane": row.lane, "failure": row.failure or "", "count": row.how_many}
            | {"newest_at": moment(row.newest, zone)}
            for row in dead
        ],
        "unwritten": [
            {"lane": row.lane, "count": row.how_many, "first_at": moment(row.first, zone)} for row in unwritten
        ],
    }
    return answer(found)


@door.get("/letters/<uuid:letter_id>")
@needs(Action.RETRY_NOTICE)
@door.response(200, LetterStoryAnswer)
def one(letter_id: UUID) -> Response:
    """One letter, with those of the same notice by other channels."""
    with house().database.reading() as session:
        found = store.one(session, letter_id, _scope(), today())
        if found is None:
            raise NotFound()
        beside = store.beside(session, found.notice_id)
    return answer({"letter": _shown(found, found), "letters": [_shown(row, found) for row in beside]})


@door.post("/letters/retry")
@needs(Action.RETRY_NOTICE)
@door.arguments(RetrySchema)
@door.response(200, RetriedAnswer)
def retry(said: dict[str, Any]) -> Response:
    """Try what no channel took from the start: notices that are named, or all that a filter finds, on record."""
    named = said.get("notices")
    if named and len(said) > 1:
        raise BadInput.at("/notices", "flaw.named_or_filtered")
    which = named or Asked(**said)
    with house().database.transaction() as session:
        notices, letters = receipts.retry_all(session, actor(), which, now=now(), today=today())
    return answer({"notices": notices, "letters": letters})


def _queue(row: Any, rests: Mapping[str, bool]) -> dict[str, Any]:
    names = ("channel", "lane", "waiting", "retrying", "sending")
    oldest_s = round(max(0.0, (now() - row.oldest).total_seconds()), 1)
    return {name: getattr(row, name) for name in names} | {"oldest_s": oldest_s, "rests": rests.get(row.channel, False)}


def _shown(row: Any, told: Any) -> dict[str, Any]:
    """A letter with what its notice says."""
    zone = house().settings.zone
    names = ("lane", "channel", "state", "failure", "tries", "repeats", "passed_to", "answer", "reference")
    moments = {name: getattr(row, name) for name in _MOMENTS}
    return {
        "id": str(row.id),
        "notice": str(row.notice_id),
        "person": {"id": str(told.person_id), "name": told.person_name},
        "title": wording.title(told, language()),
        "text": wording.readable(told, language(), zone),
        "about": {"type": told.about_type, "id": str(told.about_id)} if told.about_type else None,
        "is_drill": told.is_drill,
        "created_at": moment(told.created_at, zone),
        **{name: getattr(row, name) for name in names},
        **{name: moment(at, zone) if at else None for name, at in moments.items()},
    }


def _scope() -> Any:
    return scope_of(actor(), Action.RETRY_NOTICE)


def _moment_in(key: str) -> datetime:
    at = datetime.fromisoformat(key)
    if at.tzinfo is None:
        raise ValueError(key)
    return at
