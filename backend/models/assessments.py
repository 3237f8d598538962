"""Assessments (考核): figures as they were computed, kept beside those of every recomputing, and what was appealed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Identity, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base, Written


class Assessment(Written, Base):
    """The people of some posts in a region over some days, as it stands."""

    __tablename__ = "assessment"

    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(120))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    posts: Mapped[list[Any]]
    begin_day: Mapped[date]
    until_day: Mapped[date]
    """The first day after it."""
    state: Mapped[str] = mapped_column(String(10))
    edition: Mapped[int]
    """Which figures hold; those before them stay."""
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class AssessmentEdition(Base):
    """Figures as they were computed at one time, and why anew."""

    __tablename__ = "assessment_edition"

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rule_version: Mapped[int]
    people: Mapped[int]
    computed_at: Mapped[datetime]
    computed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)


class AssessmentScore(Base):
    """What one person came to in one post; only an appeal that is upheld alters it, and says so."""

    __tablename__ = "assessment_score"
    __table_args__ = (
        UniqueConstraint(
            "assessment_id", "edition", "person_id", "post", "region_code", name="uq_assessment_score_person"
        ),
        Index("ix_assessment_score_region", "assessment_id", "edition", "region_code", "seq"),
        Index("ix_assessment_score_person", "person_id", "assessment_id"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    edition: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    post: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str] = mapped_column(String(12))
    patrols_hits: Mapped[int]
    patrols_size: Mapped[int]
    callouts_hits: Mapped[int]
    callouts_size: Mapped[int]
    campaigns_hits: Mapped[int]
    campaigns_size: Mapped[int]
    training_hits: Mapped[int] = mapped_column(default=0)
    training_size: Mapped[int] = mapped_column(default=0)
    walks: Mapped[int]
    """Handed in by this person, whatever became of them; these and the next weigh nothing."""
    counted: Mapped[int]
    doubtful: Mapped[int]
    covered_m: Mapped[float] = mapped_column(Float)
    hazards: Mapped[int]
    leave_days: Mapped[int]
    score: Mapped[float | None] = mapped_column(Float)
    rank: Mapped[int | None]
    ranked_of: Mapped[int]
    score_was: Mapped[float | None] = mapped_column(Float)
    """As it was computed, before any appeal."""
    rank_was: Mapped[int | None]


class AssessmentPlace(Base):
    """What a county or town below the assessed region came to, or that region with what is its own alone."""

    __tablename__ = "assessment_place"

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    region_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    hazards: Mapped[int]
    """Reported in the time, without those that were none: what is in time is counted of these very ones."""
    stages: Mapped[dict[str, Any]]
    """By stage: how many in time of how many, and the median of hours."""
    reaches: Mapped[int]
    reaches_m: Mapped[float] = mapped_column(Float)
    unwalked: Mapped[int]
    """Lowest reaches on which no walk counted."""
    unwalked_m: Mapped[float] = mapped_column(Float)


class AssessmentAppeal(Base):
    """What somebody said against a figure of theirs (申诉), and what the office said of it."""

    __tablename__ = "assessment_appeal"
    __table_args__ = (
        UniqueConstraint(
            "assessment_id", "person_id", "post", "region_code", "indicator", name="uq_assessment_appeal_figure"
        ),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    edition: Mapped[int]
    """The figures that it was made against."""
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    post: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str] = mapped_column(String(12))
    indicator: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None]
    """Hits, size, score and rank as they were when it was decided."""
    after: Mapped[dict[str, Any] | None]
    """The same afterwards."""
