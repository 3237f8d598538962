"""Points of citizens: entries that are added and never altered, each at the report that earned them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base


class PointEntry(Base):
    """One entry of the ledger (碧水积分)."""

    __tablename__ = "point_entry"
    __table_args__ = (
        Index("ix_point_entry_report", "report_id", "number", unique=True),
        Index("ix_point_entry_region", "region_code", "seq"),
        Index("ix_point_entry_deed", "deed_id", unique=True),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("public_report.id"))
    number: Mapped[int]
    """Among those of its report: the same change written twice would have the same number."""
    region_code: Mapped[str] = mapped_column(String(12))
    what: Mapped[str] = mapped_column(String(10))
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    """Of a clerk; nothing where it follows from an act on the hazard."""
    deed_id: Mapped[UUID | None]
    """The clerk's deed, which is one entry."""
    body_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
