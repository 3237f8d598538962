"""A backup holds every row and photo of one moment; a damaged one is refused before anything is touched."""

from __future__ import annotations

import hashlib
import json
import os
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select

from backend import schema
from backend.app import create_app
from backend.config import Settings
from backend.db import Database
from backend.formats import archive, cap, cap_out
from backend.keyring import KeyRing
from backend.models import tables
from backend.models.clockwork import JobSlot
from backend.services import signals, tokens
from backend.services.tokens import Claims
from backend.store import backup, changes, feeds
from tests.api.signal_cases import CORPUS, message
from tests.cast import LINE, NOON, Cast, assemble
from tests.makers import new_id, patrol_body

PHOTO = (Path(__file__).parents[1] / "data" / "photos" / "synth_tuhai_ok.jpg").read_bytes()


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    """The house that is backed up."""
    return Settings.from_env(environ)


@pytest.fixture
def database(fresh_database: Database) -> Database:
    """Its database, which really commits."""
    return fresh_database


@pytest.fixture
def cast(database: Database, settings: Settings) -> Cast:
    """Everybody is there."""
    with database.transaction() as session:
        return assemble(session, KeyRing.load_or_make(settings.keys_file))


@pytest.fixture
def hand_in(settings: Settings, database: Database, cast: Cast) -> Callable[..., Any]:
    """Wang's phone."""
    app = create_app(settings, database=database, clock=lambda: NOON)
    token = tokens.issue(Claims(cast.wang, 1), KeyRing.load(settings.keys_file), NOON)

    def send(path: str, **rest: Any) -> Any:
        return app.test_client().put(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"}, **rest)

    return send


def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    with backup.moment(database) as session:
        found = {name: list(backup.rows(session, name)) for name in backup.names()}
    assert len(found.pop("incarnation")) == 1  # a restored house begins a new life
    for row in found["change"]:
        row["transaction_id"] = 0
    for table in found.values():
        for row in table:
            for name in ("line", "levee", "point", "shape"):
                row[name] = row[name].wkt if row.get(name) is not None else None
    return found


def weather(database: Database) -> None:
    """Signals with a shape, an update and a conflict, and a feed with a document that waits."""
    polygon = cap.read((CORPUS / "synthetic_dongchangfu_rainstorm_red_polygon.xml").read_bytes())
    first = message()
    for said in (first, message(2, "red", minutes=5, updates=(first,)), message(colour="blue"), polygon):
        with database.transaction() as session:
            paper = signals.prepare(session, said, cap_out.write(said), today=NOON.date())
            signals.receive(session, paper, now=NOON)
    with database.transaction() as session:
        kept = {"title": "x", "form": "atom", "every_s": 60, "silent_s": 600, "is_on": True, "kept_at": NOON}
        feeds.add(session, kept | {"name": "city", "due_at": NOON, "version": 1, "failures": 0, "key_sha256": b"x"})
        feeds.note(session, "city", [(b"digest", "http://example.org/1")], NOON)


def test_every_row_and_photo_comes_back(hezhang, hand_in, database, settings, databases, tmp_path):
    digest = hashlib.sha256(PHOTO).hexdigest()
    assert hand_in(f"photos/{digest}", data=PHOTO, content_type="image/jpeg").status_code == 201
    for seed in range(3):
        body = patrol_body(LINE, seed=seed) | {"photos": [digest]}
        assert hand_in(f"patrols/{new_id()}", json=body).status_code == 201
    weather(database)
    before = everything(database)
    file, keys = tmp_path / "all.hezhang", tmp_path / "keys.json"
    assert hezhang("backup", file, "--keys", keys).exit_code == 0

    bare = {"HEZHANG_DATA": str(tmp_path / "bare"), "DATABASE_URL": databases.empty(), "HEZHANG_KEYS": str(keys)}
    done = hezhang("restore", file, **bare)
    assert done.exit_code == 0, done.output
    other = Database.connect(Settings.from_env(bare).database_url)
    assert everything(other) == before
    original = tmp_path / "bare" / "photos" / "originals" / digest[:2] / digest
    assert original.read_bytes() == PHOTO
    assert hezhang("restore", file, **bare).exit_code == 1  # it is not empty any more
    assert hezhang("restore", file, "--replace", **bare).exit_code == 0
    assert everything(other) == before
    with other.transaction() as session:
        changes.record(session, NOON, None, "restored", "house", "-", {})  # running numbers go on
    other.close()
    assert settings.keys_file.read_bytes() == keys.read_bytes()


def test_a_damaged_cut_or_foreign_backup_is_refused(hezhang, cast, databases, tmp_path):
    file = tmp_path / "all.hezhang"
    assert hezhang("backup", file).exit_code == 0
    whole = file.read_bytes()
    dice = random.Random(5)
    places = [dice.randrange(len(whole)) for _ in range(20)]
    bad = [whole[:-1024], whole[: len(whole) // 2], b"", b"PK not a zip at all" * 100, whole + b"x"]
    bad += [whole[:at] + bytes([whole[at] ^ 1 << dice.randrange(8)]) + whole[at + 1 :] for at in places]
    url = databases.empty()
    for number, content in enumerate(bad):
        broken = tmp_path / f"broken{number}"
        broken.write_bytes(content)
        refused = hezhang("restore", broken, DATABASE_URL=url)
        assert refused.exit_code == 1
        assert "nothing was changed" in refused.output
    wrong = hezhang("restore", file, DATABASE_URL=url, HEZHANG_KEYS=str(tmp_path / "other" / "keys.json"))
    assert wrong.exit_code == 1
    assert "key file" in wrong.output


def test_a_backup_under_load_is_one_moment(hezhang, hand_in, database, databases, settings, tmp_path):
    ended = threading.Event()

    def walk() -> None:
        while not ended.is_set():
            hand_in(f"patrols/{new_id()}", json=patrol_body(LINE, metres=60))

    walkers = [threading.Thread(target=walk) for _ in range(3)]
    for walker in walkers:
        walker.start()
    files = [tmp_path / f"{number}.hezhang" for number in range(3)]
    codes = [hezhang("backup", file).exit_code for file in files]
    ended.set()
    for walker in walkers:
        walker.join()
    assert codes == [0, 0, 0]
    bare = {"DATABASE_URL": databases.empty(), "HEZHANG_KEYS": str(settings.keys_file)}
    bare["HEZHANG_DATA"] = str(tmp_path / "bare")
    assert hezhang("restore", files[-1], **bare).exit_code == 0
    other = Database.connect(Settings.from_env(bare).database_url)
    restored = everything(other)
    other.close()
    handed_in = ("seq", "id", "body_sha256", "track", "report")  # what a later walk never alters

    def kept(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        return [tuple(row[name] for name in handed_in) for row in rows]

    assert restored["patrol"]
    assert kept(restored["patrol"]) == kept(everything(database)["patrol"])[: len(restored["patrol"])]


def test_after_a_restore_every_phone_starts_afresh_and_misses_nothing(hezhang, cast, database, settings, tmp_path):
    file = tmp_path / "old.hezhang"
    assert hezhang("backup", file).exit_code == 0
    app = create_app(settings, database=database, clock=lambda: NOON)
    person, segment = cast.wang, cast.segments["TUHAI-371502-001"].id

    def ask(since: str | None = None) -> Any:
        token = tokens.issue(Claims(person, 1), KeyRing.load(settings.keys_file), NOON)
        query = {"since": since} if since else {}
        return app.test_client().get("/api/v1/sync", query_string=query, headers={"Authorization": f"Bearer {token}"})

    for _ in range(3):
        with database.transaction() as session:
            changes.changed(session, NOON, [person], "segment", segment)
    cursor = ask().json["next"]
    assert ask(cursor).status_code == 200
    assert hezhang("restore", file, "--replace").exit_code == 0

    assert ask(cursor).status_code == 410
    afresh = ask().json
    with database.transaction() as session:
        changes.changed(session, NOON, [person], "segment", segment)
    assert len(ask(afresh["next"]).json["changes"]) == 1


@pytest.mark.parametrize("harm", ["lost", "damaged"])
def test_an_original_that_is_lost_or_damaged_is_named_and_all_the_rest_is_kept(
    hezhang, hand_in, databases, settings, tmp_path, harm
):
    digest = hashlib.sha256(PHOTO).hexdigest()
    hand_in(f"photos/{digest}", data=PHOTO, content_type="image/jpeg")
    hand_in(f"patrols/{new_id()}", json=patrol_body(LINE) | {"photos": [digest]})
    original = settings.home / "photos" / "originals" / digest[:2] / digest
    original.unlink() if harm == "lost" else original.write_bytes(PHOTO[:-9])
    file = tmp_path / "all.hezhang"
    told = hezhang("backup", file)
    assert told.exit_code == 1
    assert digest in told.output
    bare = {"HEZHANG_DATA": str(tmp_path / "bare"), "DATABASE_URL": databases.empty()}
    done = hezhang("restore", file, HEZHANG_KEYS=str(settings.keys_file), **bare)
    assert (done.exit_code, digest in done.output) == (1, True)
    other = Database.connect(bare["DATABASE_URL"])
    assert len(everything(other)["patrol"]) == 1
    other.close()


def test_a_backup_and_its_keys_are_for_nobody_elses_eyes(hezhang, cast, tmp_path):
    before = os.umask(0)
    try:
        file, keys = tmp_path / "all.hezhang", tmp_path / "keys.json"
        assert hezhang("backup", file, "--keys", keys).exit_code == 0
    finally:
        os.umask(before)
    assert [path.stat().st_mode & 0o777 for path in (file, keys)] == [0o600, 0o600]


def test_a_backup_of_an_older_version_is_restored_and_brought_up_to_date(
    hezhang, hand_in, database, databases, settings, tmp_path
):
    hand_in(f"patrols/{new_id()}", json=patrol_body(LINE))
    with database.transaction() as session:
        session.add(JobSlot(job="photos", slot=NOON))
    whole, then = tmp_path / "all.hezhang", tmp_path / "then.hezhang"
    before = everything(database)
    del before["rollup_debt"]  # whoever brings a house up to date owes every day to its figures
    schema.downgrade(database, "0001_base")
    rows = {name: list(rows_of(database, name)) for name in tables_of(database)}
    schema.upgrade(database)
    assert hezhang("backup", whole).exit_code == 0
    counts = {name: len(kept) for name, kept in rows.items()}
    with archive.reading(whole) as (_, manifest), archive.writing(then) as older:
        for name, kept in rows.items():
            older.writestr(f"tables/{name}.jsonl", b"".join(archive.line(row) for row in kept))
        older.writestr("manifest.json", json.dumps(manifest | {"schema": "0001_base", "rows": counts}))
    bare = {"DATABASE_URL": databases.empty(), "HEZHANG_KEYS": str(settings.keys_file)}
    bare["HEZHANG_DATA"] = str(tmp_path / "bare")
    for how in ((), ("--replace",)):
        done = hezhang("restore", then, *how, **bare)
        assert done.exit_code == 0, done.output
    other = Database.connect(bare["DATABASE_URL"])
    assert schema.is_current(other)
    assert {name: kept for name, kept in everything(other).items() if name != "rollup_debt"} == before
    other.close()


def test_a_backup_of_a_newer_version_is_refused_and_nothing_is_changed(hezhang, cast, database, tmp_path):
    file, new = tmp_path / "all.hezhang", tmp_path / "new.hezhang"
    assert hezhang("backup", file).exit_code == 0
    with archive.reading(file) as (packed, manifest), archive.writing(new) as newer:
        for name in packed.namelist():
            if name != "manifest.json":
                newer.writestr(name, packed.read(name))
        newer.writestr("manifest.json", json.dumps(manifest | {"schema": "9999_tomorrow"}))
    before = everything(database)
    refused = hezhang("restore", new, "--replace")
    assert (refused.exit_code, "newer version" in refused.output) == (1, True)
    assert everything(database) == before


def tables_of(database: Database) -> list[str]:
    """Our tables that are there now, in the order of the models."""
    with database.engine.connect() as connection:
        there = inspect(connection).get_table_names()
    return [name for name in backup.names() if name in there]


def rows_of(database: Database, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a table with the columns it has now, typed as the models type them."""
    typed = next(each for each in tables.in_order() if each.name == name).columns
    with database.engine.connect() as connection:
        there = [each["name"] for each in inspect(connection).get_columns(name)]
        asked = select(*(typed[each] for each in there))
        if name == "segment":
            asked = asked.order_by(typed["level"].desc())
        for row in connection.execute(asked).mappings():
            yield dict(row)
