"""Spot checks: draws with their frame, what was drawn, what inspectors saw there, and the hazards that they found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Identity, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base, Written


class SpotDraw(Written, Base):
    """A draw (抽查), with everything by which it can be drawn again from the same frame."""

    __tablename__ = "spot_draw"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    drawn_of: Mapped[str] = mapped_column(String(10))
    drawn_by: Mapped[str] = mapped_column(String(10))
    each: Mapped[int]
    from_day: Mapped[date]
    to_day: Mapped[date]
    seed: Mapped[str] = mapped_column(String(100))
    rule: Mapped[str] = mapped_column(String(20))
    frame: Mapped[int]
    frame_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    strata: Mapped[dict[str, Any]]
    done_at: Mapped[datetime | None]
    """Since when those who were inspected see it."""


class SpotTarget(Base):
    """What was drawn, in its place."""

    __tablename__ = "spot_target"

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("spot_draw.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    thing_id: Mapped[UUID]
    stratum: Mapped[str] = mapped_column(String(60))
    region_code: Mapped[str] = mapped_column(String(12))
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"))


class Inspection(Base):
    """What inspectors saw at a place, unannounced; never altered."""

    __tablename__ = "inspection"
    __table_args__ = (
        Index("ix_inspection_target", "draw_id", "place", unique=True),
        Index("ix_inspection_region_at", "region_code", "at"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    draw_id: Mapped[UUID | None] = mapped_column(ForeignKey("spot_draw.id"))
    place: Mapped[int | None]
    region_code: Mapped[str] = mapped_column(String(12))
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
    lon: Mapped[float | None] = mapped_column(Float(53))
    lat: Mapped[float | None] = mapped_column(Float(53))
    report: Mapped[dict[str, Any]]
    """Photos as they were sent, and what the phone says of itself."""


class InspectionFinding(Base):
    """A hazard that came from an inspection (来源：督导检查)."""

    __tablename__ = "inspection_finding"

    hazard_id: Mapped[UUID] = mapped_column(ForeignKey("hazard.id"), primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), index=True)
