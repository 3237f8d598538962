"""Work points of a year (年度工作要点): an order with milestones, each an order of its own to the same people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from backend.errors import Flaw
from backend.words import Text

if TYPE_CHECKING:
    from backend.domain.orders import OrderDraft, Wanted

MOST = 24
"""Milestones of one order: two a month (our judgement)."""
AHEAD = timedelta(days=30)
"""A milestone stands among what one has to do from so long before it is due (our judgement)."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that everybody who got the work points answers for by a day."""

    title: str
    due_at: datetime


def flaws(draft: OrderDraft, now: datetime, *, may_have: bool) -> Iterator[Flaw]:
    """What is wrong with the milestones of an order; `may_have`: whether it is of a kind that has any."""
    if draft.milestones and not may_have:
        yield Flaw("/milestones", Text("flaw.order_milestones"))
    for index, each in enumerate(draft.milestones):
        if not now < each.due_at <= draft.due_at:
            yield Flaw(f"/milestones/{index}/due_at", Text("flaw.order_milestone_due"))


def id_of(order_id: UUID, index: int) -> UUID:
    """The id of a milestone, the same however often its order is sent."""
    return uuid5(order_id, str(index))


def orders_of(draft: OrderDraft, wanted: Wanted) -> Iterator[OrderDraft]:
    """The milestones as orders of which that is expected."""
    for index, each in enumerate(draft.milestones):
        mine = replace(draft, id=id_of(draft.id, index), title=each.title, due_at=each.due_at, wanted=wanted)
        yield replace(mine, text="", photos=(), milestones=())
