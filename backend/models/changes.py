"""What changed for whom (the feed of `GET /sync`), and who did what (the record)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base


class Change(Base):
    """One thing changed for one person; read in the order of commits."""

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_person_order", "person_id", "transaction_id", "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    transaction_id: Mapped[int] = mapped_column(BigInteger, default=0)
    """PostgreSQL's transaction, so that a late commit is never skipped; 0 on SQLite, where one writes at a time."""
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    thing_type: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[UUID]
    op: Mapped[str] = mapped_column(String(4))


class Incarnation(Base):
    """The mark of this life of the database, in one row; a restored one begins a new life under a new mark."""

    __tablename__ = "incarnation"

    id: Mapped[UUID] = mapped_column(primary_key=True)


class Record(Base):
    """Who did what to what, and when: for everything that is not a patrol or a hazard's own timeline."""

    __tablename__ = "record"
    __table_args__ = (
        Index("ix_record_thing", "thing_type", "thing_id"),
        Index("ix_record_actor", "actor_id", "at", "seq"),
        Index("ix_record_act", "act", "at", "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None: done at the command line of the server."""
    act: Mapped[str] = mapped_column(String(40))
    thing_type: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[str] = mapped_column(String(60))
    body: Mapped[dict[str, Any]]
