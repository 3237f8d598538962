"""Training: sessions, whom each asks to come, and who was there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Identity, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base, Written


class Training(Written, Base):
    """A session (培训) as it stands after its changes."""

    __tablename__ = "training"

    version: Mapped[int] = mapped_column(default=1)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    """Of the office that holds it."""
    title: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120))
    teacher: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    links: Mapped[list[Any]]
    lon: Mapped[float | None] = mapped_column(Float(53))
    lat: Mapped[float | None] = mapped_column(Float(53))
    """WGS 84; nobody asks what lies around a hall, so it is no shape."""
    begins_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    hours: Mapped[float] = mapped_column(Float(53))
    quiz: Mapped[dict[str, Any] | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)


class TrainingInvitation(Base):
    """Everybody in a post in a region is asked to come, whoever holds it on the day of the session."""

    __tablename__ = "training_invitation"

    training_id: Mapped[UUID] = mapped_column(ForeignKey("training.id"), primary_key=True)
    post: Mapped[str] = mapped_column(String(20), primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)


class TrainingAttendance(Base):
    """Somebody was there: by a scan or by the clerk's tick, with what their phone and their quiz said."""

    __tablename__ = "training_attendance"
    __table_args__ = (
        UniqueConstraint("training_id", "person_id", name="uq_training_attendance_person"),
        Index("ix_training_attendance_person", "person_id", "begins_at"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    training_id: Mapped[UUID] = mapped_column(ForeignKey("training.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    how: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    noted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """The clerk; None: the person's own scan."""
    distance_m: Mapped[float | None] = mapped_column(Float(53))
    is_doubtful: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[list[Any] | None]
    right: Mapped[int | None]
    """Questions answered right, the best of their tries."""
    hours: Mapped[float] = mapped_column(Float(53), default=0.0)
    """Credited."""
    begins_at: Mapped[datetime]
    """Of the session: what a year credits is asked of one table."""
