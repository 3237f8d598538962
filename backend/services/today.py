"""Today (今日): what stands open, is late, was walked and is at risk in one's part of the world, and what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from backend.clock import start_of
from backend.db import Session
from backend.domain.access import Actor, Scope, scope_of
from backend.domain.actions import Action
from backend.services import hazards, matters, waiting
from backend.services.matters import Matter
from backend.store import people
from backend.store import today as store
from backend.store.today import HAZARDS, WAITING, WALKS, Asked, Numbers

_NAMED = frozenset({HAZARDS, WALKS, WAITING})


@dataclass(frozen=True, slots=True)
class Today:
    """Numbers of the moment; None for whoever may not see of what they are."""

    hazards: Numbers | None = None
    """Open, late of these, and major or critical of these."""
    walks: tuple[int, int] | None = None
    """Walked since midnight, and counting."""
    risk: dict[str, int] = field(default_factory=dict)
    matters: Sequence[Matter] = ()
    """What waits for an act of one's own, late first; of hazards at most fifty."""
    waiting: Mapping[str, int] = field(default_factory=dict)
    """How many of each type there are in all; hazards are counted up to a thousand."""


def of(session: Session, actor: Actor, *, now: datetime, today: date, zone: ZoneInfo) -> Today:
    """What somebody should know first."""
    seen, walked, risky = (
        scope_of(actor, action).regions for action in (Action.SEE_HAZARDS, Action.SEE_PATROLS, Action.SEE_RISK)
    )
    own = people.segments_of(session, actor.whose, today)
    found = matters.of(session, actor, own, doors_of=actor.whose, now=now, zone=zone)
    told = sum(each.type == "hazard" for each in found)
    world = hazards.scope(session, actor, today, reaches_of=Scope(seen, actor.whose, tuple(own))) if seen else None
    waits = waiting.waits_of(actor, now=now) if told == waiting.MOST else ()
    numbers = store.counts(
        session, Asked(world, walked, risky, waits, now, start_of(today, zone), today, waiting.MOST_COUNTED)
    )
    return Today(
        numbers.get(HAZARDS),
        numbers[WALKS][:2] if walked else None,
        {level: many for level, (many, _, _) in numbers.items() if level not in _NAMED},
        found,
        matters.counted(found, min(waiting.MOST_COUNTED, numbers[WAITING][0]) if waits else told),
    )
