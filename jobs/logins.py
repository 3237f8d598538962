"""Tries, codes, tokens and sessions that can never matter again go."""

from __future__ import annotations

from datetime import datetime

from backend.db import Session
from backend.services import logins, web_sessions


def run(session: Session, *, now: datetime) -> int:
    """Delete them; how many rows."""
    return logins.tidy(session, now=now) + web_sessions.tidy(session, now=now)
