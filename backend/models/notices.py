"""Notices, the letters that carry them, and how people can be reached."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.notices import ORDINARY
from backend.models.base import Base


class Notice(Base):
    """One person is told one fact; its id is made from both, so that it is there once."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_person_created", "person_id", "created_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(60))
    values: Mapped[dict[str, Any]]
    """For the places of its sentence, which is said in the reader's language when it goes out."""
    lane: Mapped[str] = mapped_column(String(10))
    channels: Mapped[str] = mapped_column(String(60))
    """Those wanted, with commas between them."""
    about_type: Mapped[str | None] = mapped_column(String(20))
    about_id: Mapped[UUID | None]
    priority: Mapped[int] = mapped_column(SmallInteger, default=ORDINARY)
    """Among urgent ones that wait for the same: lower goes first."""
    number: Mapped[int] = mapped_column(default=1)
    is_drill: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    addressed_at: Mapped[datetime | None]
    """When letters were made of it, or a digest took it up."""
    digest_id: Mapped[UUID | None]
    """The digest that took it up, itself a notice."""


# Only what waits is in it, so a look with nothing due reads one page.
Index(
    "ix_notice_waiting",
    Notice.lane,
    Notice.not_before,
    sqlite_where=Notice.addressed_at.is_(None),
    postgresql_where=Notice.addressed_at.is_(None),
)

# The order in which urgent ones are served; the other lanes go by time alone.
_is_urgent_notice = (Notice.lane == "urgent") & Notice.addressed_at.is_(None)
Index(
    "ix_notice_urgent",
    Notice.priority,
    Notice.not_before,
    sqlite_where=_is_urgent_notice,
    postgresql_where=_is_urgent_notice,
)


# What is about call-outs is looked for when one is answered, or a warning is over: what waits is not sent any more.
_is_about_callout = Notice.about_type == "callout"
Index("ix_notice_callout", Notice.about_id, sqlite_where=_is_about_callout, postgresql_where=_is_about_callout)


class Device(Base):
    """A way to somebody beside the number of their account: a phone's push address, a mailbox, a chat; sealed."""

    __tablename__ = "device"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    address_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    address_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    """The keyed digest by which the same address is found again: it belongs to whoever signed in there last."""
    created_at: Mapped[datetime]


class Preference(Base):
    """How somebody wants to be reached."""

    __tablename__ = "notice_preference"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    channels: Mapped[list[Any]]
    """The first choice first."""
    muted: Mapped[list[Any]]
    """Channels for nothing but what is urgent."""
    language: Mapped[str] = mapped_column(String(10), default="zh-CN")


class Letter(Base):
    """A notice on its way to one address by one channel."""

    __tablename__ = "letter"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Made from notice, channel and device; the key that the provider is given."""
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    device_id: Mapped[UUID | None]
    """None where the channel takes the number of the account; the device may be gone."""
    lane: Mapped[str] = mapped_column(String(10))
    priority: Mapped[int] = mapped_column(SmallInteger, default=ORDINARY)
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(default=0)
    repeats: Mapped[int] = mapped_column(default=0)
    """How many tries were cut off and may have got through."""
    due_at: Mapped[datetime]
    """When it was first to go out."""
    next_try_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    """By the database's clock: until when somebody is sending it."""
    calling_until: Mapped[datetime | None]
    """Where its channel has lines: until when a call is believed to hold one, if nothing is heard of its end."""
    expires_at: Mapped[datetime | None]
    reference: Mapped[str | None] = mapped_column(String(200))
    """The provider's own number for it."""
    failure: Mapped[str | None] = mapped_column(String(40))
    passed_to: Mapped[str | None] = mapped_column(String(20))
    """The channel that took its place."""
    accepted_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(String(20))
    failed_at: Mapped[datetime | None]


Index(
    "ix_letter_due",
    Letter.lane,
    Letter.channel,
    Letter.next_try_at,
    sqlite_where=Letter.next_try_at.is_not(None),
    postgresql_where=Letter.next_try_at.is_not(None),
)
_is_urgent_letter = (Letter.lane == "urgent") & Letter.next_try_at.is_not(None)
Index(
    "ix_letter_urgent",
    Letter.channel,
    Letter.priority,
    Letter.next_try_at,
    sqlite_where=_is_urgent_letter,
    postgresql_where=_is_urgent_letter,
)
Index(
    "ix_letter_calling",
    Letter.channel,
    Letter.calling_until,
    sqlite_where=Letter.calling_until.is_not(None),
    postgresql_where=Letter.calling_until.is_not(None),
)
Index(
    "ix_letter_lease",
    Letter.lease_until,
    sqlite_where=Letter.lease_until.is_not(None),
    postgresql_where=Letter.lease_until.is_not(None),
)
Index(
    "ix_letter_reference",
    Letter.channel,
    Letter.reference,
    sqlite_where=Letter.reference.is_not(None),
    postgresql_where=Letter.reference.is_not(None),
)
_is_dead = (Letter.state == "failed") & Letter.passed_to.is_(None)
Index("ix_letter_dead", Letter.failed_at, Letter.id, sqlite_where=_is_dead, postgresql_where=_is_dead)


class Bucket(Base):
    """How a channel stands with its provider."""

    __tablename__ = "bucket"

    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    tokens: Mapped[float]
    at: Mapped[datetime]
    resting_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    """In a row."""
