"""Numbers that citizens left with their reports go 90 days after the end of the case."""

from __future__ import annotations

from datetime import datetime

from backend.db import Session
from backend.services import public_phones


def run(session: Session, *, now: datetime) -> int:
    """Forget some of them; how many. What is left over goes at the next time."""
    return public_phones.forget_phones(session, now=now)
