"""Orders: given once, by which everybody who gets one is fixed, and seen by them and by those above them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain import work_points
from backend.domain.access import Actor, Scope, Seat, scope_of
from backend.domain.actions import Action
from backend.domain.escalation import next_look
from backend.domain.order_boards import Placed, placed
from backend.domain.orders import LADDER_OF, ORDER, Addressee, Kind, OrderDraft, Wanted, check, giver
from backend.errors import BadInput, Conflict, NotFound
from backend.services import addressees, flood_days, notices, order_news, reaches, replays
from backend.services.addressees import Reached
from backend.services.policies import HAZARDS
from backend.store import changes
from backend.store import orders as store
from backend.store import regions as region_store
from backend.store.reaches import Named


@dataclass(frozen=True, slots=True)
class Seen:
    """An order as one person sees it."""

    order: Any
    parts: tuple[str, ...]
    """The regions whose addressees may be shown."""
    milestones: list[Any]
    mine: list[Any]
    """What the person got, for themselves or for those they stand in for."""
    corrections: list[Any]


def make(session: Session, actor: Actor, draft: OrderDraft, *, now: datetime, zone: ZoneInfo) -> tuple[UUID, bool]:
    """Give an order once; whether it is new. Everybody who gets it is fixed by that, and hears of it.

    NotFound for places and people that are not below the actor, BadInput for what cannot be meant, Conflict for an
    id that stands for another.
    """
    known = store.existing(session, draft.id)
    if known is not None:
        replays.same(known, actor.person_id, draft.body_sha256)
        return draft.id, False
    seat, segment, reached = _asked(session, actor, draft, now=now, zone=zone)
    values = _row(session, actor, seat, draft, reached, segment, now)
    if not store.add(session, values, [_addressee(each) for each in reached.people]):
        replays.same(store.existing(session, draft.id), actor.person_id, draft.body_sha256)
        return draft.id, False
    milestones = list(work_points.orders_of(draft, Wanted.ANSWER))
    for each in milestones:
        milestone = _row(session, actor, seat, each, reached, segment, now) | {"part_of_id": draft.id}
        if not store.add(session, milestone, [_addressee(who) for who in reached.people]):
            raise Conflict()
    said: dict[str, Any] = {"title": draft.title, "kind": draft.kind.value, "due_at": draft.due_at.isoformat()}
    said |= {"people": len(reached.people), "to": draft.to.written()}
    changes.record(session, now, actor.person_id, "make", ORDER, str(draft.id), said)
    told = dict.fromkeys(each.person_id or each.holder_id for each in reached.people)
    for order_id in (draft.id, *(each.id for each in milestones)):
        changes.changed(session, now, told, ORDER, order_id)
    notices.queue(session, [order_news.news(values, person, "order", fact="order") for person in told], now=now)
    return draft.id, True


def preview(session: Session, actor: Actor, draft: OrderDraft, *, now: datetime, zone: ZoneInfo) -> Reached:
    """Whom an order would reach; nothing is written. Refused like `make`."""
    return _asked(session, actor, draft, now=now, zone=zone)[2]


def sight(actor: Actor) -> Scope:
    """Where one sees orders and their boards, and what one got oneself."""
    return Scope(scope_of(actor, Action.SEE_ORDERS).regions, actor.whose)


def one(session: Session, actor: Actor, order_id: UUID) -> Seen:
    """An order that the actor got, or that touches their part of the world; else NotFound."""
    order, scope = store.existing(session, order_id), sight(actor)
    if order is None or not store.is_seen(session, order_id, scope):
        raise NotFound()
    mine = store.rows(session, [order_id], Scope((), actor.whose))
    return Seen(order, scope.regions, store.parts_of(session, order_id), mine, store.corrections(session, order_id))


def held(session: Session, actor: Actor, order_id: UUID) -> Seen:
    """The same, and nobody else alters it until the transaction ends."""
    store.hold(session, order_id)
    return one(session, actor, order_id)


def listed(
    session: Session,
    actor: Actor,
    *,
    kind: Kind | None,
    mine: bool,
    only: Collection[UUID] | None = None,
    limit: int,
    after: int | None,
) -> list[Any]:
    """Orders that one sees, newest first; `mine`: those that one got; `only`: of these, and their milestones."""
    return store.listed(session, sight(actor), kind=kind, mine=mine, only=only, limit=limit, after=after)


def undone(session: Session, actor: Actor, *, now: datetime) -> list[Placed]:
    """What one got and has not done, the soonest due first."""
    got = store.waiting_for(session, actor.whose, until=now + work_points.AHEAD)
    return [each for each in placed(got, now) if each.standing.done_at is None]


def _asked(
    session: Session, actor: Actor, draft: OrderDraft, *, now: datetime, zone: ZoneInfo
) -> tuple[Seat, Named | None, Reached]:
    segment = reaches.found(session, draft.segment) if draft.segment is not None else None
    where = (*draft.to.regions, *([segment.region_code] if segment else []))
    seat = giver(actor, where) or giver(actor, draft.to.regions)
    if draft.segment is not None and (segment is None or seat is None or giver(actor, where) is None):
        raise NotFound.at("/segment", "flaw.segment")
    if seat is not None:
        check(draft, seat, now)
    seat = addressees.check_places(session, seat, draft)
    segment_id = segment.id if segment else None
    reached = addressees.reached(session, actor, seat, draft, segment_id, day_of(now, zone))
    if draft.wanted is Wanted.PATROL and not draft.is_safe:
        _check_safe(session, seat, reached, now, zone)
    return seat, segment, reached


def _check_safe(session: Session, seat: Seat, reached: Reached, now: datetime, zone: ZoneInfo) -> None:
    """BadInput where a response keeps people off the water, and whoever orders a walk does not say that it is safe."""
    rule = flood_days.duty_rule_at(session, now)
    days = flood_days.known(session, rule, day_of(now, zone), zone, seat.region)
    off = [code for code in {each.region for each in reached.people} if days.ground([(code, None)]).at(now).keeps_off]
    if off:
        names = region_store.names(session, off)
        raise BadInput.at(
            "/is_safe_to_patrol",
            "flaw.order_unsafe",
            places="、".join(names.get(code, code) for code in sorted(off)[:5]),
        )


def _row(
    session: Session,
    actor: Actor,
    seat: Seat,
    draft: OrderDraft,
    reached: Reached,
    segment: Named | None,
    now: datetime,
) -> dict[str, Any]:
    policy = HAZARDS.at(session, now)
    ladder = policy.ladders.ladders[LADDER_OF[draft.kind]]
    return {
        "id": draft.id,
        "part_of_id": None,
        "version": 1,
        "made_by_id": actor.person_id,
        "made_at": now,
        "body_sha256": draft.body_sha256,
        "post": seat.post.value,
        "region_code": seat.region,
        "kind": draft.kind.value,
        "wanted": draft.wanted.value,
        "title": draft.title,
        "document": draft.document,
        "text": draft.text,
        "asked": draft.to.written(),
        "segment_id": segment.id if segment else None,
        "is_safe": draft.is_safe,
        "due_at": draft.due_at,
        "text_at": now,
        "people": len(reached.people),
        "vacant": len(reached.vacant),
        "policy_version": policy.version,
        "chased_from": now,
        "rung": 0,
        "next_step_at": next_look(ladder, 0, now, draft.due_at),
    }


def _addressee(each: Addressee) -> dict[str, Any]:
    return {
        "holder_id": each.holder_id,
        "person_id": each.person_id or each.holder_id,
        "post": each.post.value,
        "region_code": each.region,
        "segment_id": each.segment_id,
    }
