"""The auditor looks at what fell due within the last hour, every half minute."""

from __future__ import annotations

from datetime import datetime

from backend.db import Session
from backend.services import auditing


def run(session: Session, *, now: datetime) -> int:
    """How many hazards missed a step."""
    return auditing.lately(session, now=now)
