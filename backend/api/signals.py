"""The door for signals of the weather office: brought in by a duty officer or a feed, and read by everybody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, g, request

from backend.api import shown_signals as shown
from backend.api.auth import actor, needs, needs_or
from backend.api.bodies import checked, json_body, read_bytes
from backend.api.door import Door, answer, fails, unless_known
from backend.api.etag import version_of
from backend.api.paging import number_in, numbered
from backend.api.schemas.signals import SignalAnswer, SignalListArguments, SignalPage, SignalSchema, message_in
from backend.context import house, now, today
from backend.db import Session
from backend.domain.actions import Action
from backend.domain.cap import Message
from backend.errors import Conflict, NotFound, NotReadable, TooLarge, Unauthenticated, UnsupportedMedia
from backend.formats import cap, cap_out
from backend.services import feeds, signals
from backend.store import regions
from backend.store import signals as store

door = Door("signals", "Signals (预警信号): what the weather office warns of, as CAP, and where it holds.")

KEY = "X-Feed-Key"
_BODY = {
    "required": True,
    "content": {
        **{name: {"schema": {"type": "string"}} for name in cap.MEDIA_TYPES},
        "application/json": {"schema": SignalSchema, "example": SignalSchema.EXAMPLE},
    },
}
_KEY = {
    "in": "header",
    "name": KEY,
    "description": "The key of a feed, instead of a login.",
    "schema": {"type": "string"},
}


def _is_feed() -> bool:
    """Whether a feed asks by its key; Unauthenticated for a key of none."""
    key = request.headers.get(KEY)
    if key is None:
        return False
    with house().database.reading() as session:
        g.feed = feeds.of_key(session, key)
    if g.feed is None:
        raise Unauthenticated("feed_key")
    return True


@door.post("/flood/signals")
@needs_or(Action.ENTER_SIGNAL, _is_feed)
@door.doc(requestBody=_BODY, parameters=[_KEY])
@door.response(201, SignalAnswer, description="Kept.")
@door.alt_response(200, schema=SignalAnswer, description="It was here already; as it stands now.", success=True)
@fails(Conflict, NotFound, NotReadable, TooLarge, UnsupportedMedia)
def enter() -> Response:
    """Bring in a message of CAP 1.2 or 1.1, or the same as JSON; the same message may be sent any number of times.

    409 for another message under a name that is taken: it is kept beside the first, and somebody is told.
    """
    message, document = _brought()
    here = house()
    with here.database.reading() as session:
        paper = signals.prepare(session, message, document, today=today())
    with here.database.transaction() as session:
        if "feed" in g:
            received = signals.receive(session, paper, now=now(), feed=g.feed.name)
            feeds.heard(session, g.feed.name, now=now())
        else:
            received = signals.enter(session, actor(), paper, now=now())
        body = _shown(session, [signals.one(session, received.id)])[0]
    if received.is_conflict:
        raise Conflict("signal", extra={"present": body})
    return answer(body, 201 if received.is_new else 200)


def _brought() -> tuple[Message, bytes]:
    """The message of the body, and the bytes that are kept of it."""
    if request.mimetype in cap.MEDIA_TYPES:
        document = read_bytes(cap.MOST_BYTES)
        return cap.read(document), document
    if request.mimetype != "application/json":
        raise UnsupportedMedia(wanted=f"{cap.MEDIA_TYPES[0]}, application/json")
    message = message_in(checked(SignalSchema(), json_body()))
    return message, cap_out.write(message)


@door.get("/flood/signals")
@needs(Action.SEE_FLOOD)
@door.arguments(SignalListArguments, location="query")
@door.response(200, SignalPage)
def listed(asked: dict[str, Any]) -> Response:
    """Every message that came, newest first; `active=true` for what is in force."""
    limit, is_active, is_exercise = asked["limit"], asked.get("active"), asked.get("exercise")
    if is_active and is_exercise is None:
        is_exercise = False
    wanted = {"is_active": is_active, "is_exercise": is_exercise, "region": asked.get("region")}
    with house().database.reading() as session:
        rows = store.listed(session, limit=limit, after=number_in(asked["cursor"]), **wanted)
        items = _shown(session, rows[:limit])
    return answer(numbered(items, rows, limit))


@door.get("/flood/signals/<uuid:signal_id>")
@needs(Action.SEE_FLOOD)
@door.response(200, SignalAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def one(signal_id: UUID) -> Response:
    """One message and how it stands."""
    with house().database.reading() as session:
        body = _shown(session, [signals.one(session, signal_id)])[0]
    return answer(body, etag=version_of(body))


@door.get("/flood/signals/<uuid:signal_id>.xml")
@needs(Action.SEE_FLOOD)
@door.response(200, {"type": "string"}, content_type=cap.MEDIA_TYPES[0])
@door.alt_response(304, description="Not changed since that ETag.")
def document(signal_id: UUID) -> Response:
    """The message itself, byte for byte as it came; of one entered as JSON, the same as CAP."""
    with house().database.reading() as session:
        row = signals.one(session, signal_id)
    response = Response(row.document, mimetype=cap.MEDIA_TYPES[0])
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = f'attachment; filename="{signal_id}.xml"'
    response.set_etag(signal_id.hex)
    return unless_known(response)


def _shown(session: Session, rows: Sequence[Any]) -> list[dict[str, Any]]:
    names = regions.names(session, {code for row in rows for code in row.regions})
    references: dict[UUID, list[Any]] = {row.id: [] for row in rows}
    for each in store.references(session, list(references)):
        references[each.signal_id].append(each)
    return [shown.signal(row, names, references[row.id], house().settings.zone) for row in rows]
