"""The house with its cast inside one rolled-back transaction, and phones to call it with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.app import create_app
from backend.config import Settings
from backend.db import Database
from backend.keyring import KeyRing
from backend.models.people import Person
from backend.services import tokens
from backend.services.tokens import Claims
from tests.cast import NOON, Cast, assemble


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
def app(settings: Settings, database: Database, cast: Cast, clock: Clock) -> Flask:
    """The web application of the house."""
    return create_app(settings, database=database, clock=clock)


@pytest.fixture
def phone_of(app: Flask, session: Session, keyring: KeyRing, clock: Clock) -> Callable[[UUID | None], Phone]:
    """A phone signed in as somebody; as nobody for None."""

    def signed_in(person_id: UUID | None) -> Phone:
        if person_id is None:
            return Phone(app.test_client(), None)
        version = session.get_one(Person, person_id).token_version
        return Phone(app.test_client(), tokens.issue(Claims(person_id, version), keyring, clock()))

    return signed_in
