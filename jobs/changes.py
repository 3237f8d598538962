"""Changes that no phone may ask for any more go: an older cursor starts afresh."""

from __future__ import annotations

from datetime import datetime

from backend.db import Session
from backend.services import clockwork


def run(session: Session, *, now: datetime) -> int:
    """Delete them; how many rows."""
    return clockwork.forget_changes(session, now=now)
