"""Soft claims (正在办): who is handling a hazard right now; it hinders nobody and ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor
from backend.errors import Conflict
from backend.store import claims

LASTS = timedelta(minutes=10)
"""Long enough for one act with a telephone call; whoever is still at it says so again (our judgement)."""


def of_hazard(session: Session, hazard_id: UUID, *, now: datetime) -> Any:
    """Who is at it, or None."""
    return claims.of_hazard(session, hazard_id, now)


def take(session: Session, actor: Actor, hazard_id: UUID, *, now: datetime) -> Any:
    """Say that one is at it, or still is; Conflict when somebody else is."""
    if not claims.take(session, hazard_id, actor.person_id, now=now, until_at=now + LASTS):
        held = claims.of_hazard(session, hazard_id, now)
        raise Conflict("claimed", name=held.name if held else "")
    return claims.of_hazard(session, hazard_id, now)


def let_go(session: Session, actor: Actor, hazard_id: UUID) -> None:
    """One is not at it any more; let go again, nothing changes."""
    claims.let_go(session, hazard_id, actor.person_id)
