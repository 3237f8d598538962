"""Desks: browsers without a screen that sign in to the console as one of the cast."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.models.people import Person
from backend.services.passwords import hashed
from tests.api.conftest import Clock, app, cast, clock, house, keyring, phone_of, settings
from tests.api.warning_cases import night
from tests.carriers import office, push, sms, tell, voice
from tests.cast import Cast

__all__ = [
    "app",
    "cast",
    "clock",
    "house",
    "keyring",
    "night",
    "office",
    "phone_of",
    "push",
    "settings",
    "sms",
    "tell",
    "voice",
]

PASSWORD = "河长今天去巡河"
SITE = "https://localhost"


class Desk:
    """A browser with its cookies; `submit` sends a form with what makes it ours."""

    def __init__(self, application: Flask) -> None:
        self.client = application.test_client()
        self.page: TestResponse | None = None
        self.path = ""

    def get(self, path: str, **rest: Any) -> TestResponse:
        """Open a page."""
        self.path = path
        self.page = self.client.get(path, base_url=SITE, buffered=True, **rest)
        return self.page

    def submit(self, path: str, **fields: Any) -> TestResponse:
        """Send a form of the page that is open."""
        fields.setdefault("csrf", self.csrf)
        sender = {"Referer": f"{SITE}{self.path}"}
        return self.client.post(path, data=fields, base_url=SITE, headers=sender, buffered=True)

    @property
    def text(self) -> str:
        """What the open page says."""
        return self.page.text if self.page else ""

    @property
    def csrf(self) -> str:
        """What the open page says for its forms."""
        found = re.search(r'<meta name="csrf" content="([0-9a-f]*)">', self.page.text if self.page else "")
        return found[1] if found else ""


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hashed(PASSWORD)


@pytest.fixture
def desk_of(app: Flask, session: Session, password_hash: str) -> Callable[[UUID | None], Desk]:
    """A desk at which somebody has signed in; at which nobody has for None."""

    def signed_in(person_id: UUID | None) -> Desk:
        desk = Desk(app)
        if person_id is not None:
            session.execute(update(Person).where(Person.id == person_id).values(password_hash=password_hash))
            desk.get("/console/login")
            answer = desk.submit("/console/login", phone=number_of(session, person_id), password=PASSWORD)
            assert answer.status_code == 303, answer.text
            desk.get("/console/")
        return desk

    return signed_in


@pytest.fixture
def proven(desk_of: Callable[[UUID | None], Desk]) -> Callable[[UUID], Desk]:
    """A desk at which the password was typed just now."""

    def sits(person_id: UUID) -> Desk:
        desk = desk_of(person_id)
        desk.get("/console/prove")
        desk.submit("/console/prove", password=PASSWORD)
        desk.get("/console/")
        return desk

    return sits


@pytest.fixture
def administrator(desk_of: Callable[[UUID | None], Desk], cast: Cast, clock: Clock) -> Desk:
    """The desk of the administrator, whose code and password were typed just now."""
    desk = desk_of(cast.jin)
    secret = re.search(r"<b>([A-Z2-7 ]+)</b>", desk.get("/console/code").text)
    assert secret is not None
    code = pyotp.TOTP(secret[1].replace(" ", "")).at(clock.now)
    assert desk.submit("/console/code", code=code).status_code == 303
    desk.get("/console/prove")
    assert desk.submit("/console/prove", password=PASSWORD).status_code == 303
    desk.get("/console/")
    return desk


def number_of(session: Session, person_id: UUID) -> str:
    """The number of one of the cast, from its ends: 123 and eight digits."""
    person = session.get_one(Person, person_id)
    return f"{person.phone_head}0000{person.phone_tail}"
