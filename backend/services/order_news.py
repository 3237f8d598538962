"""What people hear of orders, and by which ladder a late one climbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Scope
from backend.domain.escalation import Ladder
from backend.domain.notices import APP, SMS, Wanted
from backend.domain.orders import LADDER_OF, ORDER, Kind
from backend.services import notices
from backend.services.policies import HAZARDS
from backend.store import changes, orders

EVERYWHERE = Scope(("",))
"""Every addressee, whoever asks: for what the house itself says and does."""


def news(order: Mapping[str, Any], person: UUID, key: str, *, fact: str, **more: Any) -> Wanted:
    """What somebody hears of one; by text, too, for it may be due within hours."""
    values = {"title": order["title"], "due": {"at": order["due_at"].isoformat()}} | more
    values |= {"kind": {"key": f"order.kind.{order['kind']}"}, "todo": {"key": f"order.wanted.{order['wanted']}"}}
    about = (ORDER, order["id"])
    return Wanted(person, f"{fact}:{order['id']}", key, values, channels=(APP, SMS), about=about)


def tell(
    session: Session, order_id: UUID, key: str, fact: str, *, reason: str, now: datetime, parts: Iterable[UUID] = ()
) -> None:
    """Let everybody who got it hear that it was put right or withdrawn, and their phones see how it is now.

    `parts`: milestones of it that have changed with it.
    """
    order = orders.existing(session, order_id)
    assert order is not None
    people = dict.fromkeys(row.person_id for row in orders.rows(session, [order_id], EVERYWHERE))
    for each in (order_id, *parts):
        changes.changed(session, now, people, ORDER, each)
    wanted = [news(dict(order._mapping), person, key, fact=fact, reason=reason) for person in people]
    notices.queue(session, wanted, now=now)


def ladder_of(session: Session, kind: Kind, version: int) -> Ladder:
    """How one that is late climbs: by the ladder of hazards as weighty as it, in the version under which it began."""
    return HAZARDS.of_version(session, version).ladders.ladders[LADDER_OF[kind]]
