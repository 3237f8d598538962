"""What the public reported: each report beside the hazard that it became, or that it says the same as."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class PublicReport(Base):
    """Somebody without an account told of a hazard; by its code they follow what becomes of it."""

    __tablename__ = "public_report"
    __table_args__ = (Index("ix_public_report_at", "reported_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """That of the puzzle with which it came, and of the hazard where it is not joined."""
    code: Mapped[str] = mapped_column(String(10), unique=True)
    hazard_id: Mapped[UUID] = mapped_column(ForeignKey("hazard.id"), index=True)
    is_joined: Mapped[bool]
    """The hazard was there before: this citizen has seen it, too."""
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"))
    region_code: Mapped[str] = mapped_column(String(12))
    via: Mapped[str] = mapped_column(String(10))
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes of the photos that came with it."""
    reported_at: Mapped[datetime]
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    is_satisfied: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    """When its citizen last said whether it is good now."""
