"""Splits (河段拆分): a reach that became two, where it was cut, and which two these are."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class Split(Base):
    """A reach ends on a day, and two begin where it lay; its walks and closed hazards stay with it."""

    __tablename__ = "split"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"), unique=True)
    """The reach that was cut."""
    at_m: Mapped[float]
    """Where: metres along it."""
    from_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    settled_at: Mapped[datetime | None]
    """When what lies on it went over to the two: on their first day."""


_WAITS = Split.settled_at.is_(None)
Index("ix_split_waiting", Split.from_day, sqlite_where=_WAITS, postgresql_where=_WAITS)


class SplitPart(Base):
    """One of the two reaches, counted from the upper end."""

    __tablename__ = "split_part"

    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"), primary_key=True)
    split_id: Mapped[UUID] = mapped_column(ForeignKey("split.id"), index=True)
    number: Mapped[int]
