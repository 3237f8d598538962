"""The timeline with its proof: facts that stay as they were written, personal values beside them, and seals."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base


class Chained:
    """Columns of a thing that has a timeline: the end of its chain, so that the next fact needs no question."""

    facts: Mapped[int] = mapped_column(default=0)
    head: Mapped[bytes | None] = mapped_column(LargeBinary)


class Fact(Base):
    """One fact about one thing; a trigger keeps its row as it is, and the app has no right to alter it."""

    __tablename__ = "fact"
    __table_args__ = (
        UniqueConstraint("thing_id", "number", "thing_type", name="uq_fact_thing_number"),
        Index("ix_fact_order", "transaction_id", "seq"),
        Index("ix_fact_at", "at", "seq"),
        Index("ix_fact_actor", "actor_id", "at", "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    transaction_id: Mapped[int] = mapped_column(BigInteger, default=0)
    """PostgreSQL's transaction, so that a seal leaves out no late commit; 0 on SQLite, where one writes at a time."""
    thing_type: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[UUID]
    number: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    act: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    """Canonical JSON as it was hashed."""
    before: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class FactSecret(Base):
    """A personal value that stands in a fact as a salted digest: may be deleted, never altered."""

    __tablename__ = "fact_secret"

    thing_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    value: Mapped[str] = mapped_column(Text)


class Seal(Base):
    """A seal over the chains that have grown since the last one."""

    __tablename__ = "seal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    root: Mapped[bytes] = mapped_column(LargeBinary)
    chains: Mapped[int]
    facts: Mapped[int] = mapped_column(BigInteger)
    before: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class SealLeaf(Base):
    """How far a chain had grown when it was sealed."""

    __tablename__ = "seal_leaf"
    __table_args__ = (Index("ix_seal_leaf_thing", "thing_id", "number"),)

    seal: Mapped[int] = mapped_column(ForeignKey("seal.number"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Which leaf of the tree, from 0."""
    thing_type: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[UUID]
    number: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class SealedUntil(Base):
    """Up to which fact everything is sealed, in one row; a place to go on from, and no part of the proof."""

    __tablename__ = "sealed_until"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger)


class ProofCheck(Base):
    """One look at all timelines and seals, and what it found; no part of the proof."""

    __tablename__ = "proof_check"

    at: Mapped[datetime] = mapped_column(primary_key=True)
    chains: Mapped[int] = mapped_column(BigInteger)
    facts: Mapped[int] = mapped_column(BigInteger)
    seals: Mapped[int]
    broken: Mapped[str | None] = mapped_column(String(80))
    """The first thing, or the seals, where something does not add up; None: everything does."""
    number: Mapped[int | None] = mapped_column(BigInteger)
    why: Mapped[str | None] = mapped_column(String(20))
