"""News of the flood season: what many people are to be told, until all of them have been."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class FloodNews(Base):
    """One piece of news, written in the transaction of its fact; thousands of notices follow in short ones."""

    __tablename__ = "flood_news"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    """The sentence for walkers; `_staff` behind it: that for clerks and duty officers."""
    values: Mapped[dict[str, Any]]
    lane: Mapped[str] = mapped_column(String(10))
    channels: Mapped[list[Any]]
    """By what chiefs hear of it; everybody else by the app."""
    regions: Mapped[list[Any]]
    but: Mapped[list[Any]]
    """Regions inside these whose people hear something else."""
    rivers: Mapped[list[Any]]
    """Only walkers of these rivers; empty: all."""
    about_type: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[UUID]
    day: Mapped[date]
    """The day whose walks it speaks of."""
    at: Mapped[datetime]
    told_until: Mapped[UUID | None]
    """The last person who was told, in the order of their ids."""
    told_at: Mapped[datetime | None]


# Only what is still to be told is in it.
Index(
    "ix_flood_news_untold",
    FloodNews.at,
    FloodNews.id,
    sqlite_where=FloodNews.told_at.is_(None),
    postgresql_where=FloodNews.told_at.is_(None),
)
