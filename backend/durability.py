"""Whether the database really keeps what it acknowledged, also through a power cut."""

from __future__ import annotations

from sqlalchemy import text

from backend.config import ImpossibleSettings
from backend.db import AWAY, Database

_SYNCHRONOUS_FULL = 2


class NotDurable(ImpossibleSettings):
    """The database is set so that power loss may take what it acknowledged."""


_FRAIL = text(
    "SELECT name, setting FROM pg_settings"
    " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name"
)


def frailties(database: Database) -> list[str]:
    """Settings under which power loss may take a report that was acknowledged; none is what there should be."""
    with database.reading() as session:
        if database.dialect == "postgresql":
            return [f"{name}={value}" for name, value in session.execute(_FRAIL)]
        mode = session.scalar(text("PRAGMA journal_mode"))
        level = session.scalar(text("PRAGMA synchronous")) or 0
    # A file system without shared memory gives another mode than WAL, without a word.
    found = [] if mode == "wal" else [f"journal_mode={mode}"]
    return found if level >= _SYNCHRONOUS_FULL else [*found, f"synchronous={level}"]


def require_durable(database: Database) -> None:
    """NotDurable when the database may forget; one that is away now is asked again by `/readyz`."""
    try:
        found = frailties(database)
    except AWAY:
        return
    if found:
        raise NotDurable("setting.frail", found=", ".join(found))
