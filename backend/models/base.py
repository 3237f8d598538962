"""What every table shares: the declarative base and the naming of constraints."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, LargeBinary, MetaData, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from backend.db import BigKey, Json, UtcTime


class Base(DeclarativeBase):
    """The base of every table; names of constraints are fixed, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcTime,
        UUID: Uuid,
        dict[str, Any]: Json,
        list[Any]: Json,
    }


class Written:
    """What somebody writes once, under an id of their own: sent twice it is here once, sent otherwise it is refused."""

    __table_args__: Any = {"sqlite_autoincrement": True}

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    """Of what was sent."""
