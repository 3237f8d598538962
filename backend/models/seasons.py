"""Seasons (汛期、七下八上): each change of a region's year, and what was last made known in a region."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class FloodSeason(Base):
    """One version of the year of a region, never altered; the newest of the nearest region upward holds."""

    __tablename__ = "flood_season"
    __table_args__ = (UniqueConstraint("region_code", "year", "version", name="uq_flood_season_version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    year: Mapped[int]
    version: Mapped[int]
    since_day: Mapped[date]
    """The business day on which it was made: days before it are as they were."""
    begin_day: Mapped[date]
    end_day: Mapped[date]
    """The last day, as that of the window."""
    window_begin: Mapped[date]
    window_end: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    document: Mapped[str | None] = mapped_column(String(120))
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)


class FloodPhase(Base):
    """Where the year stood in a region when it was last made known: what differs from today's is an event yet to be."""

    __tablename__ = "flood_phase"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    phase: Mapped[str] = mapped_column(String(10))
    last_day: Mapped[date | None]
    """Until when it lasts, as it was made known; None outside the season."""
    at: Mapped[datetime]
