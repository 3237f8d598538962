"""What must be true of a database whatever happened to the processes around it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, text

from backend.db import Database, Session
from backend.models.patrols import Patrol
from backend.models.photos import PhotoUse


def check(database: Database, receipts: dict[UUID, int]) -> int:
    """Every walk with a receipt is there under its number, none is there twice or half; how many there are.

    Phones may be handing in meanwhile: `receipts` are older than the look.
    """
    with database.reading() as session:
        told_before = _told(session)
        rows = session.execute(select(Patrol.id, Patrol.seq, Patrol.report)).all()
        told_after = _told(session)
        if database.dialect == "sqlite":
            assert session.scalars(text("PRAGMA integrity_check")).all() == ["ok"]
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    kept = {row.id: row.seq for row in rows}
    lost = {walk: seq for walk, seq in receipts.items() if kept.get(walk) != seq}
    assert not lost, f"{len(lost)} of {len(receipts)} walks with a receipt are lost: {list(lost.items())[:5]}"
    assert len(rows) == len(kept), "a walk is there twice"
    # A walk and that it names photos are told in one transaction.
    naming = {row.id for row in rows if row.report.get("photos")}
    half = (naming - told_after) | (told_before - naming)
    assert not half, f"walks without what was to be told with them: {list(half)[:5]}"
    return len(kept)


def count(session: Session) -> int:
    """Walks in the database."""
    return session.scalar(select(func.count()).select_from(Patrol)) or 0


def _told(session: Session) -> set[UUID]:
    return set(session.scalars(select(PhotoUse.thing_id)))
