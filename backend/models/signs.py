"""What was printed on notice boards (公示牌): whom each names now, and every sheet that was ever made for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import BigKey
from backend.models.base import Base


class SignName(Base):
    """Somebody whom a board names as it was printed last; without a post: acting for one that was vacant."""

    __tablename__ = "sign_name"

    board_id: Mapped[UUID] = mapped_column(ForeignKey("notice_board.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    post: Mapped[str] = mapped_column(String(20), primary_key=True)


class SignPrint(Base):
    """A sheet that was made for a board, never altered."""

    __tablename__ = "sign_print"
    __table_args__ = (Index("ix_sign_print_board", "board_id", "seq"), {"sqlite_autoincrement": True})

    seq: Mapped[int] = mapped_column(BigKey, Identity(), primary_key=True)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("notice_board.id"))
    printed_on: Mapped[date]
    content: Mapped[dict[str, Any]]
    said_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None: at the command line of the server."""
    said_at: Mapped[datetime]
