"""The last word on a walk: a review by a superior or the office, or its withdrawal; both settle its siblings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor, may, may_review
from backend.domain.actions import Action
from backend.domain.terms import Outcome, Post
from backend.errors import Conflict, Forbidden, NotFound
from backend.services import access, rules, siblings
from backend.store import changes, patrols
from backend.store import siblings as sibling_store


def held(session: Session, actor: Actor, patrol_id: UUID, *, today: date) -> Any:
    """One patrol in the actor's part of the world, which nobody else alters until the transaction ends."""
    scope = access.scope(session, actor, Action.SEE_PATROLS, today)
    found = patrols.seen(session, patrol_id, scope)
    if found is None:
        raise NotFound()
    siblings.hold(session, found.person_id, sibling_store.walk(session, found.seq).sketch)
    return patrols.seen(session, patrol_id, scope)  # as it is now: whoever held it before may have altered it


def review(session: Session, actor: Actor, patrol: Any, outcome: Outcome, note: str, *, now: datetime) -> None:
    """The superior's or the office's word on a walk; never one's own, nor on one that one has entered oneself."""
    if actor.person_id in (patrol.person_id, patrol.duty_of_id, patrol.entered_by_id):
        raise Forbidden("own_patrol")
    if not may_review(actor, Post(patrol.post), patrol.region_code):
        raise Forbidden("post")

    patrols.change(
        session,
        patrol.seq,
        review_outcome=outcome.value,
        review_note=note,
        reviewed_by_id=actor.person_id,
        reviewed_at=now,
        counts=outcome.counts and patrol.withdrawn_at is None,
    )
    _told(session, patrol, now=now)
    body = {"outcome": outcome.value, "note": note, "before": patrol.review_outcome or patrol.outcome}
    changes.record(session, now, actor.person_id, "review_patrol", "patrol", str(patrol.id), body)


def withdraw(session: Session, actor: Actor, patrol: Any, reason: str, *, now: datetime) -> None:
    """Take a mistaken report back, by its walker or the office; it stays, with the reason, and counts no more."""
    is_own = actor.person_id in (patrol.person_id, patrol.entered_by_id)
    if not is_own and not may(actor, Action.WITHDRAW_PATROL, patrol.region_code):
        raise Forbidden("post")
    if patrol.withdrawn_at is not None:
        raise Conflict("withdrawn")

    patrols.change(
        session,
        patrol.seq,
        withdrawn_at=now,
        withdrawn_by_id=actor.person_id,
        withdrawn_reason=reason,
        counts=False,
    )
    _told(session, patrol, now=now)
    changes.record(session, now, actor.person_id, "withdraw_patrol", "patrol", str(patrol.id), {"reason": reason})


def _told(session: Session, patrol: Any, *, now: datetime) -> None:
    """Its siblings are judged anew by what it is now, and its walker hears of it."""
    walk = sibling_store.walk(session, patrol.seq)
    siblings.settle_again(session, walk, rules.patrol_rule_at(session, walk.walked_at), now=now)
    changes.changed(session, now, [patrol.person_id], "patrol", patrol.id)
