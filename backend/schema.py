"""The schema of a database: bring it up to date, take it down, and say whether it is current."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from backend.db import Database

HEAD = "head"
BASE = "base"
_LOCK = 4_203_715  # any fixed number: two servers that start together must not migrate together


def upgrade(database: Database, revision: str = HEAD) -> None:
    """Bring the schema to a revision; all of it or nothing, on both databases."""
    with _migrating(database) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str = BASE) -> None:
    """Take the schema back to a revision; rows of tables that did not exist then are lost."""
    with _migrating(database) as connection:
        command.downgrade(_config(connection), revision)


def is_current(database: Database) -> bool:
    """Whether the database stands where this code expects it."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head()


@cache
def head() -> str | None:
    """The newest revision that this code knows."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


@contextmanager
def _migrating(database: Database) -> Iterator[Connection]:
    """One connection whose transaction holds the whole migration; foreign keys rest on SQLite meanwhile."""
    if database.dialect == "sqlite":
        with database.engine.connect().execution_options(immediate=True) as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys=OFF")  # no effect once a transaction has begun
            try:
                with connection.begin():
                    yield connection
            finally:
                raw.execute("PRAGMA foreign_keys=ON")
        return
    with database.engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
        yield connection


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
