"""A city to look at, a browser to look with, and whoever has signed in before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.desks import Desk, seated
from tests.rig import browser as browsers
from tests.rig.city import City
from tests.rig.databases import Databases


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
