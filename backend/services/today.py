"""Today (今日): what stands open, is late, was walked and is at risk in one's part of the world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from backend.clock import start_of
from backend.db import Session
from backend.domain.access import Actor, scope_of
from backend.domain.actions import Action
from backend.services import hazards, waiting
from backend.services.waiting import Waiting
from backend.store import today as store


@dataclass(frozen=True, slots=True)
class Today:
    """Numbers of the moment; None for whoever may not see of what they are."""

    hazards: tuple[int, int, int] | None = None
    """Open, late of these, and major or critical of these."""
    walks: tuple[int, int] | None = None
    """Handed in since midnight, and counting."""
    risk: dict[str, int] = field(default_factory=dict)
    tasks: Sequence[Waiting] = ()
    """What waits for an act of one's own, the soonest due first; at most fifty."""
    waiting: int = 0
    """How many of these there are in all, counted up to a thousand."""


def of(session: Session, actor: Actor, *, now: datetime, today: date, zone: ZoneInfo) -> Today:
    """What somebody should know first."""
    seen, walked, risky = (
        scope_of(actor, action).regions for action in (Action.SEE_HAZARDS, Action.SEE_PATROLS, Action.SEE_RISK)
    )
    tasks = waiting.of(session, actor, now=now)
    return Today(
        store.hazards(session, hazards.scope(session, actor, today), now) if seen else None,
        store.walks(session, walked, start_of(today, zone)) if walked else None,
        store.risk(session, risky, today) if risky else {},
        tasks,
        waiting.counted(session, actor, tasks, now=now),
    )
