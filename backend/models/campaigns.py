"""Campaigns: who was asked to search which segments by when, and what each answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base, Written


class Campaign(Written, Base):
    """A dated search (专项行动 / 排查) over regions and kinds of hazard."""

    __tablename__ = "campaign"

    version: Mapped[int] = mapped_column(default=1)

    name: Mapped[str] = mapped_column(String(120))
    document: Mapped[str | None] = mapped_column(String(120))
    """The number of the document that orders it (文号)."""
    text: Mapped[str] = mapped_column(Text)
    level: Mapped[int | None]
    """Of the reaches that must answer; None: the lowest ones."""
    kinds: Mapped[list[Any]]
    """Kinds of hazard, or groups of them; empty: all."""
    begins_at: Mapped[datetime]
    deadline: Mapped[datetime]
    due_day: Mapped[date]
    """The business day of the deadline: a segment that has ended by then owes nothing."""

    begun_at: Mapped[datetime | None]
    """When the segments that owe an answer were written down; None before."""
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_reason: Mapped[str | None] = mapped_column(Text)


# Only those that wait for their day are in it, so a sweep with nothing to begin reads one page.
Index(
    "ix_campaign_waiting",
    Campaign.begins_at,
    sqlite_where=Campaign.begun_at.is_(None),
    postgresql_where=Campaign.begun_at.is_(None),
)


class CampaignRegion(Base):
    """A region that a campaign is about, with everything below it."""

    __tablename__ = "campaign_region"

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)


class CampaignAnswer(Base):
    """What somebody said of a segment, never altered; the one that stands is named by the segment's row."""

    __tablename__ = "campaign_answer"
    __table_args__ = (
        Index("ix_campaign_answer_segment", "campaign_id", "segment_id", "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"))
    region_code: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    is_found: Mapped[bool]
    hazards: Mapped[list[Any]]
    """The ids as they were named; those that count stand in `campaign_hazard`."""
    note: Mapped[str] = mapped_column(Text)
    report: Mapped[dict[str, Any]]
    """Photos as they were sent, and what the phone says of itself."""
    at: Mapped[datetime]
    """As the phone said."""
    received_at: Mapped[datetime]
    is_late: Mapped[bool]
    is_on_behalf: Mapped[bool]
    """By the town chief or the office, not by those who answer for the segment."""


class CampaignSegment(Base):
    """A segment that owes a campaign an answer, as written down when the campaign began, and the one that stands."""

    __tablename__ = "campaign_segment"
    __table_args__ = (Index("ix_campaign_segment_region", "campaign_id", "region_code", "segment_id"),)

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"), primary_key=True, index=True)
    region_code: Mapped[str] = mapped_column(String(12))
    chief_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who answered for it that day; None where nobody did."""

    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaign_answer.id"))
    said_at: Mapped[datetime | None]
    """When the standing answer was given: one that was given before it does not replace it."""
    answered_at: Mapped[datetime | None]
    """When the first answer came; a correction does not make the segment late."""
    is_late: Mapped[bool] = mapped_column(default=False)
    is_found: Mapped[bool | None]
    is_on_behalf: Mapped[bool | None]
    excused_at: Mapped[datetime | None]
    excuse: Mapped[str | None] = mapped_column(String(20))
    """Why no answer is owed any more."""


class CampaignHazard(Base):
    """A hazard that a standing answer names: the cohort of which it is counted how many are fixed."""

    __tablename__ = "campaign_hazard"
    __table_args__ = (
        Index("ix_campaign_hazard_region", "campaign_id", "region_code", "hazard_id"),
        Index("ix_campaign_hazard_segment", "campaign_id", "segment_id"),
    )

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    hazard_id: Mapped[UUID] = mapped_column(ForeignKey("hazard.id"), primary_key=True)
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"))
    """The segment that answered; the hazard may lie on a reach inside it."""
    region_code: Mapped[str] = mapped_column(String(12))
