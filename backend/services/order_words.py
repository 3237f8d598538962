"""Words on orders: whoever got one says that it is read, signed or answered, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor, Scope
from backend.domain.orders import ORDER, Said, WordDraft, check_word, said_at
from backend.errors import Conflict, NotFound
from backend.services import replays
from backend.store import changes, orders


def say(session: Session, actor: Actor, order_id: UUID, draft: WordDraft, *, now: datetime) -> tuple[Any, bool]:
    """Keep what somebody says of an order they got, once: the word, and whether it is new.

    Whoever signs or answers has read it. NotFound for an order that one has not got, Conflict for one that was
    withdrawn and for an id that stands for another.
    """
    known = orders.word_of(session, draft.id)
    if known is not None:
        return _same(known, actor, order_id, draft), False
    check_word(draft)
    orders.hold(session, order_id)
    order = orders.existing(session, order_id)
    mine = orders.rows(session, [order_id], Scope((), actor.whose)) if order is not None else []
    if order is None or not mine:
        raise NotFound()
    if order.withdrawn_at is not None:
        raise Conflict("order_withdrawn")

    if not orders.add_word(session, _word(actor, order_id, draft, now)):
        return _same(orders.word_of(session, draft.id), actor, order_id, draft), False
    at = said_at(draft.at, order.made_at, now)
    for row in mine:
        if values := _facts(row, order.text_at, draft, at):
            orders.say(session, [row.seq], **values)
    body = {"said": draft.said.value} | ({"text": draft.text} if draft.text else {})
    changes.record(session, now, actor.person_id, "say", ORDER, str(order_id), body)
    changes.changed(session, now, {row.person_id for row in mine}, ORDER, order_id)
    return orders.word_of(session, draft.id), True


def _facts(row: Any, text_at: datetime, draft: WordDraft, at: datetime) -> dict[str, Any]:
    """What a word makes true of an addressee: the first date of each stands, the last answer does."""
    found: dict[str, Any] = {}
    if row.read_at is None or row.read_at < text_at <= at:
        found["read_at"] = at
    if draft.said is Said.SIGN and (row.signed_at is None or row.signed_at < text_at <= at):
        found["signed_at"] = at
    if draft.said is Said.ANSWER:
        if row.answered_at is None:
            found["answered_at"] = at
        if row.said_at is None or at >= row.said_at:
            found |= {"answer": draft.text, "said_at": at}
    return found


def _word(actor: Actor, order_id: UUID, draft: WordDraft, now: datetime) -> dict[str, Any]:
    return {
        "id": draft.id,
        "order_id": order_id,
        "person_id": actor.person_id,
        "body_sha256": draft.body_sha256,
        "said": draft.said.value,
        "text": draft.text,
        "report": draft.report,
        "at": draft.at,
        "received_at": now,
    }


def _same(known: Any, actor: Actor, order_id: UUID, draft: WordDraft) -> Any:
    return replays.same(known, actor.person_id, draft.body_sha256, owner="person_id", order_id=order_id)
