"""The schema of a database: bring it up to date, take it down, and say whether it is current."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from backend.db import Database, Session

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "head"
BASE = "base"
_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 4_203_715  # any fixed number: two servers that start together must not migrate together


def upgrade(database: Database, revision: str = HEAD) -> None:
    """Bring the schema to a revision; all of it or nothing, on both databases."""
    with _migrating(database) as connection:
        _alembic().upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str = BASE) -> None:
    """Take the schema back to a revision; rows of tables that did not exist then are lost."""
    with _migrating(database) as connection:
        _alembic().downgrade(_config(connection), revision)


class Dangling(ValueError):
    """A row refers to one that is not there."""


@contextmanager
def rewriting(database: Database) -> Iterator[Session]:
    """One transaction in which rows and schema are written together: all of it or nothing, on both databases."""
    with _migrating(database) as connection, Session(connection) as session:
        yield session
        check_keys(session)


def check_keys(session: Session) -> None:
    """Dangling when a row refers to one that is not there; PostgreSQL has looked at each row by itself."""
    session.flush()
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if is_sqlite and session.execute(text("PRAGMA foreign_key_check")).first() is not None:
        raise Dangling  # the keys rest while it is written


def go_to(session: Session, revision: str = HEAD) -> None:
    """Inside such a transaction, take the newest schema back to a revision, or an older one to the newest."""
    move = _alembic().upgrade if revision == HEAD else _alembic().downgrade
    move(_config(session.connection()), revision)


def is_known(revision: str) -> bool:
    """Whether this code knows a revision: one of a newer version it does not."""
    return revision in _revisions()


def is_current(database: Database) -> bool:
    """Whether the database stands where this code expects it."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.scalar(text("SELECT version_num FROM alembic_version")) == head()


def revision(session: Session) -> str:
    """Where the schema of a database stands that was migrated before."""
    return str(session.scalar(text("SELECT version_num FROM alembic_version")))


def is_bare(database: Database) -> bool:
    """Whether nothing was ever migrated there, so that nobody can be there."""
    with database.engine.connect() as connection:
        return not inspect(connection).has_table("person")


@cache
def head() -> str:
    """The newest revision that this code knows; a revision bears the name of its file."""
    return max(_revisions())


def _revisions() -> set[str]:
    return {file.stem for file in (_MIGRATIONS / "versions").glob("[0-9]*.py")}


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


def _alembic() -> ModuleType:
    # Web workers only ask where the schema stands, and need not keep all of Alembic in memory for that.
    from alembic import command

    return command


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
