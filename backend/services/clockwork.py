"""Whose turn it is among any number of job runners, and rows that have had their time."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.db import Session
from backend.store import clockwork

CHANGES_KEPT = timedelta(days=91)
"""A day longer than the cursor of a phone lives."""
LEASE = timedelta(minutes=5)
"""How long a turn is held without a sign of life; a piece of work takes seconds (our judgement)."""


def take_turn(session: Session, job: str, slot: datetime) -> bool:
    """Whether this runner has the turn for a job's slot; of any number of runners one has."""
    return clockwork.take_slot(session, job, slot)


def claim_turn(session: Session, job: str, slot: datetime, lease: timedelta = LEASE) -> bool:
    """The same for a job of many transactions: held until it is done, or until its runner gives no sign of life."""
    return clockwork.claim_slot(session, job, slot, lease)


def hold_turn(session: Session, job: str, lease: timedelta = LEASE) -> None:
    """A sign of life."""
    clockwork.hold_slot(session, job, lease)


def finish_turn(session: Session, job: str, slot: datetime) -> None:
    """The claimed slot is done."""
    clockwork.finish_slot(session, job, slot)


def forget_changes(session: Session, *, now: datetime) -> int:
    """Delete changes that no phone may ask for any more; how many."""
    return clockwork.forget_changes(session, now - CHANGES_KEPT)
