"""What lies on the disk is for nobody else's eyes, also what an earlier version left open."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.app import create_app
from backend.config import Settings
from backend.db import Database
from backend.files.store import PhotoStore
from tests.commands.test_backup import PHOTO

pytestmark = pytest.mark.only_on("sqlite")


@pytest.fixture
def home(hezhang, environ, tmp_path) -> Iterator[Path]:
    """The state of a house that was begun where everybody may look by default, and whose database is open."""
    environ["DATABASE_URL"] = ""
    before = os.umask(0)
    try:
        assert hezhang("db", "upgrade").exit_code == 0
        settings = Settings.from_env(environ)
        app = create_app(settings)
        keep_a_photo(settings)
        database = Database.connect(settings.database_url)
        with database.transaction():
            yield tmp_path / "house"
        database.close()
        assert app
    finally:
        os.umask(before)


def keep_a_photo(settings: Settings) -> None:
    photos, rest = PhotoStore.open(settings.photos_url), [PHOTO]
    with photos.receiving(lambda _: rest.pop() if rest else b"", len(PHOTO)) as incoming:
        photos.keep(incoming, {"small": PHOTO[:99]})


def open_ones(home: Path) -> list[str]:
    return [str(path) for path in (home, *home.rglob("*")) if path.stat().st_mode & 0o077]


def test_database_photos_keys_and_their_folders_are_made_private(home):
    assert (home / "hezhang.sqlite-wal").exists()
    assert any(path.is_file() for path in (home / "photos").rglob("*"))
    assert open_ones(home) == []


def test_what_an_earlier_version_left_open_is_closed_at_the_next_start(home, environ):
    left = [home, home / "photos", *home.glob("hezhang.sqlite*")]
    for path in left:
        path.chmod(0o755)
    create_app(Settings.from_env(environ))
    assert not {str(path) for path in left} & set(open_ones(home))


def test_a_folder_with_things_of_others_keeps_its_mode_and_ours_in_it_are_closed(home, environ):
    (home / "somebody_elses").mkdir()
    for path in (home, home / "photos"):
        path.chmod(0o755)
    create_app(Settings.from_env(environ))
    assert [path.stat().st_mode & 0o777 for path in (home, home / "photos")] == [0o755, 0o700]
