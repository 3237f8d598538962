"""Whose turn it is among any number of job runners, and rows that have had their time."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.db import Session
from backend.store import clockwork

CHANGES_KEPT = timedelta(days=91)
"""A day longer than the cursor of a phone lives."""


def take_turn(session: Session, job: str, slot: datetime) -> bool:
    """Whether this runner has the turn for a job's slot; of any number of runners one has."""
    return clockwork.take_slot(session, job, slot)


def forget_changes(session: Session, *, now: datetime) -> int:
    """Delete changes that no phone may ask for any more; how many."""
    return clockwork.forget_changes(session, now - CHANGES_KEPT)
