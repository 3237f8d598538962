"""Setting aside: what is due first and cannot be done waits, so that it holds up no other."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from backend.db import Session
from backend.store import asides
from backend.store.asides import Work

__all__ = ["Work", "set_first"]


def set_first(session: Session, work: Work, *, now: datetime) -> UUID | None:
    """Let the first that is due wait an hour, of call-outs five minutes (our judgement); which, if there is any."""
    return asides.set_first_aside(session, work, now)
