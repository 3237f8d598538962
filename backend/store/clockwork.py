"""Questions about whose turn it is, and rows that have had their time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from backend.db import insert_for, touched
from backend.models.changes import Change
from backend.models.clockwork import JobSlot, Pulse

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_MISTAKEN = timedelta(days=1)
"""A slot that lies so far ahead was written under a clock that was wrong, and holds up nothing."""


def take_slot(session: Session, job: str, slot: datetime) -> bool:
    """Take a job's slot; False when it, or a later one, is taken. Decided by the row, in the job's own transaction."""
    upsert = insert_for(session)(JobSlot).values(job=job, slot=slot)
    upsert = upsert.on_conflict_do_update(
        index_elements=[JobSlot.job], set_={"slot": slot}, where=_is_due(slot)
    ).returning(JobSlot.job)
    return session.execute(upsert).first() is not None


def claim_slot(session: Session, job: str, slot: datetime, lease: timedelta) -> bool:
    """Hold a job's slot for a while; False when it is done, or held by somebody who may live yet."""
    now = real_now(session)
    # Held longer than anybody holds a turn: the clock was set back meanwhile.
    is_free = or_(JobSlot.lease_until.is_(None), JobSlot.lease_until <= now, JobSlot.lease_until > now + lease)
    upsert = insert_for(session)(JobSlot).values(job=job, slot=NEVER, lease_until=now + lease)
    upsert = upsert.on_conflict_do_update(
        index_elements=[JobSlot.job], set_={"lease_until": now + lease}, where=_is_due(slot) & is_free
    ).returning(JobSlot.job)
    return session.execute(upsert).first() is not None


def hold_slot(session: Session, job: str, lease: timedelta) -> None:
    """Go on holding a claimed slot."""
    held = update(JobSlot).where(JobSlot.job == job)
    session.execute(held.values(lease_until=real_now(session) + lease))


def finish_slot(session: Session, job: str, slot: datetime) -> None:
    """A claimed slot is done."""
    session.execute(update(JobSlot).where(JobSlot.job == job).values(slot=slot, lease_until=None))


def last_slot(session: Session, job: str) -> datetime | None:
    """The last slot of a job that was done."""
    return session.scalars(select(JobSlot.slot).where(JobSlot.job == job)).one_or_none()


def slots(session: Session) -> dict[str, datetime]:
    """The last slot of every job that has ever had its turn."""
    return {row.job: row.slot for row in session.execute(select(JobSlot.job, JobSlot.slot).order_by(JobSlot.job))}


def beat(session: Session, part: str) -> None:
    """A sign of life."""
    row = {"part": part, "at": real_now(session)}
    upsert = insert_for(session)(Pulse).values(row)
    session.execute(upsert.on_conflict_do_update(index_elements=[Pulse.part], set_=row))


def leave(session: Session, part: str) -> None:
    """It ends by itself, and is not missed."""
    session.execute(delete(Pulse).where(Pulse.part == part))


def pulses(session: Session) -> dict[str, float]:
    """How many seconds ago each part gave its last sign of life."""
    now = real_now(session)
    return {row.part: (now - row.at).total_seconds() for row in session.execute(select(Pulse.part, Pulse.at))}


def forget_changes(session: Session, before: datetime) -> int:
    """Delete changes that no phone may ask for any more; how many."""
    return touched(session.execute(delete(Change).where(Change.at < before)))


def _is_due(slot: datetime) -> ColumnElement[bool]:
    return or_(JobSlot.slot < slot, JobSlot.slot > slot + _MISTAKEN)


def real_now(session: Session) -> datetime:
    """By the one clock that every runner shares."""
    if session.get_bind().dialect.name == "postgresql":
        return session.scalars(select(func.clock_timestamp())).one()
    return datetime.fromisoformat(session.scalars(text("SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')")).one())
