"""Changes of orders that are out: put right or withdrawn, on record, by whoever could have given them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.db import Session
from backend.domain.access import Actor, may
from backend.domain.actions import Action
from backend.domain.escalation import next_look
from backend.domain.orders import ORDER, CorrectionDraft, Kind, due_flaws
from backend.errors import BadInput, Conflict, Flaw, Forbidden
from backend.services import order_news, replays
from backend.store import changes, orders
from backend.words import Text


def withdraw(session: Session, actor: Actor, order: Any, reason: str, *, now: datetime) -> None:
    """Take it back with its milestones, with a reason: nobody owes anything any more, and what was done stays."""
    _check(actor, order)
    taken = {"withdrawn_at": now, "withdrawn_by_id": actor.person_id, "withdrawn_reason": reason}
    parts = [each.id for each in orders.parts_of(session, order.id) if each.withdrawn_at is None]
    for order_id in (order.id, *parts):
        orders.change(session, order_id, **taken, next_step_at=None)
    changes.record(session, now, actor.person_id, "withdraw", ORDER, str(order.id), {"reason": reason})
    order_news.tell(session, order.id, "order_withdrawn", "order_withdrawn", reason=reason, now=now, parts=parts)


def correct(session: Session, actor: Actor, order: Any, draft: CorrectionDraft, *, now: datetime) -> None:
    """Put it right: what was read and signed of another text is not of the new one.

    BadInput where nothing changes or the new time is over, Conflict for one that was withdrawn.
    """
    _check(actor, order)
    changed = {name: value for name, value in draft.changed.items() if getattr(order, name) != value}
    if "due_at" in changed:
        _check_due(session, order, changed["due_at"], now)
    if not changed:
        raise BadInput.at("", "flaw.order_unchanged")

    before = {name: _written(getattr(order, name)) for name in changed}
    after = {name: _written(value) for name, value in changed.items()}
    orders.add_correction(
        session,
        {"id": draft.id, "order_id": order.id, "made_by_id": actor.person_id, "at": now}
        | {"body_sha256": draft.body_sha256, "reason": draft.reason, "before": before, "after": after},
    )
    if "due_at" in changed:
        ladder = order_news.ladder_of(session, Kind(order.kind), order.policy_version)
        changed |= {"chased_from": now, "rung": 0, "next_step_at": next_look(ladder, 0, now, changed["due_at"])}
    if before.keys() - {"due_at"}:
        changed |= {"text_at": now}
    orders.change(session, order.id, **changed)
    body = {"reason": draft.reason, "before": before, "after": after}
    changes.record(session, now, actor.person_id, "correct", ORDER, str(order.id), body)
    order_news.tell(session, order.id, "order_corrected", f"order:{draft.id}", reason=draft.reason, now=now)


def is_known(session: Session, actor: Actor, order: Any, draft: CorrectionDraft) -> bool:
    """Whether this very correction was made before; Conflict for an id that stands for another."""
    known = orders.correction_of(session, draft.id)
    if known is None:
        return False
    replays.same(known, actor.person_id, draft.body_sha256, order_id=order.id)
    return True


def _check(actor: Actor, order: Any) -> None:
    if order.made_by_id not in actor.whose and not may(actor, Action.MAKE_ORDER, order.region_code):
        raise Forbidden("post")
    if order.withdrawn_at is not None:
        raise Conflict("order_withdrawn")


def _check_due(session: Session, order: Any, due_at: datetime, now: datetime) -> None:
    """A milestone is due before its work points are, whichever of the two is put right."""
    flaws = due_flaws(due_at, now)
    whole = orders.existing(session, order.part_of_id) if order.part_of_id else None
    if whole is not None and due_at > whole.due_at:
        flaws.append(Flaw("/due_at", Text("flaw.order_milestone_due")))
    parts = [each for each in orders.parts_of(session, order.id) if each.withdrawn_at is None]
    if any(each.due_at > due_at for each in parts):
        flaws.append(Flaw("/due_at", Text("flaw.order_milestones_later")))
    if flaws:
        raise BadInput(*flaws)


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
