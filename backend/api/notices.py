"""The door for notices: what I was told, how I want to be reached, and messages that did not get there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails, nothing
from backend.api.paging import next_path
from backend.api.schemas.notices import (
    AddressSchema,
    NoticeAnswer,
    NoticeListArguments,
    NoticePage,
    PushAnswer,
    PushSchema,
    WishesAnswer,
    WishesSchema,
    address_of,
)
from backend.api.shown import moment
from backend.channels.push import WebPush
from backend.context import house, language, now, today
from backend.db import Session
from backend.domain.access import may_try
from backend.domain.actions import Action
from backend.domain.notices import APP
from backend.errors import BadInput, Conflict, Forbidden
from backend.services import devices, receipts, wording
from backend.services.devices import Wishes
from backend.store import notices as store

door = Door("notices", "Notices (通知): what somebody was told, and how it reached them.")


@door.get("/notices")
@needs(Action.SEE_SELF)
@door.arguments(NoticeListArguments, location="query")
@door.response(200, NoticePage)
def listed(asked: dict[str, Any]) -> Response:
    """What I was told, newest first; with `state=failed` what did not reach the people of my region."""
    limit, after = asked["limit"], _place(asked["cursor"])
    with house().database.reading() as session:
        if asked.get("state") == "failed":
            rows, last = _dead(session, after, limit)
        else:
            rows = store.of_person(session, actor().person_id, after=after, limit=limit)
            last = [rows[limit - 1].created_at, rows[limit - 1].id] if len(rows) > limit else None
        items = _shown(session, rows[:limit])
    return answer({"items": items, "next": next_path([last[0].isoformat(), str(last[1])] if last else None)})


@door.post("/notices/<uuid:notice_id>/retry")
@needs(Action.RETRY_NOTICE)
@door.response(200, NoticeAnswer)
@fails(Conflict)
def retry(notice_id: UUID) -> Response:
    """Send what failed once more, from the start: the number has been mended, or the provider lives again."""
    with house().database.transaction() as session:
        notice = receipts.retry(session, actor(), notice_id, now=now(), today=today())
        (item,) = _shown(session, [notice])
    return answer(item)


@door.get("/me/notices")
@needs(Action.SEE_SELF)
@door.response(200, WishesAnswer)
def wishes() -> Response:
    """How I want to be reached, and my devices."""
    with house().database.reading() as session:
        return answer(_wishes(session))


@door.put("/me/notices")
@needs(Action.SEE_SELF)
@door.arguments(WishesSchema)
@door.response(200, WishesAnswer)
def wish(said: dict[str, Any]) -> Response:
    """Say how I want to be reached; what is urgent comes by every channel all the same."""
    wanted = Wishes(tuple(said["channels"]), tuple(said["muted"]), said.get("language", language()))
    with house().database.transaction() as session:
        devices.wish(session, actor().person_id, wanted)
        return answer(_wishes(session))


@door.put("/me/push/<uuid:device_id>")
@needs(Action.SEE_SELF)
@door.arguments(PushSchema)
@door.response(201, PushAnswer, description="This device takes messages now.")
@door.alt_response(200, schema=PushAnswer, description="It did already; under its new address now.", success=True)
@fails(Conflict)
def take_push(said: dict[str, Any], device_id: UUID) -> Response:
    """Push to this device; the subscription is renewed under the same id."""
    here = house()
    with here.database.transaction() as session:
        address = address_of(said)
        is_new = devices.take_push(session, actor().person_id, device_id, address, here.keyring, now=now())
    return answer({"id": str(device_id)}, 201 if is_new else 200)


@door.delete("/me/push/<uuid:device_id>")
@needs(Action.SEE_SELF)
@door.response(204)
def end_push(device_id: UUID) -> Response:
    """Push to this device no longer; asked again, nothing happens."""
    with house().database.transaction() as session:
        devices.end(session, actor().person_id, device_id)
    return nothing()


@door.put("/me/addresses/<uuid:device_id>")
@needs(Action.SEE_SELF)
@door.arguments(AddressSchema)
@door.response(201, PushAnswer, description="Messages go to this address now.")
@door.alt_response(200, schema=PushAnswer, description="They did already, or go to a changed one now.", success=True)
@fails(Conflict)
def take_address(said: dict[str, Any], device_id: UUID) -> Response:
    """Write to me by e-mail, or in the chat of the office under this number."""
    here = house()
    with here.database.transaction() as session:
        is_new = devices.take_address(
            session, actor().person_id, device_id, said["channel"], said["address"], here.keyring, now=now()
        )
    return answer({"id": str(device_id)}, 201 if is_new else 200)


@door.delete("/me/addresses/<uuid:device_id>")
@needs(Action.SEE_SELF)
@door.response(204)
def end_address(device_id: UUID) -> Response:
    """Write there no longer; asked again, nothing happens."""
    with house().database.transaction() as session:
        devices.end(session, actor().person_id, device_id)
    return nothing()


def _dead(session: Session, after: Any, limit: int) -> tuple[list[Any], Any]:
    """Notices with dead letters in the order of their failures, and the place of the last."""
    if not may_try(actor(), Action.RETRY_NOTICE):
        raise Forbidden("post")
    rows = receipts.dead(session, actor(), after=after, limit=limit, today=today())
    found = store.readers(session, {row.notice_id for row in rows[:limit]})
    last = [rows[limit - 1].failed_at, rows[limit - 1].id] if len(rows) > limit else None
    return [found[notice] for notice in dict.fromkeys(row.notice_id for row in rows[:limit])], last


def _shown(session: Session, rows: list[Any]) -> list[dict[str, Any]]:
    letters: dict[UUID, list[Any]] = {row.id: [] for row in rows}
    for letter in store.letters_of(session, letters):
        letters[letter.notice_id].append(_letter(letter))
    zone = house().settings.zone
    return [
        {
            "id": str(row.id),
            "person": str(row.person_id),
            "name": getattr(row, "person_name", None),
            "title": wording.title(row, language()),
            "text": wording.readable(row, language(), zone),
            "lane": row.lane,
            "number": row.number,
            "is_drill": row.is_drill,
            "about": {"type": row.about_type, "id": str(row.about_id)} if row.about_type else None,
            "created_at": moment(row.created_at, zone),
            "letters": letters[row.id],
        }
        for row in rows
    ]


def _letter(row: Any) -> dict[str, Any]:
    def at(name: str) -> str | None:
        found = getattr(row, name)
        return moment(found, house().settings.zone) if found else None

    return {
        "channel": row.channel,
        "state": row.state,
        "failure": row.failure,
        "tries": row.tries,
    } | {name: at(name) for name in ("accepted_at", "delivered_at", "answered_at")}


def _wishes(session: Session) -> dict[str, Any]:
    found = devices.wishes(session, actor().person_id)
    app = house().channels.get(APP)
    return {
        "channels": found.channels,
        "muted": found.muted,
        "language": found.language,
        "push_key": app.public_key if isinstance(app, WebPush) else None,
        "devices": [
            {"id": str(row.id), "channel": row.channel} for row in devices.of_person(session, actor().person_id)
        ],
    }


def _place(cursor: list[Any] | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    try:
        at, key = cursor
        moment_of = datetime.fromisoformat(at)
        return (moment_of.astimezone(UTC), UUID(key)) if moment_of.tzinfo is not None else _no_place()
    except (ValueError, TypeError, AttributeError, OverflowError):
        return _no_place()


def _no_place() -> Any:
    raise BadInput.at("/cursor", "flaw.cursor")
