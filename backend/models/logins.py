"""Logins: refresh families, one-time codes, and lock-out per account."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class LoginFamily(Base):
    """One device that signed in once; every refresh token descends from it, and they end together."""

    __tablename__ = "login_family"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    device_id: Mapped[str | None] = mapped_column(String(80))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(String(20))


class RefreshToken(Base):
    """One refresh token, kept as its digest; `replaced_at` is when it last went on."""

    __tablename__ = "refresh_token"
    __table_args__ = (UniqueConstraint("family_id", "number", name="uq_refresh_token_family_id"),)

    token_sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    family_id: Mapped[UUID] = mapped_column(ForeignKey("login_family.id"))
    number: Mapped[int]
    """Which of its family it is, in the order in which they were handed out."""
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    """When an earlier one was used in its place: its answer was taken for lost."""


class OneTimeCode(Base):
    """A code for activation or reset, kept as its keyed digest; good once, until it expires."""

    __tablename__ = "one_time_code"

    code_index: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LoginLock(Base):
    """Failed tries of one account (known or not), by the keyed index of the number that was typed."""

    __tablename__ = "login_lock"

    phone_index: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int]
    window_started_at: Mapped[datetime] = mapped_column(index=True)


class WebSession(Base):
    """Somebody signed in at a desk: a cookie, kept as its digest, that stands for a login."""

    __tablename__ = "web_session"

    token_sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    family_id: Mapped[UUID] = mapped_column(ForeignKey("login_family.id"), index=True)
    begun_at: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime]
    proved_at: Mapped[datetime]
    """When the password was last typed."""
    code_at: Mapped[datetime | None]
    """When a one-time code was given."""


class SecondFactor(Base):
    """The secret of somebody's one-time codes (TOTP, RFC 6238), sealed; no code up to `used_step` works again."""

    __tablename__ = "second_factor"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    confirmed_at: Mapped[datetime | None]
    used_step: Mapped[int | None] = mapped_column(BigInteger)
