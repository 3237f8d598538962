"""Alarms: what somebody of the house must look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base


class Alarm(Base):
    """One thing that is wrong, however often it was noticed, until it is over."""

    __tablename__ = "alarm"
    __table_args__ = ({"sqlite_autoincrement": True},)

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(120))
    """What it is about: with the kind, the same thing noticed again is the same alarm."""
    region_code: Mapped[str] = mapped_column(String(12), default="")
    """Whose business it is; empty for the house itself."""
    values: Mapped[dict[str, Any]]
    """For the places of its sentence."""
    sounded_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
    told_at: Mapped[datetime | None]
    """When notices of it were queued; None: nobody has been told yet."""
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


# One open alarm a thing; what is over does not keep it from sounding again.
Index(
    "uq_alarm_kind_about_open",
    Alarm.kind,
    Alarm.about,
    unique=True,
    sqlite_where=Alarm.ended_at.is_(None),
    postgresql_where=Alarm.ended_at.is_(None),
)
Index(
    "ix_alarm_untold",
    Alarm.seq,
    sqlite_where=Alarm.told_at.is_(None),
    postgresql_where=Alarm.told_at.is_(None),
)
