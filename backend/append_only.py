"""Tables whose rows stay as they were written: triggers on both databases, and on PostgreSQL no right to alter them.

Whoever owns the tables can undo this, and must, to put a backup back: a house in production migrates as the owner
and serves as another user (docs/deploy.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

Verbs = tuple[str, ...]
STAYS: Mapping[str, Verbs] = {
    "fact": ("UPDATE", "DELETE"),
    "fact_secret": ("UPDATE",),
    "seal": ("UPDATE", "DELETE"),
    "seal_leaf": ("UPDATE", "DELETE"),
}
"""What cannot be done to the rows of which table; a personal value may be deleted (PIPL art. 47), never altered."""

_REFUSE = """\
CREATE OR REPLACE FUNCTION hezhang_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the rows of % stay as they were written', TG_TABLE_NAME; END $$"""


def close(execute: Callable[[Any], Any], dialect: str, tables: Mapping[str, Verbs] = STAYS) -> None:
    """Let nobody alter what is written there."""
    if dialect == "postgresql":
        execute(text(_REFUSE))
    for table, verbs in tables.items():
        for statement in _closing(table, verbs) if dialect == "postgresql" else _closing_sqlite(table, verbs):
            execute(text(statement))


def open_up(execute: Callable[[Any], Any], dialect: str, tables: Mapping[str, Verbs] = STAYS) -> None:
    """Undo that, for whoever owns the tables."""
    for table, verbs in tables.items():
        if dialect == "postgresql":
            execute(text(f"DROP TRIGGER IF EXISTS {table}_stays ON {table}"))
            execute(text(f"DROP TRIGGER IF EXISTS {table}_stays_whole ON {table}"))
            execute(text(f"GRANT {', '.join((*verbs, 'TRUNCATE'))} ON {table} TO CURRENT_USER"))
        else:
            for verb in verbs:
                execute(text(f"DROP TRIGGER IF EXISTS {table}_{verb.lower()}_stays"))


@contextmanager
def opened(connection: Connection) -> Iterator[None]:
    """Open for a restore, inside its transaction: closed again with it, or never opened."""
    there = {table: verbs for table, verbs in STAYS.items() if connection.dialect.has_table(connection, table)}
    open_up(connection.execute, connection.dialect.name, there)
    yield
    there = {table: verbs for table, verbs in STAYS.items() if connection.dialect.has_table(connection, table)}
    close(connection.execute, connection.dialect.name, there)


def _closing(table: str, verbs: Verbs) -> Iterator[str]:
    stays = f"ON {table} FOR EACH"
    yield f"CREATE TRIGGER {table}_stays BEFORE {' OR '.join(verbs)} {stays} ROW EXECUTE FUNCTION hezhang_stays()"
    yield f"CREATE TRIGGER {table}_stays_whole BEFORE TRUNCATE {stays} STATEMENT EXECUTE FUNCTION hezhang_stays()"
    yield f"REVOKE {', '.join((*verbs, 'TRUNCATE'))} ON {table} FROM PUBLIC, CURRENT_USER"


def _closing_sqlite(table: str, verbs: Verbs) -> Iterator[str]:
    for verb in verbs:
        refuse = f"BEGIN SELECT RAISE(ABORT, 'the rows of {table} stay as they were written'); END"
        yield f"CREATE TRIGGER {table}_{verb.lower()}_stays BEFORE {verb} ON {table} {refuse}"
