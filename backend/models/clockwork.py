"""Whose turn it is: the last slot each job has done, so that any number of runners do each once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class JobSlot(Base):
    """The last slot of a job that was done; whoever writes a later one first has the turn."""

    __tablename__ = "job_slot"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    slot: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    """By the database's clock: until when somebody holds the next turn of a job that is many transactions."""


class Pulse(Base):
    """The last sign of life of a part of the house, by the database's clock."""

    __tablename__ = "pulse"

    part: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]
