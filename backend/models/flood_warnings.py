"""Warnings: what was said to whom by whose word, revision by revision."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base


class DrillList(Base):
    """People who have agreed to be called in drills (演练)."""

    __tablename__ = "drill_list"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    monthly_day: Mapped[int | None] = mapped_column(SmallInteger)
    """Of each month on which they are called by themselves (每月点名); None: never."""
    monthly_hour: Mapped[int | None] = mapped_column(SmallInteger)
    monthly_since: Mapped[datetime | None]
    """When that was set."""


class DrillMember(Base):
    """One of them; whoever leaves stays on record, and is called no more."""

    __tablename__ = "drill_member"

    list_id: Mapped[UUID] = mapped_column(ForeignKey("drill_list.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    asked_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    """None: asked, and not agreed."""
    left_at: Mapped[datetime | None]
    """When they left, or said no."""
    said_by_id: Mapped[UUID | None]
    """Who said it: they themselves, or whoever holds a paper of theirs."""
    note: Mapped[str] = mapped_column(Text, default="")
    """Where that paper is."""


class FloodWarning(Base):
    """One revision of a warning (预警); an update is a row of its own behind the first, which is the root."""

    __tablename__ = "warning"
    __table_args__ = (
        CheckConstraint("is_drill = (drill_list_id IS NOT NULL)", name="drill_has_list"),
        UniqueConstraint("root_id", "revision"),
        Index("ix_warning_number", "number"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    root_id: Mapped[UUID]
    revision: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    number: Mapped[str] = mapped_column(String(20))
    """What people call it, the same in every revision."""
    state: Mapped[str] = mapped_column(String(10))
    level: Mapped[str] = mapped_column(String(10))
    headline: Mapped[str] = mapped_column(String(120))
    instruction: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(String(120))
    regions: Mapped[list[Any]]
    segments: Mapped[list[Any]]
    """Ids of segments, where it is about these alone."""
    focus: Mapped[list[Any]]
    """Regions inside the risk area."""
    posts: Mapped[list[Any]]
    is_drill: Mapped[bool] = mapped_column(default=False)
    drill_list_id: Mapped[UUID | None] = mapped_column(ForeignKey("drill_list.id"))
    because: Mapped[dict[str, Any]]
    """What made a rule propose it; empty for one that somebody wrote. Of an update: why."""
    policy_version: Mapped[int] = mapped_column(default=0)
    """Of the plans by which people are called."""
    expires_at: Mapped[datetime | None]

    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None: a rule."""
    made_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    """When its issue was asked for."""
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sign_by: Mapped[datetime | None]
    """Until when a second signature is waited for; then it goes out by itself."""
    signed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None]
    issued_at: Mapped[datetime | None]
    issued_how: Mapped[str | None] = mapped_column(String(12))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_text: Mapped[str | None] = mapped_column(Text)
    filled_at: Mapped[datetime | None]
    """When everybody had a call-out; None: people are still to be added."""
    closed_at: Mapped[datetime | None]
    """When nobody was open any more (of the root)."""


class WarningRegion(Base):
    """A region that a warning touches, by which it is found."""

    __tablename__ = "warning_region"

    warning_id: Mapped[UUID] = mapped_column(ForeignKey("warning.id"), primary_key=True)
    region_code: Mapped[str] = mapped_column(String(12), primary_key=True, index=True)


class Silence(Base):
    """Nothing but what presses goes out about a region for a while (静默), on somebody's word."""

    __tablename__ = "silence"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(String(12), index=True)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)


# Only those that wait are in them, so a sweep with nothing to do reads one page of each.
_is_unissued = FloodWarning.state.in_(("draft", "signed")) & FloodWarning.asked_at.is_not(None)
_is_issued = FloodWarning.state == "issued"
for _name, _column, _where in (
    ("ix_warning_unsigned", FloodWarning.sign_by, _is_unissued),
    ("ix_warning_unfilled", FloodWarning.issued_at, _is_issued & FloodWarning.filled_at.is_(None)),
    ("ix_warning_live", FloodWarning.expires_at, _is_issued),
    ("ix_warning_unclosed", FloodWarning.seq, FloodWarning.closed_at.is_(None) & FloodWarning.issued_at.is_not(None)),
):
    Index(_name, _column, sqlite_where=_where, postgresql_where=_where)
