"""Feeds: where signals are fetched from or who may bring them, and what of each list was dealt with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class Feed(Base):
    """A source of signals, with the key by which it brings them or the address where they are fetched, or both."""

    __tablename__ = "feed"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    form: Mapped[str] = mapped_column(String(10))
    """Of the list at its address: atom, or a plain list of addresses."""
    url: Mapped[str | None] = mapped_column(String(1000))
    every_s: Mapped[int] = mapped_column(Integer)
    silent_s: Mapped[int] = mapped_column(Integer)
    """After so long without a good answer, or without a message of one that brings them, it is missed."""
    is_on: Mapped[bool]
    key_sha256: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    version: Mapped[int] = mapped_column(default=1)
    kept_at: Mapped[datetime]
    """When it was put into this form; from then on it is listened for."""
    due_at: Mapped[datetime] = mapped_column(index=True)
    failures: Mapped[int] = mapped_column(default=0)
    """In a row."""
    failure: Mapped[str | None] = mapped_column(String(200))
    """The last one, by its short code."""
    heard_at: Mapped[datetime | None]
    """When it answered well last."""
    etag: Mapped[str | None] = mapped_column(String(300))
    last_modified: Mapped[str | None] = mapped_column(String(100))


class FeedEntry(Base):
    """A document that a list named: fetched until it could be read, and then never again."""

    __tablename__ = "feed_entry"

    feed: Mapped[str] = mapped_column(ForeignKey("feed.name"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    """Of its address and of when the list says it was altered."""
    url: Mapped[str] = mapped_column(String(1000))
    seen_at: Mapped[datetime]
    """When the list named it last."""
    first_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """When it is fetched; None: dealt with."""
    tries: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(String(200))


Index(
    "ix_feed_entry_due",
    FeedEntry.feed,
    FeedEntry.due_at,
    sqlite_where=FeedEntry.due_at.is_not(None),
    postgresql_where=FeedEntry.due_at.is_not(None),
)
