"""Migrations: numbered, one after the other, and at the end exactly the tables of the models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from geoalchemy2 import alembic_helpers

from backend import schema
from backend.db import Database
from backend.keyring import KeyRing
from backend.models import tables
from backend.models.base import Base
from backend.models.clockwork import JobSlot
from backend.models.people import Person
from backend.store import changes
from tests.cast import NOON, assemble
from tests.house.tree import ROOT
from tests.rig.databases import Databases

MIGRATIONS = ROOT / "backend" / "migrations"


def test_migrations_are_numbered_without_a_gap() -> None:
    files = sorted(file.stem for file in (MIGRATIONS / "versions").glob("*.py") if file.stem != "__init__")

    assert files
    assert [file[:5] for file in files] == [f"{number:04}_" for number in range(1, len(files) + 1)]


def test_each_migration_follows_the_one_before_it() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    newest_first = list(ScriptDirectory.from_config(config).walk_revisions())
    names = [script.revision for script in reversed(newest_first)]

    assert names == sorted(file.stem for file in (MIGRATIONS / "versions").glob("*.py") if file.stem != "__init__")
    assert [script.down_revision for script in reversed(newest_first)] == [None, *names[:-1]]


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # SQLite cannot show them; PostGIS does
def test_the_migrations_make_exactly_the_tables_of_the_models(fresh_database: Database) -> None:
    assert tables.NOUNS
    with fresh_database.engine.connect() as connection:
        options = {"include_object": alembic_helpers.include_object, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        differences: list[Any] = compare_metadata(context, Base.metadata)

    assert not differences


def test_a_schema_can_be_taken_down_and_brought_up_again(databases: Databases) -> None:
    database = Database.connect(databases.empty())
    schema.upgrade(database)
    schema.downgrade(database)
    assert not schema.is_current(database)

    schema.upgrade(database)

    assert schema.is_current(database)
    database.close()


def test_migrations_after_the_base_go_down_and_up_again_with_rows_in_the_tables(
    fresh_database: Database, tmp_path: Path
) -> None:
    with fresh_database.transaction() as session:
        cast = assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))
        session.add(JobSlot(job="photos", slot=NOON, lease_until=NOON))

    schema.downgrade(fresh_database, "0001_base")
    schema.upgrade(fresh_database)

    assert schema.is_current(fresh_database)
    with fresh_database.reading() as session:
        assert session.get_one(Person, cast.wang).name == "王村长"
        assert session.get_one(JobSlot, "photos").slot == NOON
        assert changes.incarnation(session)
