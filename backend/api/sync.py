"""The door for phones that were offline: a queue upwards, each item alone; changes downwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from flask import Response

from backend.api import callouts, campaigns, hazards, orders, patrols
from backend.api.auth import actor, needs
from backend.api.bodies import checked, refuse_nul
from backend.api.door import Door, answer, fails
from backend.api.errors import document, unexpected
from backend.api.paging import encode
from backend.api.schemas import hazards as hazard_schemas
from backend.api.schemas.callouts import AckItemSchema, AckSchema, ack_of
from backend.api.schemas.campaigns import AnswerItemSchema, ReplySchema, answer_of
from backend.api.schemas.hazards import ActItemSchema, ActSchema, HazardSchema
from backend.api.schemas.orders import OrderWordSchema, WordItemSchema, word_of
from backend.api.schemas.patrols import PatrolSchema, draft_of
from backend.api.schemas.sync import BatchSchema, ChangesSchema, ItemSchema, ResultsSchema, SinceArguments
from backend.api.shown import segments as shown_segments
from backend.clock import day_of
from backend.context import house, now, today
from backend.db import AWAY, AlreadyTaken, Session
from backend.domain.access import may_try
from backend.domain.actions import Action
from backend.domain.callouts import ACK, CALLOUT
from backend.domain.campaigns import ANSWER, CAMPAIGN
from backend.domain.orders import ORDER, WORD
from backend.errors import BadInput, Conflict, Flaw, Forbidden, Gone, NotFound, Problem, Unavailable
from backend.services import campaigns as campaign_service
from backend.services import hazards as hazard_service
from backend.services import orders as order_service
from backend.services import patrols as patrol_service
from backend.services import segments, sync
from backend.statuses import STATUS
from backend.store import callouts as callout_store
from backend.store import changes

door = Door("sync", "Sync (同步): what a phone kept while it had no signal.")
log = structlog.get_logger(__name__)

KEPT = timedelta(days=90)
"""How long changes are kept; an older cursor starts afresh."""
PAGE = 200
MOST_ORDERS = 20
"""Of a phone that begins afresh: the newest; the list has them all."""
SEGMENT = "segment"
_item = ItemSchema()
_patrol, _hazard, _act, _act_item = PatrolSchema(), HazardSchema(), ActSchema(), ActItemSchema()
_reply, _reply_item = ReplySchema(), AnswerItemSchema()
_ack, _ack_item = AckSchema(), AckItemSchema()
_word, _word_item = OrderWordSchema(), WordItemSchema()


@door.post("/sync")
@needs(Action.SUBMIT_PATROL)
@door.arguments(BatchSchema)
@door.response(200, ResultsSchema)
def upwards(batch: dict[str, Any]) -> Response:
    """Hand in up to 200 things; each stands alone, and `created` or `unchanged` mean that it is on disk."""
    return answer({"results": [_result(raw) for raw in batch["items"]]})


@door.get("/sync")
@needs(Action.SEE_SELF)
@door.arguments(SinceArguments, location="query")
@door.response(200, ChangesSchema)
@fails(Gone)
def downwards(asked: dict[str, Any]) -> Response:
    """What changed for this person since the last time."""
    with house().database.reading() as session:
        body = _afresh(session) if asked["since"] is None else _onwards(session, asked["since"])
    return answer(body)


def _result(raw: Any) -> dict[str, Any]:
    named = raw.get("id") if isinstance(raw, dict) else None
    result: dict[str, Any] = {"id": named if isinstance(named, str) else None}
    try:
        refuse_nul(raw)
        thing, is_new = _told(checked(_item, raw))
    except Problem as problem:
        return result | {"status": _status(problem), "problem": document(problem)}
    except AWAY as away:
        log.error("item_must_wait", error=type(away).__name__)
        return result | {"status": "retry", "problem": document(Unavailable("database"))}
    except AlreadyTaken as wrong:
        log.warning("item_does_not_fit", error=type(wrong).__name__)
        return result | {"status": "conflict", "problem": document(Conflict("reference"))}
    except Exception as error:
        # One item that we cannot digest must not keep back the others; it stays on the phone until we are mended.
        log.exception("item_set_aside", error=type(error).__name__)
        return result | {"status": "retry", "problem": unexpected()}
    return result | {
        "status": "created" if is_new else "unchanged",
        "receipt": thing["receipt"],
        "thing": thing,
    }


def _told(item: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The thing of an item as it is now, and whether it is new; a flaw of its body is told by its place in the item."""
    tell = _TELL.get(item["type"])
    if tell is None:
        raise BadInput.at("/type", "flaw.choice", choices=", ".join(_TELL))
    try:
        return tell(item["id"], item["body"])
    except Problem as problem:
        problem.flaws = tuple(Flaw("/body" + flaw.pointer, flaw.text) for flaw in problem.flaws)
        raise


def _patrol_told(patrol_id: UUID, body: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    patrol, states, is_new = patrols.keep(draft_of(patrol_id, checked(_patrol, body)))
    return patrols.as_shown(patrol, states), is_new


def _hazard_told(hazard_id: UUID, body: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    hazard, around, is_new = hazards.keep(hazard_schemas.draft_of(hazard_id, checked(_hazard, body)))
    return hazards.as_shown(hazard, around), is_new


def _act_told(act_id: UUID, body: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """An act names its hazard and the version that was seen; the receipt is that of the act."""
    envelope = checked(_act_item, body)
    said = {name: value for name, value in body.items() if name not in ("hazard", "if_match")}
    draft = hazard_schemas.act_of(checked(_act, said | {"id": str(act_id)}))
    hazard, around, is_new = hazards.take(envelope["hazard"], draft, envelope.get("if_match"))
    thing = hazards.as_shown(hazard, around)
    return thing | {"receipt": thing["receipt"] | {"body_sha256": draft.body_sha256.hex()}}, is_new


def _answer_told(answer_id: UUID, body: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """An answer names its campaign."""
    if not may_try(actor(), Action.ANSWER_CAMPAIGN):
        raise Forbidden("post")
    envelope = checked(_reply_item, body)
    said = {name: value for name, value in body.items() if name != "campaign"}
    return campaigns.keep(envelope["campaign"], answer_of(answer_id, checked(_reply, said)))


def _ack_told(ack_id: UUID, body: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """An answer to a call names its call-out."""
    envelope = checked(_ack_item, body)
    said = {name: value for name, value in body.items() if name != "callout"}
    return callouts.keep(envelope["callout"], ack_of(checked(_ack, said | {"id": str(ack_id)})))


def _word_told(word_id: UUID, body: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """A word names its order."""
    if not may_try(actor(), Action.ANSWER_ORDER):
        raise Forbidden("post")
    envelope = checked(_word_item, body)
    said = {name: value for name, value in body.items() if name != "order"}
    return orders.keep(envelope["order"], word_of(word_id, checked(_word, said)))


_TELL = {
    sync.PATROL: _patrol_told,
    sync.HAZARD: _hazard_told,
    sync.HAZARD_ACT: _act_told,
    ANSWER: _answer_told,
    ACK: _ack_told,
    WORD: _word_told,
}


def _status(problem: Problem) -> str:
    if isinstance(problem, Conflict):
        return "conflict"
    return "retry" if STATUS[type(problem)] >= 500 else "refused"


def _afresh(session: Session) -> dict[str, Any]:
    """Everything that is this person's now, and the place from which to go on."""
    place = changes.newest(session)
    features = shown_segments(segments.features_of(session, actor(), today=today()), house().settings.zone)
    put = [{"type": "segment", "id": str(each["id"]), "op": "put", "body": each} for each in features]
    owing = campaign_service.listed(session, actor(), owing=True, limit=PAGE, after=None, today=today())
    put += [_as_told(session, CAMPAIGN, row.id, "put") for row in owing]
    given = order_service.listed(session, actor(), kind=None, mine=True, limit=MOST_ORDERS, after=None)
    put += [_as_told(session, ORDER, row.id, "put") for row in given[:MOST_ORDERS]]
    called = callout_store.waiting_for(session, actor().whose, PAGE)
    put += [_as_told(session, CALLOUT, row.id, "put") for row in called]
    return {"changes": put, "next": _cursor(session, place), "more": False}


def _onwards(session: Session, cursor: list[Any]) -> dict[str, Any]:
    place = _place(session, cursor)
    rows = changes.since(session, actor().person_id, place, PAGE)
    shown = rows[:PAGE]
    # Of several changes of one thing in a page only its present state matters.
    latest = {(row.thing_type, row.thing_id): row for row in shown}
    body = [_change(session, row) for row in latest.values()]
    told = {thing_id for _, thing_id in latest}
    for segment, op in sync.turned(session, actor(), since=_day_of(cursor), today=today()).items():
        if segment not in told:
            body.append(_as_told(session, SEGMENT, segment, op))
    last = (shown[-1].transaction_id, shown[-1].seq) if shown else place
    return {"changes": body, "next": _cursor(session, last), "more": len(rows) > PAGE}


def _change(session: Session, row: Any) -> dict[str, Any]:
    return _as_told(session, row.thing_type, row.thing_id, row.op)


def _as_told(session: Session, thing_type: str, thing_id: UUID, op: str) -> dict[str, Any]:
    body = None if op == "gone" else _body(session, thing_type, thing_id)
    return {"type": thing_type, "id": str(thing_id), "op": "gone" if body is None else "put", "body": body}


def _body(session: Session, thing_type: str, thing_id: UUID) -> dict[str, Any] | None:
    """The thing as it is now; None when it is no longer this person's to see."""
    try:
        if thing_type == sync.PATROL:
            patrol = patrol_service.one(session, actor(), thing_id, today=today())
            return patrols.as_shown(patrol, sync.photo_states(session, patrol))
        if thing_type == sync.HAZARD:
            hazard = hazard_service.one(session, actor(), thing_id, today=today())
            return hazards.as_shown(hazard, hazards.around(session, hazard, facts=0))
        if thing_type == CAMPAIGN:
            seen = campaign_service.one(session, actor(), thing_id, today=today())
            return campaigns.as_shown(session, seen)
        if thing_type == ORDER:
            return orders.as_shown(session, order_service.one(session, actor(), thing_id))
        if thing_type == CALLOUT:
            return callouts.as_shown(session, thing_id)
        feature = segments.feature(session, actor(), str(thing_id), today=today())
        return shown_segments([feature], house().settings.zone)[0]
    except NotFound:
        return None


def _cursor(session: Session, place: tuple[int, int]) -> str:
    return encode([changes.incarnation(session), list(place), int(now().timestamp())])


def _place(session: Session, cursor: list[Any]) -> tuple[int, int]:
    try:
        incarnation, (transaction, seq), seconds = cursor
        place = int(transaction), int(seq)
        age = now().timestamp() - float(seconds)
    except (ValueError, TypeError):
        raise BadInput.at("/since", "flaw.cursor") from None
    is_foreign = incarnation != changes.incarnation(session) or changes.is_ahead(session, place)
    if is_foreign or age > KEPT.total_seconds():
        raise Gone("cursor")
    return place


def _day_of(cursor: list[Any]) -> date:
    """The business day on which the phone last heard of us."""
    return day_of(datetime.fromtimestamp(min(float(cursor[2]), now().timestamp()), UTC), house().settings.zone)
