"""Securing: flood hazards that cannot be mended in time need an interim measure (度汛措施) within a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.db import Session
from backend.store import interim

WITHIN = timedelta(hours=24)
"""In the key window or under a response (the policy of the city that asked)."""


def mark(session: Session, *, now: datetime) -> int:
    """Mark those whose time to mend is over and that nothing keeps safe; how many."""
    return interim.mark_unsafe(session, now)
