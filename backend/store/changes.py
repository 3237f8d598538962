"""Telling what changed for whom, and keeping who did what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal
from typing import cast as cast_to
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ColumnElement, Table, Text, cast, delete, func, insert, select, text, tuple_
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.models.changes import Change, Incarnation, Record
from backend.store.bulk import insert_all

# Plain tables: the mapper costs as much again for thousands of rows.
_change, _record = cast_to(Table, Change.__table__), cast_to(Table, Record.__table__)
Op = Literal["put", "gone"]
_ADDRESS = text(
    "SELECT system_identifier || '-' || oid FROM pg_control_system(), pg_database WHERE datname = current_database()"
)


def changed(
    session: Session, at: datetime, people: Iterable[UUID], thing_type: str, thing_id: UUID, op: Op = "put"
) -> None:
    """Let these people's phones hear of a thing at their next sync."""
    changed_all(session, at, [(person, thing_id) for person in people], thing_type, op)


def changed_all(
    session: Session, at: datetime, told: Iterable[tuple[UUID, UUID]], thing_type: str, op: Op = "put"
) -> None:
    """The same of many things of a type at once: (person, thing)."""
    postgres = session.get_bind().dialect.name == "postgresql"
    # The transaction's own number: a reader takes only rows below the oldest one still running.
    transaction_id: Any = cast(cast(func.pg_current_xact_id(), Text), BigInteger) if postgres else 0
    rows = [
        {"at": at, "person_id": person, "thing_type": thing_type, "thing_id": thing_id, "op": op}
        for person, thing_id in dict.fromkeys(told)
    ]
    insert_all(session, _change, rows, transaction_id=transaction_id)


def record(
    session: Session,
    at: datetime,
    actor_id: UUID | None,
    act: str,
    thing_type: str,
    thing_id: str,
    body: dict[str, Any],
) -> None:
    """Keep who did what; `actor_id` None: at the server's command line, or the clockwork."""
    record_all(session, at, actor_id, act, thing_type, [(thing_id, body)])


def record_all(
    session: Session,
    at: datetime,
    actor_id: UUID | None,
    act: str,
    thing_type: str,
    done: Iterable[tuple[str, dict[str, Any]]],
) -> None:
    """The same act on many things at once: (thing, body)."""
    shared = {"at": at, "actor_id": actor_id, "act": act, "thing_type": thing_type}
    rows = [shared | {"thing_id": thing_id, "body": body} for thing_id, body in done]
    if rows:
        session.connection().execute(insert(_record), rows)


def incarnation(session: Session) -> str:
    """Which life of which database this is: the numbers of its changes mean nothing in another one.

    A copy of a PostgreSQL database has the same mark in its row, but another number of its own.
    """
    mark = session.scalars(select(Incarnation.id)).one().hex
    return f"{mark}-{session.scalar(_ADDRESS)}" if session.get_bind().dialect.name == "postgresql" else mark


def begin_anew(session: Session) -> None:
    """Begin a new life under a new mark: what was handed out before must not be gone on from."""
    session.execute(delete(Incarnation))
    session.execute(insert(Incarnation).values(id=uuid4()))


def is_ahead(session: Session, place: tuple[int, int]) -> bool:
    """Whether a place lies beyond everything that has happened here: an older copy of the files came back."""
    return place > newest(session)


def newest(session: Session) -> tuple[int, int]:
    """The place from which nothing can be missed: every earlier change is visible now."""
    if session.get_bind().dialect.name == "postgresql":
        oldest = session.scalar(select(oldest_running()))
        return (oldest or 1) - 1, 2**62
    # The highest number ever given, also when its row has had its time.
    return 0, session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'change'")) or 0


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
        question = question.where(Change.transaction_id < oldest_running())
    return list(session.execute(question).all())


def oldest_running() -> ColumnElement[int]:
    """PostgreSQL's oldest transaction that still runs: what is below it will not come late any more."""
    return cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)
