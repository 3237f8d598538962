"""The roster of duty (值班表): who is on duty where, from when until when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class FloodShift(Base):
    """One shift of one person."""

    __tablename__ = "flood_shift"
    __table_args__ = (Index("ix_flood_shift_region", "region_code", "until_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    withdrawn_at: Mapped[datetime | None]
    """When it was taken out again, by whoever may enter one."""
