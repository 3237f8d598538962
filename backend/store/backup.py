"""Every row of every table, as of one moment; and putting them back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import JSON, Table, column, func, insert, inspect, select, table, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from backend.db import AWAY, Database, Shape, UtcTime
from backend.models import tables
from backend.models.photos import Photo

_CHUNK = 1000
_BEGUN_WITH = {"rule", "incarnation"}
Row = dict[str, Any]


class BadRow(ValueError):
    """Rows that their table cannot hold."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table


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


def columns(session: Session, name: str) -> set[str]:
    """The columns that a table has now, which may be those of an older schema."""
    found = inspect(session.connection())
    return {each["name"] for each in found.get_columns(name)} if found.has_table(name) else set()


def put(session: Session, name: str, batch: list[Row], there: set[str]) -> None:
    """Write rows as they were, into a table that has these columns; BadRow when it cannot hold them.

    Numbers of transactions mean nothing in another database.
    """
    types = {each.name: each.type for each in _table(name).columns if each.name in there}
    if not all(row.keys() == types.keys() and _fits(row, types) for row in batch):
        raise BadRow(name)
    if name in ("change", "fact"):
        batch = [row | {"transaction_id": 0} for row in batch]
    try:
        session.execute(insert(table(name, *(column(each, kind) for each, kind in types.items()))), batch)
    except AWAY:
        raise
    except (SQLAlchemyError, ValueError, OverflowError) as wrong:
        raise BadRow(name) from wrong


def _fits(row: Row, types: dict[str, TypeEngine[Any]]) -> bool:
    """Whether the values are of the types; SQLite would take any."""
    return all(value is None or _is(value, types[name]) for name, value in row.items())


def _is(value: Any, kind: TypeEngine[Any]) -> bool:
    if isinstance(kind, Shape):
        return isinstance(value, BaseGeometry) and kind.kind in (value.geom_type.upper(), "GEOMETRY")
    if isinstance(kind, JSON):
        return True
    wanted = datetime if isinstance(kind, UtcTime) else kind.python_type
    return type(value) is wanted or (wanted is float and type(value) is int)


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
