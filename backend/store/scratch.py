"""Databases that are made for one drill and thrown away after it, beside the real one and never in it."""

from __future__ import annotations

import secrets

from sqlalchemy import NullPool, create_engine, make_url, text

_STEM = "hezhang_drill_"


def made(server: str) -> str:
    """The address of a new, empty database on the server of another one; the role there must be allowed to make it."""
    name = f"{_STEM}{secrets.token_hex(6)}"
    _administered(server, f"CREATE DATABASE {name} TEMPLATE template0")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def dropped(url: str, server: str) -> None:
    """Throw it away, with whoever is still connected; nothing that was not made here can be thrown away."""
    name = make_url(url).database or ""
    if not name.startswith(_STEM):
        raise ValueError(name)
    _administered(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _administered(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()
