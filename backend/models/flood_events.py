"""What happened to the water or to the orders of the day (汛情): the facts on which risk and warnings follow."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base


class FloodEvent(Base):
    """One such fact, written in the transaction that made it so; who follows up marks it when that is done."""

    __tablename__ = "flood_event"
    __table_args__ = ({"sqlite_autoincrement": True},)

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    what: Mapped[str] = mapped_column(String(20))
    """What became of it: `domain.flood_events` says which words there are."""
    about_id: Mapped[UUID]
    """The signal, response, station, segment or season."""
    level: Mapped[str | None] = mapped_column(String(12))
    """In the scale of its own kind, none of which is ever converted into another."""
    regions: Mapped[list[Any]]
    """Codes of the regions it touches, each with everything below it."""
    rivers: Mapped[list[Any]]
    """Where it touches only these rivers of the regions; empty: all."""
    segments: Mapped[list[Any]]
    """Ids of the segments where it touches only these; empty: all of the regions."""
    values: Mapped[dict[str, Any]]
    """What a text about it needs, in JSON's types."""
    is_exercise: Mapped[bool] = mapped_column(default=False)
    """It is known to have happened, and nothing real may follow."""
    at: Mapped[datetime]
    ruled_at: Mapped[datetime | None]
    """When the rules for warnings were asked."""
    weighed_at: Mapped[datetime | None]
    """When the risk of what it touches was computed anew."""


# Only what waits is in them, so a sweep with nothing to do reads one page.
Index(
    "ix_flood_event_unruled",
    FloodEvent.seq,
    sqlite_where=FloodEvent.ruled_at.is_(None),
    postgresql_where=FloodEvent.ruled_at.is_(None),
)
Index(
    "ix_flood_event_unweighed",
    FloodEvent.seq,
    sqlite_where=FloodEvent.weighed_at.is_(None),
    postgresql_where=FloodEvent.weighed_at.is_(None),
)
# Where a thing held before it moved is found by it.
Index("ix_flood_event_about", FloodEvent.kind, FloodEvent.about_id, FloodEvent.seq)
