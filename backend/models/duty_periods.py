"""Settled duty: what was owed in each period that is over, as the rules and posts of its days had it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base


class DutyDay(Base):
    """A day with which every period that ended is settled."""

    __tablename__ = "duty_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    settled_at: Mapped[datetime]
    periods: Mapped[int]
    """How many ended with it."""


class DutyPeriod(Base):
    """What somebody owed on a river in a period, or in the part of it in which they answered for it."""

    __tablename__ = "duty_period"
    __table_args__ = (
        UniqueConstraint("person_id", "river_code", "post", "begin_day", name="uq_duty_period_duty_begin"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    river_code: Mapped[str] = mapped_column(String(40))
    post: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str] = mapped_column(String(12))
    """Of the post; of whoever acts for one that is vacant, that of the reach."""
    begin_day: Mapped[date]
    until_day: Mapped[date]
    """The first day after it."""
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """The same as moments: walks between them are of this period."""
    needed: Mapped[int]
    basis: Mapped[str] = mapped_column(String(10))
    rule_version: Mapped[int]
    settled_at: Mapped[datetime]


# An assessment asks for what ended in its time.
Index("ix_duty_period_until", DutyPeriod.until_day, DutyPeriod.region_code)
