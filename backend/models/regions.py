"""Regions: the official divisions from city to village."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class Region(Base):
    """A division; its code is cut to the length of its level, so a prefix contains."""

    __tablename__ = "region"
    __table_args__ = (CheckConstraint("length(code) IN (2, 4, 6, 9, 12)", name="code_length"),)

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    level: Mapped[int]
    parent_code: Mapped[str | None] = mapped_column(String(12), index=True)
    kind: Mapped[str | None] = mapped_column(String(20))
    mca_code: Mapped[str | None] = mapped_column(String(12))
    """The civil-affairs code: it collides with statistical ones, so both are kept with their system."""
    mca_name: Mapped[str | None] = mapped_column(String(80))
