"""The risk of reaches (河段风险): as it is, every change of it, how the water flows, and what was looked at so far."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base


class SegmentRisk(Base):
    """The risk of a reach as it is; written only when it becomes another."""

    __tablename__ = "segment_risk"

    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"), primary_key=True)
    level: Mapped[str] = mapped_column(String(10))
    score: Mapped[int]
    factors: Mapped[list[Any]]
    """Each with name, points and values."""
    at: Mapped[datetime]
    """Since when it is so."""
    rule_version: Mapped[int]


class RiskChange(Base):
    """It became another: the record from which every past moment can be told."""

    __tablename__ = "risk_change"
    __table_args__ = (Index("ix_risk_change_segment_seq", "segment_id", "seq"), {"sqlite_autoincrement": True})

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    segment_id: Mapped[UUID]
    """No key of another table: looking each up would be a third of the time that a county takes."""
    region_code: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    from_level: Mapped[str | None] = mapped_column(String(10))
    level: Mapped[str] = mapped_column(String(10))
    score: Mapped[int]
    factors: Mapped[list[Any]]
    because: Mapped[str] = mapped_column(String(40))
    """What made us weigh it: the kind of event, or `patrol`, `hazard`, `rule` or `day`."""
    rule_version: Mapped[int]


class SegmentFlow(Base):
    """The water of one lowest reach flows into another; drawn anew once a day."""

    __tablename__ = "segment_flow"

    upper_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"), primary_key=True)
    lower_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"), primary_key=True, index=True)


class RiskPlace(Base):
    """Up to where walks and facts about hazards were looked at, and by which rule, in one row."""

    __tablename__ = "risk_place"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    patrol_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    fact_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    rule_version: Mapped[int] = mapped_column(default=0)
