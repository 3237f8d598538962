"""Questions about flood events."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.flood_events import FloodEvent
from backend.models.flood_events import FloodEvent as Row

_event = cast(Table, Row.__table__)


def record(session: Session, event: FloodEvent, *, now: datetime) -> None:
    """Write down what happened; the rules for warnings and the risk of what it touches follow by themselves."""
    session.execute(
        insert(_event).values(
            kind=event.source.value,
            what=event.what.value,
            about_id=event.about_id,
            level=event.level,
            regions=list(event.regions),
            rivers=list(event.rivers),
            segments=[str(each) for each in event.segments],
            values=dict(event.values),
            is_exercise=event.is_exercise,
            at=now,
        )
    )


def unruled(session: Session, limit: int) -> list[int]:
    """Those of which the rules for warnings have not been asked, by number, the oldest first."""
    question = select(_event.c.seq).where(_event.c.ruled_at.is_(None)).order_by(_event.c.seq).limit(limit)
    return list(session.scalars(question))


def hold_unruled(session: Session, seq: int) -> AnyRow | None:
    """One of these, kept from everybody else until the transaction ends; None where somebody else has it."""
    question = select(_event).where(_event.c.seq == seq, _event.c.ruled_at.is_(None))
    return session.execute(question.with_for_update(skip_locked=True)).one_or_none()


def is_any_unruled(session: Session) -> bool:
    """Whether the rules are to be asked about one; a look with nothing to do reads one page."""
    return session.execute(select(_event.c.seq).where(_event.c.ruled_at.is_(None)).limit(1)).first() is not None


def unweighed(session: Session, limit: int) -> list[AnyRow]:
    """Those after which risk has not been computed anew, the oldest first; held until the transaction ends."""
    question = select(_event).where(_event.c.weighed_at.is_(None)).order_by(_event.c.seq).limit(limit)
    return list(session.execute(question.with_for_update(skip_locked=True)).all())


def ruled(session: Session, seq: int, *, now: datetime) -> None:
    """The rules have been asked."""
    session.execute(update(_event).where(_event.c.seq == seq).values(ruled_at=now))


def weighed(session: Session, seqs: Collection[int], *, now: datetime) -> None:
    """The risk has been computed."""
    session.execute(update(_event).where(_event.c.seq.in_(seqs)).values(weighed_at=now))
