"""Rollups (统计日表): what happened on a day in a region, counted once, and which days have to be counted again."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Identity, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base
from backend.models.callouts import Callout
from backend.models.campaigns import CampaignSegment
from backend.models.hazards import Hazard, HazardAct

Count = BigInteger


class RollupDebt(Base):
    """Something changed at a moment: its business day is to be counted again. Written with the change itself.

    Rows are only added and, by whoever has counted, taken away, so that no two writers ever wait for one.
    """

    __tablename__ = "rollup_debt"
    __table_args__ = {"sqlite_autoincrement": True}

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    noun: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    region_code: Mapped[str] = mapped_column(String(12), default="")
    """Where; empty: the whole day has to be counted again."""


class Rollup:
    """What rows of every noun share; a row of a region alone, or (`is_total`) of it with everything below it."""

    region_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    is_total: Mapped[bool] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(String(10), primary_key=True)


class RollupPatrol(Rollup, Base):
    """Walks by the day on which they began, and the level of whoever walked."""

    __tablename__ = "rollup_patrol"
    __table_args__ = (Index("ix_rollup_patrol_day", "day"),)

    handed_in: Mapped[int] = mapped_column(Count)
    counted: Mapped[int] = mapped_column(Count)
    doubtful: Mapped[int] = mapped_column(Count)
    not_counted: Mapped[int] = mapped_column(Count)
    withdrawn: Mapped[int] = mapped_column(Count)
    metres: Mapped[int] = mapped_column(Count)
    seconds: Mapped[int] = mapped_column(Count)


class RollupHazard(Rollup, Base):
    """Hazards by the level of their reach: of those reported that day how they stand now, and the acts of that day."""

    __tablename__ = "rollup_hazard"
    __table_args__ = (Index("ix_rollup_hazard_day", "day"),)

    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    severity: Mapped[str] = mapped_column(String(10), primary_key=True)
    reported: Mapped[int] = mapped_column(Count)
    standing: Mapped[int] = mapped_column(Count)
    cleared: Mapped[int] = mapped_column(Count)
    rejected: Mapped[int] = mapped_column(Count)
    merged: Mapped[int] = mapped_column(Count)
    accepted: Mapped[int] = mapped_column(Count)
    rectified: Mapped[int] = mapped_column(Count)
    closed: Mapped[int] = mapped_column(Count)
    returned: Mapped[int] = mapped_column(Count)
    reopened: Mapped[int] = mapped_column(Count)


class RollupCallout(Rollup, Base):
    """Call-outs by the day on which people were first called, drills apart."""

    __tablename__ = "rollup_callout"
    __table_args__ = (Index("ix_rollup_callout_day", "day"),)

    is_drill: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    called: Mapped[int] = mapped_column(Count)
    answered: Mapped[int] = mapped_column(Count)
    in_time: Mapped[int] = mapped_column(Count)


class RollupCampaign(Rollup, Base):
    """Answers to campaigns by the day on which a segment first answered, and the level of the reach."""

    __tablename__ = "rollup_campaign"
    __table_args__ = (Index("ix_rollup_campaign_day", "day"),)

    answered: Mapped[int] = mapped_column(Count)
    late: Mapped[int] = mapped_column(Count)
    found: Mapped[int] = mapped_column(Count)
    on_behalf: Mapped[int] = mapped_column(Count)


# A day is counted again by what happened on it.
Index("ix_hazard_reported_at", Hazard.reported_at)
Index("ix_hazard_act_at", HazardAct.at)
Index("ix_callout_begun_at", Callout.begun_at)
Index("ix_campaign_segment_answered_at", CampaignSegment.answered_at)
