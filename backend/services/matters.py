"""Matters (待办): all that waits for somebody, late first: hazards, orders, letters of the law, campaigns, doors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import end_of
from backend.db import Session
from backend.domain.access import Actor, Scope, scope_of, with_cases
from backend.domain.actions import Action
from backend.domain.hazards import pressing
from backend.services import orders, waiting
from backend.store import campaigns
from backend.store import matters as store


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that waits for an act of somebody's own."""

    type: str
    """hazard, order, suggestion, clue, campaign or door."""
    row: Any
    what: str
    """What is to be done with it, where that is not the same for all of its type."""
    due_at: datetime | None
    severity: str | None = None


def of(
    session: Session,
    actor: Actor,
    segments: Sequence[UUID],
    *,
    doors_of: tuple[UUID, ...] = (),
    now: datetime,
    zone: ZoneInfo,
) -> list[Matter]:
    """What waits for the actor, who answers for these segments: what is late first, then by severity, then by time.

    Of hazards at most fifty. `doors_of`: with the doors at which these people are to knock.
    """
    found = [
        Matter("hazard", each.row, each.what, each.row.due_at, each.row.severity)
        for each in waiting.of(session, actor, now=now)
    ]
    found += [
        Matter("order", each.row, each.row.wanted, each.row.due_at) for each in orders.undone(session, actor, now=now)
    ]
    asked = campaigns.tasks(session, segments) if segments else []
    found += [Matter("campaign", row, "", row.deadline) for row in asked]
    found += [
        Matter(row.type, row, "", row.due_at if row.due_on is None else end_of(row.due_on, zone))
        for row in store.listed(session, owing(actor, doors_of))
    ]
    return sorted(found, key=lambda each: pressing(each.due_at, each.severity, now))


def owing(actor: Actor, doors_of: tuple[UUID, ...] = ()) -> Scope:
    """Whose answer to clues and suggestions is the actor's to give: the offices' of a part of the world, the law's."""
    return with_cases(Scope(scope_of(actor, Action.COOPERATE).regions, doors_of), actor)


def counted(found: Sequence[Matter], hazards: int) -> Mapping[str, int]:
    """How many of each type, of hazards as many as there are in all."""
    return Counter(each.type for each in found) | Counter(hazard=hazards)
