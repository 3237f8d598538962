"""Telling what changed for whom, and keeping who did what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Text, cast, func, insert, select, text, tuple_
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.models.changes import Change, Record

Op = Literal["put", "gone"]


def changed(
    session: Session, at: datetime, people: Iterable[UUID], thing_type: str, thing_id: UUID, op: Op = "put"
) -> None:
    """Let these people's phones hear of a thing at their next sync."""
    postgres = session.get_bind().dialect.name == "postgresql"
    # The transaction's own number: a reader takes only rows below the oldest one still running.
    transaction_id: Any = cast(cast(func.pg_current_xact_id(), Text), BigInteger) if postgres else 0
    rows = [
        {"at": at, "person_id": person, "thing_type": thing_type, "thing_id": thing_id, "op": op}
        for person in dict.fromkeys(people)
    ]
    if rows:
        session.execute(insert(Change).values(transaction_id=transaction_id), rows)


def record(
    session: Session,
    at: datetime,
    actor_id: UUID | None,
    act: str,
    thing_type: str,
    thing_id: str,
    body: dict[str, Any],
) -> None:
    """Keep who did what; `actor_id` None: at the server's command line."""
    session.execute(
        insert(Record),
        [
            {
                "at": at,
                "actor_id": actor_id,
                "act": act,
                "thing_type": thing_type,
                "thing_id": thing_id,
                "body": body,
            }
        ],
    )


def incarnation(session: Session) -> str:
    """Which database this is: numbers of transactions mean nothing in another one."""
    if session.get_bind().dialect.name == "postgresql":
        return str(session.scalar(text("SELECT system_identifier FROM pg_control_system()")))
    return "sqlite"


def newest(session: Session) -> tuple[int, int]:
    """The place from which nothing can be missed: every earlier change is visible now."""
    if session.get_bind().dialect.name == "postgresql":
        oldest_running = session.scalar(select(_oldest_running()))
        return (oldest_running or 1) - 1, 2**62
    return 0, session.scalar(select(func.coalesce(func.max(Change.seq), 0))) or 0


def since(session: Session, person_id: UUID, after: tuple[int, int], limit: int) -> list[AnyRow]:
    """One person's changes after a place, in an order that no late commit can slip behind.

    Columns: transaction_id, seq, thing_type, thing_id, op. PostgreSQL: only rows below the oldest transaction
    still running, ordered by transaction; SQLite writes one at a time, so the running number does.
    """
    question = (
        select(Change.transaction_id, Change.seq, Change.thing_type, Change.thing_id, Change.op)
        .where(Change.person_id == person_id, tuple_(Change.transaction_id, Change.seq) > after)
        .order_by(Change.transaction_id, Change.seq)
        .limit(limit + 1)
    )
    if session.get_bind().dialect.name == "postgresql":
        question = question.where(Change.transaction_id < _oldest_running())
    return list(session.execute(question).all())


def _oldest_running() -> ColumnElement[int]:
    return cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)
