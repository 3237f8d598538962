"""Emergency responses (应急响应): every declaration, change and end, none ever deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base


class FloodResponse(Base):
    """One act of a duty officer: a level over regions, or the end of one (`none`), which never holds itself."""

    __tablename__ = "flood_response"
    __table_args__ = (Index("ix_flood_response_ended_at", "ended_at"), {"sqlite_autoincrement": True})

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    level: Mapped[str] = mapped_column(String(4))
    regions: Mapped[list[Any]]
    rivers: Mapped[list[Any]]
    """Only these rivers of the regions; empty: everything there."""
    is_safe: Mapped[bool]
    """Whether the instruction says that it is safe to walk under it."""
    reason: Mapped[str] = mapped_column(Text)
    document: Mapped[str | None] = mapped_column(String(120))
    """The number of the document that orders it (文号)."""
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    """The act that changed or ended it."""
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
