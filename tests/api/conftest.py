"""The house with its cast inside one rolled-back transaction, phones to call it with, and a real server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.app import opened, wired
from backend.clock import utcnow
from backend.commands import serve
from backend.config import Settings
from backend.context import House as Opened
from backend.context import furnish
from backend.db import Database
from backend.keyring import KeyRing
from backend.models.patrols import Patrol
from backend.models.people import Person
from backend.services import tokens
from backend.services.tokens import Claims
from jobs.runner import House
from tests.api.warning_cases import night
from tests.bench import scene
from tests.carriers import office, push, sms, tell, voice
from tests.cast import NOON, Cast, assemble

__all__ = ["night", "office", "push", "sms", "tell", "voice"]


class Clock:
    """Time that moves when the test says so."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class Phone:
    """Somebody's phone, signed in: requests with a token of theirs."""

    def __init__(self, client: FlaskClient, token: str | None) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __getattr__(self, method: str) -> Callable[..., TestResponse]:
        def call(path: str, *, headers: dict[str, str] | None = None, **rest: Any) -> TestResponse:
            return getattr(self.client, method)(path, headers=self.headers | (headers or {}), **rest)

        return call


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A house in a folder of its own."""
    return Settings.from_env({"HEZHANG_DATA": str(tmp_path), "HEZHANG_ENV": "test", "HEZHANG_LOG": "ERROR"})


@pytest.fixture
def keyring(settings: Settings) -> KeyRing:
    """The keys of that house."""
    return KeyRing.load_or_make(settings.keys_file)


@pytest.fixture
def clock() -> Clock:
    """Noon on a Wednesday, until the test moves it."""
    return Clock()


@pytest.fixture
def cast(session: Session, keyring: KeyRing) -> Cast:
    """Everybody is there."""
    return assemble(session, keyring)


@pytest.fixture
def app(settings: Settings, database: Database, cast: Cast, clock: Clock, wirings: dict[str, Flask]) -> Flask:
    """The web application, in front of the house of this test."""
    return _in_front("app", wirings, opened(settings, database=database, clock=clock))


def _in_front(name: str, wirings: dict[str, Flask], here: Opened) -> Flask:
    """The application of that name, made once a process: to wire it takes longer than most tests."""
    if name not in wirings:
        wirings[name] = wired(here)
    furnish(wirings[name], here)
    return wirings[name]


@pytest.fixture
def phone_of(app: Flask, session: Session, keyring: KeyRing, clock: Clock) -> Callable[[UUID | None], Phone]:
    """A phone signed in as somebody; as nobody for None."""

    def signed_in(person_id: UUID | None) -> Phone:
        if person_id is None:
            return Phone(app.test_client(), None)
        version = session.get_one(Person, person_id).token_version
        return Phone(app.test_client(), tokens.issue(Claims(person_id, version), keyring, clock()))

    return signed_in


@dataclass
class Lasting:
    """The house on a database that really commits: what PostgreSQL shows only after a commit is shown here."""

    cast: Cast
    database: Database
    app: Flask
    keyring: KeyRing
    clock: Clock

    def phone_of(self, person_id: UUID) -> Phone:
        """A phone signed in as somebody whose posts have not changed."""
        return Phone(self.app.test_client(), tokens.issue(Claims(person_id, 1), self.keyring, self.clock()))


@pytest.fixture
def lasting(
    settings: Settings, fresh_database: Database, keyring: KeyRing, clock: Clock, wirings: dict[str, Flask]
) -> Lasting:
    """Everybody is there, for all connections."""
    with fresh_database.transaction() as session:
        cast = assemble(session, keyring)
    app = _in_front("lasting", wirings, opened(settings, database=fresh_database, clock=clock))
    return Lasting(cast, fresh_database, app, keyring, clock)


@pytest.fixture
def house(app: Flask, settings: Settings) -> House:
    """What the jobs work on."""
    here = app.extensions["hezhang"]
    return House(settings, here.database, here.photos)


@dataclass
class Served:
    """A running server with the cast in its database."""

    port: int
    database: Database
    token: str
    home: Path

    def put(self, path: str, body: bytes | Iterable[bytes], **headers: str) -> tuple[int, Any]:
        """One request on a connection of its own; header names use _ for -."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=180)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("PUT", path, body, self.headers | named, encode_chunked="Transfer-Encoding" in named)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text)

    @property
    def headers(self) -> dict[str, str]:
        """As Wang's phone sends them."""
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}

    def count(self) -> int:
        """Patrols in the database."""
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(Patrol)) or 0


@pytest.fixture
def served(tmp_path: Path, fresh_url: str, fresh_database: Database) -> Iterator[Served]:
    """The server as `make run` starts it."""
    settings = Settings.from_env({"HEZHANG_DATA": str(tmp_path), "HEZHANG_ENV": "test"})
    keyring = KeyRing.load_or_make(settings.keys_file)
    with fresh_database.transaction() as session:
        cast = assemble(session, keyring)
    command = [word.replace(str(settings.port), "{port}") for word in serve.command_line(settings, "127.0.0.1")]
    token = tokens.issue(Claims(cast.wang, 1), keyring, utcnow())
    with scene.server(command, tmp_path, fresh_url) as (port, _):
        yield Served(port, fresh_database, token, tmp_path)
