"""Who is handling a hazard right now, so that two clerks do not do it twice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class HazardClaim(Base):
    """Somebody says that they are at it (正在办); it hinders nobody, and ends by itself."""

    __tablename__ = "hazard_claim"

    hazard_id: Mapped[UUID] = mapped_column(ForeignKey("hazard.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]
    until_at: Mapped[datetime]
