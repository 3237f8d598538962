"""Questions about whose turn it is, and rows that have had their time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.db import insert_for, touched
from backend.models.changes import Change
from backend.models.clockwork import JobSlot


def take_slot(session: Session, job: str, slot: datetime) -> bool:
    """Take a job's slot; False when it, or a later one, is taken. Decided by the row, in the job's own transaction."""
    upsert = insert_for(session)(JobSlot).values(job=job, slot=slot)
    upsert = upsert.on_conflict_do_update(
        index_elements=[JobSlot.job], set_={"slot": slot}, where=JobSlot.slot < slot
    ).returning(JobSlot.job)
    return session.execute(upsert).first() is not None


def forget_changes(session: Session, before: datetime) -> int:
    """Delete changes that no phone may ask for any more; how many."""
    return touched(session.execute(delete(Change).where(Change.at < before)))
