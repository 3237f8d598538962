"""Look-backs: the candidates in order, which of them were drawn, and what was seen there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Identity, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base


class Lookback(Base):
    """A draw among closed hazards (回头看), with everything by which it can be drawn again."""

    __tablename__ = "lookback"
    __table_args__ = {"sqlite_autoincrement": True}

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None: at the command line of the server."""
    made_at: Mapped[datetime]
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    from_day: Mapped[date]
    to_day: Mapped[date]
    share: Mapped[float] = mapped_column(Float(53))
    seed: Mapped[str] = mapped_column(String(100))
    rule: Mapped[str] = mapped_column(String(20))
    candidates: Mapped[int]
    candidates_sha256: Mapped[bytes] = mapped_column(LargeBinary)


class LookbackHazard(Base):
    """A candidate in its place, as it was that day: a rebound changes the hazard, never the list it was drawn from."""

    __tablename__ = "lookback_hazard"
    __table_args__ = (Index("ix_lookback_hazard_hazard", "lookback_id", "hazard_id", unique=True),)

    lookback_id: Mapped[UUID] = mapped_column(ForeignKey("lookback.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    hazard_id: Mapped[UUID] = mapped_column(ForeignKey("hazard.id"), index=True)
    region_code: Mapped[str] = mapped_column(String(12))
    severity: Mapped[str] = mapped_column(String(10))
    closed_at: Mapped[datetime]
    why: Mapped[str | None] = mapped_column(String(10))
    """None: not drawn."""
    check_id: Mapped[UUID | None] = mapped_column(ForeignKey("lookback_check.id"))


class LookbackCheck(Base):
    """What somebody saw at the place."""

    __tablename__ = "lookback_check"
    __table_args__ = {"sqlite_autoincrement": True}

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    lookback_id: Mapped[UUID] = mapped_column(ForeignKey("lookback.id"))
    hazard_id: Mapped[UUID] = mapped_column(ForeignKey("hazard.id"))
    region_code: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    outcome: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text)
    report: Mapped[dict[str, Any]]
    """Photos as they were sent, and what the phone says of itself."""
    at: Mapped[datetime]
