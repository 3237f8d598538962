"""The first administrator, new keys, and lists of codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.config import Settings
from backend.db import Database
from backend.keyring import KeyRing, NoKeys
from backend.services.people_import import HEADINGS
from backend.store import logins
from tests.cast import COUNTY, assemble

NEW = ["--name", "金主任", "--phone", "12377778888", "--region", "371500000000", "--password", "qing-he-lin-jin-5"]


@pytest.fixture
def database(environ: dict[str, str], fresh_database: Database) -> Database:
    """The cast lives here."""
    with fresh_database.transaction() as session:
        assemble(session, KeyRing.load_or_make(Settings.from_env(environ).keys_file))
    return fresh_database


def test_the_first_administrator_is_created_in_production_too_and_once(hezhang, database):
    made_up = hezhang("admin", "create", *NEW, HEZHANG_ENV="production")
    assert made_up.exit_code == 1
    assert "123" in made_up.output
    real = [*NEW[:3], "13877778888", *NEW[4:]]
    done = hezhang("admin", "create", *real, HEZHANG_ENV="production")
    assert done.exit_code == 0, done.output
    assert hezhang("admin", "create", *real).exit_code == 1
    for place, wrong in ((3, "no phone"), (5, "99"), (5, "x"), (7, "12345678")):
        words = [*NEW[:place], wrong, *NEW[place + 1 :]]
        if place != 3:
            words[3] = "12377770000"
        assert hezhang("admin", "create", *words).exit_code == 1


def test_new_keys_open_every_number_and_old_ones_no_longer_need_to(hezhang, database, environ):
    file = Settings.from_env(environ).keys_file
    before = KeyRing.load(file)
    assert "15 numbers" in hezhang("keys", "rotate").output
    after = KeyRing.load(file)
    assert after.current != before.current
    assert file.stat().st_mode & 0o077 == 0
    with database.reading() as session:
        sealed = [row.phone_sealed for row in logins.sealed_phones(session, None, 100)]
    assert all(after.is_current(each) for each in sealed)
    assert {after.open(each)[:6] for each in sealed} == {"+86123"}
    assert before.open(sealed[0]).startswith("+86123")  # a running worker looks at the file again
    with pytest.raises(ValueError, match="no key"):
        KeyRing.fresh().open(sealed[0])


def test_wrong_keys_never_become_new_ones_in_a_house_where_people_live(hezhang, database, environ, tmp_path):
    from backend.app import create_app

    nowhere = str(tmp_path / "elsewhere" / "keys.json")
    sheet = tmp_path / "people.csv"
    sheet.write_text(",".join(HEADINGS) + "\n", "utf-8-sig")
    commands = (
        ["backup", tmp_path / "all"],
        ["import", "people", sheet],
        ["admin", "create", *NEW],
        ["keys", "rotate"],
    )
    for command in (*commands, ["codes", "issue", "--region", COUNTY, "--out", tmp_path / "codes.csv"], ["seed"]):
        refused = hezhang(*command, HEZHANG_KEYS=nowhere)
        assert refused.exit_code == 1, command
        assert "key file" in refused.output, command
    with pytest.raises(NoKeys):
        create_app(Settings.from_env(environ | {"HEZHANG_KEYS": nowhere}), database=database)
    assert not Path(nowhere).exists()


def test_a_running_worker_seals_with_the_new_key_after_a_rotation(hezhang, database, environ):
    worker = KeyRing.load(Settings.from_env(environ).keys_file)
    hezhang("keys", "rotate")
    after = KeyRing.load(Settings.from_env(environ).keys_file)
    assert after.is_current(worker.seal("+8612300000001"))
    assert worker.open(after.seal("+8612300000001")) == "+8612300000001"
