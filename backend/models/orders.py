"""Orders: what was given to whom, and what each of them has said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base, Written


class Order(Written, Base):
    """An order from a post to others (总河长令、巡查指令、督办函、一县一单), as it stands after its corrections."""

    __tablename__ = "river_order"

    version: Mapped[int] = mapped_column(default=1)
    post: Mapped[str] = mapped_column(String(20))
    """The seat in which it was given, with its region."""
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)

    part_of_id: Mapped[UUID | None] = mapped_column(index=True)
    """Of a milestone: the work points (年度工作要点) whose it is."""
    kind: Mapped[str] = mapped_column(String(20))
    wanted: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(120))
    document: Mapped[str | None] = mapped_column(String(120))
    """Its number (文号)."""
    text: Mapped[str] = mapped_column(Text)
    asked: Mapped[dict[str, Any]]
    """Whom it named; those who got it stand in rows of their own."""
    segment_id: Mapped[UUID | None] = mapped_column(ForeignKey("segment.id"))
    """The reach that is to be walked; None: each their own."""
    is_safe: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime]
    text_at: Mapped[datetime]
    """Since when it reads as it does: what was read and signed before that was another text."""
    people: Mapped[int]
    vacant: Mapped[int]
    """Places that it named where nobody sits."""

    policy_version: Mapped[int]
    chased_from: Mapped[datetime]
    """From when the ladder is counted: its issue, or the last change of the time at which it is due."""
    rung: Mapped[int] = mapped_column(default=0)
    next_step_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)


# Only those that may take a step are in it, so a sweep with nothing due reads one page.
Index(
    "ix_river_order_next_step",
    Order.next_step_at,
    sqlite_where=Order.next_step_at.is_not(None),
    postgresql_where=Order.next_step_at.is_not(None),
)


class OrderAddressee(Base):
    """Somebody who got an order, as written down at its issue, and what they have said of it."""

    __tablename__ = "river_order_addressee"
    __table_args__ = (
        UniqueConstraint("order_id", "holder_id", name="uq_river_order_addressee_holder"),
        Index("ix_river_order_addressee_region", "order_id", "region_code", "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("river_order.id"))
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    """Whose duty it is."""
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    """Who got it: the holder, or whoever stood in for them on that day."""
    post: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str] = mapped_column(String(12))
    segment_id: Mapped[UUID | None] = mapped_column(ForeignKey("segment.id"))
    """The lowest reach that they answered for."""

    read_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    """Of the first answer."""
    answer: Mapped[str | None] = mapped_column(Text)
    """The last one."""
    said_at: Mapped[datetime | None]
    """When that was given: one that was given before it does not replace it."""


class OrderWord(Base):
    """What somebody said of an order they got, never altered."""

    __tablename__ = "river_order_word"
    __table_args__ = (
        Index("ix_river_order_word_order", "order_id", "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("river_order.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    said: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    report: Mapped[dict[str, Any]]
    """Photos as they were sent, and what the phone says of itself."""
    at: Mapped[datetime]
    """As the phone said."""
    received_at: Mapped[datetime]


class OrderCorrection(Base):
    """What was put right of an order that was out, never altered."""

    __tablename__ = "river_order_correction"
    __table_args__ = (
        Index("ix_river_order_correction_order", "order_id", "at"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("river_order.id"))
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
