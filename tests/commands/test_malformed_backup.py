"""A backup that is sealed as it should be, but does not hold what it should, is refused in a line; nothing changes."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import inspect

from backend.config import Settings
from backend.db import Database
from backend.formats import archive
from backend.keyring import KeyRing
from backend.store import backup
from tests.cast import assemble

Members = dict[str, bytes]
PHOTO = b"what a camera saw"
ORIGINAL = f"originals/{hashlib.sha256(PHOTO).hexdigest()}"


@pytest.fixture
def members(hezhang, environ, fresh_database, tmp_path) -> Members:
    """What a good backup holds, by name."""
    with fresh_database.transaction() as session:
        assemble(session, KeyRing.load_or_make(Settings.from_env(environ).keys_file))
    assert hezhang("backup", tmp_path / "good.hezhang").exit_code == 0
    with archive.reading(tmp_path / "good.hezhang") as (packed, manifest):
        held = {name: packed.read(name) for name in packed.namelist()}
    return held | {ORIGINAL: PHOTO, "manifest.json": json.dumps(manifest | {"photos": 1}).encode()}


@pytest.fixture
def bare(databases, environ, tmp_path) -> dict[str, str]:
    """Another house, where nothing is yet; it has the same keys."""
    keys = str(Settings.from_env(environ).keys_file)
    return {"HEZHANG_DATA": str(tmp_path / "bare"), "DATABASE_URL": databases.empty(), "HEZHANG_KEYS": keys}


@pytest.fixture
def restore(hezhang, bare, tmp_path) -> Callable[..., str]:
    """Restore a sealed file of these members into the bare house; what the refusal says."""

    def restores(members: Members, *more: tuple[str | zipfile.ZipInfo, bytes]) -> str:
        file = tmp_path / "sealed.hezhang"
        with archive.writing(file) as packed:
            for name, content in (*members.items(), *more):
                packed.writestr(name, content)
        refused = hezhang("restore", file, **bare)
        assert refused.exit_code == 1, refused.output
        assert refused.output.strip().splitlines()[-1].startswith("Error: ")
        assert "nothing was changed" in refused.output
        return str(refused.output)

    return restores


@pytest.fixture
def untouched(bare) -> Callable[[], bool]:
    """Whether the bare house has neither a table nor a photo."""

    def is_untouched() -> bool:
        house = Database.connect(bare["DATABASE_URL"])
        tables = set(inspect(house.engine).get_table_names()) & set(backup.names())
        house.close()
        photos = Path(bare["HEZHANG_DATA"]) / "photos" / "originals"
        return not tables and not [path for path in photos.rglob("*") if path.is_file()]

    return is_untouched


def altered(members: Members, table: str, change: Callable[[dict], object]) -> Members:
    """The same with the first row of a table changed."""
    name = f"tables/{table}.jsonl"
    first, *rest = members[name].splitlines(keepends=True)
    row = json.loads(first)
    change(row)
    return members | {name: json.dumps(row).encode() + b"\n" + b"".join(rest)}


def manifest(members: Members, **changes: object) -> Members:
    return members | {"manifest.json": json.dumps(json.loads(members["manifest.json"]) | changes).encode()}


def test_what_is_as_it_should_be_is_taken(hezhang, members, bare, tmp_path):
    with archive.writing(tmp_path / "sealed.hezhang") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    done = hezhang("restore", tmp_path / "sealed.hezhang", **bare)
    assert done.exit_code == 0, done.output
    assert "1 photos" in done.output


def test_a_manifest_that_is_none_is_refused(restore, untouched, members):
    for content in (b"[]", b"", b"{", b"null", b"\xff", b"[" * 100_000, b'{"kind": "hezhang-backup"}'):
        restore(members | {"manifest.json": content})
    wrong = {"rows": [], "photos": "1", "missing": {}, "keys": [1], "key_check": 1, "schema": None}
    for name, value in wrong.items():
        assert "manifest.json" in restore(manifest(members, **{name: value}))
    assert "manifest.json" in restore(manifest(members, rows={"person": "many"}))
    restore({name: content for name, content in members.items() if name != "manifest.json"})
    assert untouched()


def test_a_table_that_is_cut_missing_or_not_ours_is_refused(restore, untouched, members):
    person = members["tables/person.jsonl"]
    for content in (person[:-20], person.splitlines(keepends=True)[0], person + b"{}\n", person + b"[1]\n", b"\xff\n"):
        assert "tables/person.jsonl" in restore(members | {"tables/person.jsonl": content})
    for name in ("tables/patrol.jsonl", "tables/segment.jsonl"):
        assert name in restore({each: content for each, content in members.items() if each != name})
    assert "tables/foreign.jsonl" in restore(members | {"tables/foreign.jsonl": b""})
    counts = json.loads(members["manifest.json"])["rows"]
    assert "tables/river.jsonl" in restore(manifest(members, rows=counts | {"river": 99}))
    assert untouched()


WRONG_VALUES = [
    ("person", "token_version", "one"),
    ("person", "token_version", 2**70),
    ("person", "is_active", 1),
    ("person", "name", 5),
    ("person", "name", None),
    ("person", "phone_index", "no bytes"),
    ("person", "created_at", "yesterday"),
    ("person", "created_at", {"$at": "2025-01-01T00:00:00"}),
    ("person", "created_at", {"$at": "yesterday"}),
    ("person", "id", {"$id": "nobody"}),
    ("person", "id", {}),
    ("person", "id", {"$magic": 1}),
    ("segment", "line", {"$shape": "AAAA"}),
    ("segment", "line", {"$shape": "AQEAAAAAAAAAAAAAAAAAAAAAAAAA"}),
    ("segment", "length_m", "long"),
    ("segment", "region_code", "999999"),
]


def test_rows_that_their_table_cannot_hold_are_refused(restore, untouched, members):
    for table, column, value in WRONG_VALUES:
        restore(altered(members, table, partial(dict.update, **{column: value})))
    assert "tables/person.jsonl" in restore(altered(members, "person", lambda row: row.update(favourite="tea")))
    assert "tables/person.jsonl" in restore(altered(members, "person", lambda row: row.pop("name")))
    assert untouched()


def test_photos_that_are_not_what_their_name_says_are_refused(restore, untouched, members):
    assert ORIGINAL in restore(members | {ORIGINAL: PHOTO + b"x"})
    assert "originals" in restore(manifest(members, photos=2))
    assert untouched()


def test_places_outside_links_and_doubles_are_refused(restore, untouched, members, tmp_path):
    for name in ("originals/../x", "../x", "/etc/x", "originals/x", "tables/../x.jsonl", "C:\\x", "originals/", "x"):
        assert name in restore(members, (name, b"x"))
    link = zipfile.ZipInfo(f"originals/{'0' * 64}")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert link.filename in restore(members, (link, b"/etc/passwd"))
    with pytest.warns(UserWarning, match="Duplicate name"):
        assert "tables/person.jsonl" in restore(members, ("tables/person.jsonl", members["tables/person.jsonl"]))
    assert untouched()
    assert not (tmp_path / "x").exists()


def test_a_house_that_is_to_be_replaced_keeps_what_it_has(hezhang, members, fresh_database, tmp_path):
    with backup.moment(fresh_database) as session:
        before = list(backup.rows(session, "person"))
    file = tmp_path / "sealed.hezhang"
    with archive.writing(file) as packed:
        for name, content in altered(members, "segment", lambda row: row.update(region_code="999999")).items():
            packed.writestr(name, content)
    assert hezhang("restore", file, "--replace").exit_code == 1
    with backup.moment(fresh_database) as session:
        assert list(backup.rows(session, "person")) == before
