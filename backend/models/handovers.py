"""Handovers (河长交接): reaches that went from one chief to the next, and what went with them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class Handover(Base):
    """Somebody takes reaches over (接任) on a day; what was agreed, by whom, and whether the day has come."""

    __tablename__ = "handover"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    giver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    """None where the reaches had no chief of their own."""
    taker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    from_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    settled_at: Mapped[datetime | None]
    """When the hazards that the giver had to mend there went over, too: on the first day."""
    hazards: Mapped[list[Any]] = mapped_column(default=list)
    """The ids of those."""


# Of those whose day has yet to come there are few, and they are asked for every few minutes.
_WAITS = Handover.settled_at.is_(None)
Index("ix_handover_waiting", Handover.from_day, sqlite_where=_WAITS, postgresql_where=_WAITS)


class HandoverSegment(Base):
    """A reach that went over, and the assignment by which the taker answers for it."""

    __tablename__ = "handover_segment"

    handover_id: Mapped[UUID] = mapped_column(ForeignKey("handover.id"), primary_key=True)
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"), primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), unique=True)
