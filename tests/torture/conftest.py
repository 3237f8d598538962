"""The scene of the hard tests: a river full of chiefs, their tokens, and a real server that may be killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from backend.config import Settings
from backend.db import Database
from backend.keyring import KeyRing
from tests.api.conftest import app, cast, clock, keyring, lasting, phone_of, settings
from tests.bench import scene
from tests.rig.serving import Serving

__all__ = ["app", "cast", "clock", "keyring", "lasting", "phone_of", "settings"]


@pytest.fixture
def token_of(tmp_path: Path) -> Callable[[UUID], str]:
    """A new access token of somebody, as long tests outlive one."""
    home = Settings.from_env({"HEZHANG_DATA": str(tmp_path), "HEZHANG_ENV": "test"})
    keys = KeyRing.load_or_make(home.keys_file)
    return lambda person: scene.token(person, keys)


@pytest.fixture
def chiefs(fresh_database: Database) -> list[scene.Chief]:
    """Twenty-four village chiefs with a segment each, in a database that really commits."""
    return scene.fill(fresh_database, 24)


@pytest.fixture
def serving(tmp_path: Path, fresh_url: str, chiefs: list[scene.Chief], token_of: object) -> Iterator[Serving]:
    """The server as `make run` starts it, before those chiefs."""
    here = Serving(tmp_path, fresh_url)
    here.start()
    yield here
    here.stop()
