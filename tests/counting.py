"""How many questions are asked of the database, and that what somebody typed is shown as text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine

MOST = 12
"""Questions that a page may ask."""
HARMFUL = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>')
PAYLOAD = "".join(HARMFUL)
LONG = "欧阳" * 20
"""A name of forty letters."""


@contextmanager
def questions() -> Iterator[list[str]]:
    """What is asked meanwhile, but for the savepoints in which a test lives."""
    asked: list[str] = []

    def note(conn, cursor, statement, *_):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def is_harmless(page: str) -> bool:
    """Whether nothing of it has become part of the page."""
    return "<script>alert" not in page and "<img src=x" not in page
