"""Silences (静默): for a while nothing about a region goes out but what presses, on a named person's word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor, may, scope_of
from backend.domain.actions import Action
from backend.errors import BadInput, NotFound
from backend.services import replays
from backend.store import callouts, changes, regions, silences

SILENCE = "silence"
LONGEST = timedelta(days=7)
"""A silence that nobody ends must end by itself (our judgement)."""


@dataclass(frozen=True, slots=True)
class SilenceDraft:
    """What somebody wants not to hear, and why."""

    id: UUID
    body_sha256: bytes
    region: str
    from_at: datetime | None
    until_at: datetime
    reason: str


def keep(session: Session, actor: Actor, draft: SilenceDraft, *, now: datetime) -> tuple[Any, bool]:
    """Keep it once: the silence, and whether it is new. NotFound for a region that is not the actor's, BadInput for
    times that cannot be meant, Conflict for an id that stands for another.

    Red and orange warnings, the all-clear and corrections pass every silence.
    """
    known = silences.existing(session, draft.id)
    if known is not None:
        return replays.same(known, actor.person_id, draft.body_sha256), False
    begins = max(draft.from_at or now, now)
    if not begins < draft.until_at <= begins + LONGEST:
        raise BadInput.at("/until", "flaw.silence", days=LONGEST.days)
    if draft.region not in regions.names(session, [draft.region]) or not may(actor, Action.MAKE_WARNING, draft.region):
        raise NotFound.at("/region", "flaw.region_here")
    values = {
        "id": draft.id,
        "region_code": draft.region,
        "from_at": begins,
        "until_at": draft.until_at,
        "reason": draft.reason,
        "made_by_id": actor.person_id,
        "made_at": now,
        "body_sha256": draft.body_sha256,
    }
    if not silences.add(session, values):
        return replays.same(silences.existing(session, draft.id), actor.person_id, draft.body_sha256), False
    said = {"region": draft.region, "until": draft.until_at.isoformat(), "reason": draft.reason}
    changes.record(session, now, actor.person_id, "make", SILENCE, str(draft.id), said)
    return silences.existing(session, draft.id), True


def end(session: Session, actor: Actor, silence_id: UUID, *, now: datetime) -> None:
    """End it early, on record, and call those who waited; ended again, nothing changes.

    NotFound for one that is not the actor's to end.
    """
    known = silences.existing(session, silence_id)
    if known is None or not may(actor, Action.MAKE_WARNING, known.region_code):
        raise NotFound()
    silences.end(session, silence_id, now)
    if known.ended_at is None and known.until_at > now:
        callouts.wake_hushed(session, known.region_code, known.until_at, now)
    changes.record(session, now, actor.person_id, "end", SILENCE, str(silence_id), {})


def listed(session: Session, actor: Actor, *, now: datetime) -> list[Any]:
    """Silences of the actor's part of the world that are not over."""
    return silences.listed(session, scope_of(actor, Action.SEE_WARNINGS), now)
