"""Signals of the weather office (预警信号): every message as it came, how it stands, and where it holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ForeignKey, Identity, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey, Shape
from backend.models.base import Base


class Signal(Base):
    """One message; its id is made of its sender, identifier and moment, so the same one is the same row."""

    __tablename__ = "signal"
    __table_args__ = ({"sqlite_autoincrement": True},)

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    chain_id: Mapped[UUID]
    """The first of its chain that came: what is told of an update is told of this one."""
    sender: Mapped[str] = mapped_column(String(200))
    identifier: Mapped[str] = mapped_column(String(200))
    sent: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(10))
    is_exercise: Mapped[bool]
    """Nothing real may follow from it."""
    state: Mapped[str] = mapped_column(String(10))
    ended_at: Mapped[datetime | None]
    """When it was replaced, cancelled or over."""
    ended_by_id: Mapped[UUID | None]
    """The message that did it."""
    conflicts_with_id: Mapped[UUID | None] = mapped_column(ForeignKey("signal.id"))
    """The one that bore the same name first."""
    colour: Mapped[str | None] = mapped_column(String(10))
    colour_from: Mapped[str | None] = mapped_column(String(10))
    said: Mapped[dict[str, Any]]
    """The colour by each of the ways to tell it."""
    danger: Mapped[str] = mapped_column(String(12))
    over_at: Mapped[datetime]
    is_over_before_it_began: Mapped[bool]
    shown: Mapped[dict[str, Any]]
    """What people read: event, headline, description, instruction, sender's name."""
    infos: Mapped[list[Any]]
    """Every part of it, in short: language, event, colour, headline."""
    regions: Mapped[list[Any]]
    """Codes of the regions where it holds, each with everything below it."""
    segments: Mapped[list[Any]]
    """Ids of the reaches where it holds only there; empty: all of the regions."""
    unmatched: Mapped[list[Any]]
    """Codes of places that are not known here."""
    content_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    """Of what it says, whatever the bytes that say it."""
    document: Mapped[bytes] = mapped_column(LargeBinary)
    """The bytes as they came; of one entered as JSON, the message written as CAP."""
    feed: Mapped[str | None] = mapped_column(String(40))
    entered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime]


# Few are in force at once, among years of others.
Index(
    "ix_signal_active",
    Signal.over_at,
    sqlite_where=Signal.state == "active",
    postgresql_where=Signal.state == "active",
)
Index("ix_signal_conflicts_with_id", Signal.conflicts_with_id)


class SignalReference(Base):
    """A message refers to another, which may be here, come later, or never."""

    __tablename__ = "signal_reference"

    signal_id: Mapped[UUID] = mapped_column(ForeignKey("signal.id"), primary_key=True)
    to_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    """The id that the other one has, or would have."""
    to: Mapped[dict[str, Any]]
    """The other one by its sender, identifier and moment."""


class SignalArea(Base):
    """A part of the world for which a message is meant, by a region's code, a shape, or both."""

    __tablename__ = "signal_area"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(ForeignKey("signal.id"), index=True)
    region_code: Mapped[str | None] = mapped_column(String(12), index=True)
    shape: Mapped[BaseGeometry | None] = mapped_column(Shape("GEOMETRY"))
