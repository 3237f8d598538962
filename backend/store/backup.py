"""Every row of every table, as of one moment; and putting them back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, column, func, insert, select, table, text
from sqlalchemy.orm import Session

from backend.db import Database
from backend.models import tables
from backend.models.photos import Photo

_CHUNK = 1000
_BEGUN_WITH = {"rule", "incarnation"}
Row = dict[str, Any]


@contextmanager
def moment(database: Database) -> Iterator[Session]:
    """One look at the whole database: nothing that is written meanwhile shows in it."""
    engine = database.engine
    if database.dialect == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with engine.connect() as connection, connection.begin(), Session(connection) as session:
        yield session


def names() -> list[str]:
    """Every table, those first that others refer to."""
    return [table.name for table in tables.in_order()]


def rows(session: Session, name: str) -> Iterator[Row]:
    """Every row of a table, those that others refer to first."""
    table = _table(name)
    question = select(table).order_by(*_order(table)).execution_options(yield_per=_CHUNK)
    for row in session.execute(question).mappings():
        yield dict(row)


def is_photo_still_here(database: Database, sha256: bytes) -> bool:
    """Whether a photo is known now, outside the moment that is looked at."""
    with database.reading() as session:
        return session.get(Photo, sha256) is not None


def is_empty(session: Session) -> bool:
    """Whether no table holds a row but those that a new house begins with."""
    asked = (select(func.count()).select_from(_table(name)) for name in names() if name not in _BEGUN_WITH)
    return all(not session.scalar(question) for question in asked)


def clear(session: Session) -> None:
    """Delete everything."""
    for name in reversed(names()):
        session.execute(_table(name).delete())


def put(session: Session, name: str, batch: list[Row]) -> None:
    """Write rows as they were, also into the tables of an older schema, which have the columns of the rows.

    Numbers of transactions mean nothing in another database.
    """
    if name == "change":
        batch = [row | {"transaction_id": 0} for row in batch]
    types = {each.name: each.type for each in _table(name).columns}
    session.execute(insert(table(name, *(column(each, types[each]) for each in batch[0]))), batch)


def count_on(session: Session) -> None:
    """Let PostgreSQL's running numbers go on after the highest that was put back."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for each in tables.in_order():
        if "seq" in each.columns:
            session.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{each.name}', 'seq'), "  # noqa: S608 - names of our own
                    f"coalesce((SELECT max(seq) FROM {each.name}), 0) + 1, false)"
                )
            )


def _table(name: str) -> Table:
    return next(table for table in tables.in_order() if table.name == name)


def _order(table: Table) -> list[Any]:
    """Parents before children: a higher level of the tree of reaches first."""
    return [table.c.level.desc(), table.c.id] if table.name == "segment" else list(table.primary_key.columns)
