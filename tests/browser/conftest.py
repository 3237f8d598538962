"""A city to look at, a browser to look with, phones, and whoever has signed in before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from backend.db import Database
from tests.browser.desks import Desk, seated
from tests.browser.strolls import Bank
from tests.rig import browser as browsers
from tests.rig.city import SEGMENT, City
from tests.rig.databases import Databases
from tests.rig.handset import Handset


@pytest.fixture(scope="module")
def city(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The seed city, served, in the middle of a morning's work."""
    running = City(tmp_path_factory.mktemp("city"), databases.fresh())
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.opened() as opened:
        yield opened


@pytest.fixture(scope="module")
def states(city: City) -> dict[str, Any]:
    """The cookies of whoever has signed in to this city."""
    return {}


@pytest.fixture
def desk_of(city: City, browser: Browser, states: dict[str, Any]) -> Iterator[Callable[..., Desk]]:
    """A desk at which somebody of that post sits; at which nobody sits for None."""
    opened = []

    def desk(post: str | None, language: str = "zh-CN") -> Desk:
        if post is not None and post not in states:
            first = seated(browser, city, language)
            opened.append(first)
            first.sign_in(post)
            states[post] = first.context.storage_state()
        found = seated(browser, city, language, states.get(post) if post else None)
        opened.append(found)
        return found

    yield desk
    for each in opened:
        each.context.close()


@pytest.fixture(scope="module")
def walked(city: City) -> set[str]:
    """Kinds of pages behind those of the navigation, with their languages, that somebody has walked."""
    return set()


@pytest.fixture
def handset_of(city: City, browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Handset]]:
    """A phone that somebody of that post has signed in on; a new one for None."""
    made: list[Handset] = []

    def handset(post: str | None = "village_chief", language: str = "zh-CN") -> Handset:
        phone = Handset(city, browser.browser_type, tmp_path / f"phone-{len(made)}", language)
        made.append(phone)
        phone.open()
        if post is not None:
            phone.sign_in(post)
        return phone

    yield handset
    for each in made:
        each.close()


@pytest.fixture
def along(city: City) -> Callable[..., list[list[float]]]:
    """Positions along a reach from a moment on, for so many seconds of walking."""

    def walk(begun: datetime, seconds: int, from_s: int = 0, code: str = SEGMENT) -> list[list[float]]:
        return Bank(city, code).along(begun, seconds, from_s)

    return walk


@pytest.fixture
def office(city) -> Iterator[Callable[[Any], list[Any]]]:
    """What the office has, by the question."""
    database = Database.connect(city.settings.database_url)

    def asked(question: Any) -> list[Any]:
        with database.reading() as session:
            return list(session.scalars(question))

    yield asked
    database.close()


@pytest.fixture
def elsewhere(city: City) -> Callable[..., dict[str, Any]]:
    """What somebody at a desk, or another phone, does meanwhile."""

    def do(post: str, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        phone = city.phone(post)
        try:
            return phone.get(path) if body is None else phone.do(method, path, body)
        finally:
            phone.close()

    return do
