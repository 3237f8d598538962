"""Tries, codes and tokens that can never matter again go."""

from __future__ import annotations

from datetime import datetime

from backend.db import Session
from backend.services import logins


def run(session: Session, *, now: datetime) -> int:
    """Delete them; how many rows."""
    return logins.tidy(session, now=now)
