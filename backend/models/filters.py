"""Filters that somebody keeps for the lists they look at every day."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class SavedFilter(Base):
    """One filter of one person: a name, and what the address of the list asks for."""

    __tablename__ = "saved_filter"
    __table_args__ = (Index("uq_saved_filter_person_id_list_name", "person_id", "list", "name", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    list: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(500))
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
