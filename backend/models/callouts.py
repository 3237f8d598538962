"""Call-outs: everybody who is called by a warning, what was done about their silence, and what they answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base


class Callout(Base):
    """One person is called by one warning, however often it is updated."""

    __tablename__ = "callout"
    __table_args__ = (
        UniqueConstraint("root_id", "person_id"),
        # The database itself keeps a drill inside its list.
        ForeignKeyConstraint(
            ["drill_list_id", "person_id"],
            ["drill_member.list_id", "drill_member.person_id"],
            name="fk_callout_drill_member",
        ),
        CheckConstraint("is_drill = (drill_list_id IS NOT NULL)", name="drill_has_list"),
        Index("ix_callout_root_region", "root_id", "region_code", "state"),
        Index("ix_callout_root_version", "root_id", "version"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    root_id: Mapped[UUID]
    warning_id: Mapped[UUID] = mapped_column(ForeignKey("warning.id"))
    """The revision by which they were called last."""
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    post: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str] = mapped_column(String(12))
    """Where they sit: the row of the board on which they stand."""
    segment_id: Mapped[UUID | None] = mapped_column(ForeignKey("segment.id"))
    """A reach of theirs that is concerned: their superiors are those along its river."""
    priority: Mapped[int] = mapped_column(SmallInteger)
    is_drill: Mapped[bool] = mapped_column(default=False)
    drill_list_id: Mapped[UUID | None]
    link_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    version: Mapped[int] = mapped_column(default=1)

    state: Mapped[str] = mapped_column(String(10))
    round: Mapped[int] = mapped_column(SmallInteger, default=1)
    begun_at: Mapped[datetime]
    climbs_from: Mapped[datetime]
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    calls: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Of all rounds."""
    taken: Mapped[int] = mapped_column(SmallInteger, default=0)
    next_at: Mapped[datetime | None]
    """When to look at it again; None: it is done with."""
    last_notice_id: Mapped[UUID | None]
    """The notice of their last call, by which is seen whether it still rings."""
    called_at: Mapped[datetime | None]
    reached_at: Mapped[datetime | None]
    """When a channel first said that it got through."""
    climbed_at: Mapped[datetime | None]
    """When the first of their superiors was told."""
    door_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    """When the first answer came: by our clock."""
    answer_s: Mapped[float | None]
    """Seconds from the call to it."""
    said_at: Mapped[datetime | None]
    """When the answer that stands was given."""
    how: Mapped[str | None] = mapped_column(String(10))
    """How the answer that stands came."""


_is_open = Callout.next_at.is_not(None)
Index("ix_callout_due", Callout.next_at, sqlite_where=_is_open, postgresql_where=_is_open)
_is_silent = Callout.state.in_(("open", "unable"))
Index("ix_callout_silent", Callout.seq, sqlite_where=_is_silent, postgresql_where=_is_silent)
_is_answered = Callout.answer_s.is_not(None)
Index(
    "ix_callout_answer_s", Callout.root_id, Callout.answer_s, sqlite_where=_is_answered, postgresql_where=_is_answered
)


class CalloutStep(Base):
    """Something that was done about a call-out, never altered: a call, somebody told of a silence, a door."""

    __tablename__ = "callout_step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["drill_list_id", "person_id"],
            ["drill_member.list_id", "drill_member.person_id"],
            name="fk_callout_step_drill_member",
        ),
        UniqueConstraint("callout_id", "round", "what", "number", "person_id"),
        Index("ix_callout_step_person", "person_id", "callout_id"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    callout_id: Mapped[UUID] = mapped_column(ForeignKey("callout.id"))
    round: Mapped[int] = mapped_column(SmallInteger)
    what: Mapped[str] = mapped_column(String(12))
    """`call`, a rung, `door`, or the word by which it ended."""
    number: Mapped[int] = mapped_column(SmallInteger)
    """Which call it was; 0 for everything else."""
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Whoever was called, told or sent; None where nobody could be."""
    drill_list_id: Mapped[UUID | None]
    due_at: Mapped[datetime]
    at: Mapped[datetime]


class CalloutAnswer(Base):
    """What somebody answered, never altered; also what came too late or changed nothing."""

    __tablename__ = "callout_answer"
    __table_args__ = (
        Index("ix_callout_answer_callout", "callout_id", "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    callout_id: Mapped[UUID] = mapped_column(ForeignKey("callout.id"))
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[str] = mapped_column(String(10))
    how: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None: whoever held the phone or the link of the person called."""
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    """As was said."""
    received_at: Mapped[datetime]
    stands: Mapped[bool]
    """Whether it changed how the call-out stands."""


class DoorKnock(Base):
    """Somebody is to knock at the door (上门) of a person who is silent."""

    __tablename__ = "door_knock"
    __table_args__ = (
        ForeignKeyConstraint(
            ["drill_list_id", "given_to_id"],
            ["drill_member.list_id", "drill_member.person_id"],
            name="fk_door_knock_drill_member",
        ),
        UniqueConstraint("callout_id", "round"),
        Index("ix_door_knock_root", "root_id", "region_code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    callout_id: Mapped[UUID] = mapped_column(ForeignKey("callout.id"))
    round: Mapped[int] = mapped_column(SmallInteger, default=1)
    """Whoever is silent again, or to a graver warning, is sought at their door again."""
    root_id: Mapped[UUID]
    region_code: Mapped[str] = mapped_column(String(12))
    given_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    """A neighbour who has answered, else the town; None where nobody could be found."""
    drill_list_id: Mapped[UUID | None]
    given_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]
    """When it was passed to the town, because the neighbour said nothing."""
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text, default="")
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    body_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)


_waits = DoorKnock.done_at.is_(None)
Index("ix_door_knock_open", DoorKnock.given_at, sqlite_where=_waits, postgresql_where=_waits)
