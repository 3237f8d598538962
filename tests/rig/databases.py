"""Databases for tests: a template, migrated once, from which fresh ones are cut; SQLite and PostGIS alike."""

from __future__ import annotations

import itertools
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, NullPool, create_engine, make_url, text

from backend import schema
from backend.db import Database
from tests.rig.postgres import Server

_FORGOTTEN_S = 6 * 3600
"""A test database on a lasting server that is older than this lost its owner."""


class Databases(Protocol):
    """Where fresh, migrated databases come from."""

    def fresh(self) -> str:
        """The address of a new database with the newest schema and no rows but the migrations' own."""

    def empty(self) -> str:
        """The address of a new database without any schema, for tests of the migrations."""

    def drop(self, url: str) -> None:
        """Delete one of them; whoever is still connected is thrown out."""

    def close(self) -> None:
        """Delete everything."""


class SqliteDatabases:
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._template = folder / "template.sqlite"
        _migrate(f"sqlite:///{self._template}")

    def fresh(self) -> str:
        """A copy of the template's file; its last connection is closed, so there is no log beside it."""
        file = self._next_file()
        shutil.copyfile(self._template, file)
        return f"sqlite:///{file}"

    def empty(self) -> str:
        """A file that is not there yet."""
        return f"sqlite:///{self._next_file()}"

    def drop(self, url: str) -> None:
        """Delete its file, and the log beside it."""
        for ending in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + ending).unlink(missing_ok=True)

    def close(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _next_file(self) -> Path:
        return self._folder / f"house{next(self._numbers)}.sqlite"


class PostgisDatabases:
    """Databases on a server, dropped at the end."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._stem = f"hezhang_test_{int(time.time())}_{os.getpid()}_{secrets.token_hex(2)}"
        self._names: list[str] = []
        self._numbers = itertools.count(1)
        with self._administering() as admin:
            _drop(admin, _forgotten(admin))
        self._template = self._create("template0")
        _migrate(server.url(self._template))

    def fresh(self) -> str:
        """A database cut from the template."""
        return self._server.url(self._create(self._template))

    def empty(self) -> str:
        """A database with nothing in it; the migrations make the PostGIS extension themselves."""
        return self._server.url(self._create("template0"))

    def drop(self, url: str) -> None:
        """Drop it, with the connections of servers that a test has killed."""
        name = make_url(url).database or ""
        self._names.remove(name)
        with self._administering() as admin:
            _drop(admin, [name])

    def close(self) -> None:
        """Drop the databases and stop the server if it is our own."""
        with self._administering() as admin:
            _drop(admin, reversed(self._names))
        self._server.stop()

    def _create(self, template: str) -> str:
        name = f"{self._stem}_{next(self._numbers)}"
        with self._administering() as admin:
            admin.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\''))
        self._names.append(name)
        return name

    @contextmanager
    def _administering(self) -> Iterator[Connection]:
        engine = create_engine(self._server.admin, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection


def _migrate(url: str) -> None:
    database = Database.connect(url)
    try:
        schema.upgrade(database)
    finally:
        database.close()


def _drop(admin: Connection, names: Iterable[str]) -> None:
    for name in names:
        admin.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def _forgotten(admin: Connection) -> Iterator[str]:
    for name in admin.scalars(text("SELECT datname FROM pg_database")).all():
        born = re.match(r"hezhang_test_(\d+)_", name)
        if born and time.time() - int(born[1]) > _FORGOTTEN_S:
            yield name
