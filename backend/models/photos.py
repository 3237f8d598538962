"""Photos and recordings: evidence by digest, and which thing names them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.photos import Kind
from backend.models.base import Base


class Photo(Base):
    """An image or a recording whose original bytes are kept untouched in the store under their SHA-256."""

    __tablename__ = "photo"

    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), server_default=Kind.PHOTO.value)
    media_type: Mapped[str] = mapped_column(String(20))
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes of the original."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    """Of an image."""
    taken_at: Mapped[datetime | None]
    """What the camera wrote, if anything; secondary evidence."""
    received_at: Mapped[datetime] = mapped_column(index=True)


class PhotoUpload(Base):
    """Somebody has uploaded (or had) this photo: it is theirs to see."""

    __tablename__ = "photo_upload"

    sha256: Mapped[bytes] = mapped_column(ForeignKey("photo.sha256"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    uploaded_at: Mapped[datetime]


class PhotoUse(Base):
    """A thing names a photo or a recording, perhaps before its bytes have come (待补照片)."""

    __tablename__ = "photo_use"
    __table_args__ = (Index("ix_photo_use_thing", "thing_type", "thing_id"),)

    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    thing_type: Mapped[str] = mapped_column(String(20), primary_key=True)
    thing_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), server_default=Kind.PHOTO.value)
    """As what it is named."""
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    region_code: Mapped[str] = mapped_column(String(12))
    named_at: Mapped[datetime]
