"""The ground the tests stand on: both databases are there, migrated, and nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect, text

from backend import schema
from backend.db import Database
from tests.rig import sweep
from tests.rig.databases import Databases
from tests.rig.postgres import PrivateServer


def test_the_schema_comes_from_the_migrations(fresh_database: Database) -> None:
    assert schema.is_current(fresh_database)


def test_a_database_for_migrations_starts_empty(databases: Databases) -> None:
    engine = create_engine(databases.empty())
    assert "alembic_version" not in inspect(engine).get_table_names()
    engine.dispose()


@pytest.mark.parametrize("round_", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(connection: Connection, database: Database, round_: int) -> None:
    connection.exec_driver_sql("CREATE TABLE left_behind (number INTEGER)")
    with database.transaction() as session:
        session.execute(text("INSERT INTO left_behind VALUES (1)"))

    assert connection.scalar(text("SELECT count(*) FROM left_behind")) == 1


@pytest.mark.only_on("postgis")
def test_every_shape_column_has_its_spatial_index(fresh_database: Database) -> None:
    with fresh_database.reading() as session:
        shapes = session.execute(text("SELECT f_table_name, f_geometry_column FROM geometry_columns")).all()
        indexes = session.scalars(text("SELECT indexdef FROM pg_indexes WHERE indexdef LIKE '%USING gist%'")).all()

    assert shapes
    for table, column in shapes:
        assert any(f".{table} USING gist ({column})" in index for index in indexes), f"{table}.{column}"


@pytest.mark.only_on("postgis")
def test_a_crashed_durable_server_still_has_what_was_committed(
    backend_name: str, durable_server: PrivateServer
) -> None:
    engine = create_engine(durable_server.url("postgres"))
    with engine.begin() as connection:
        assert connection.scalar(text("SHOW fsync")) == "on"
        connection.execute(text("CREATE TABLE kept AS SELECT 7 AS number"))
    engine.dispose()

    durable_server.crash()
    durable_server.start()

    with engine.begin() as connection:
        assert connection.scalar(text("SELECT number FROM kept")) == 7
    engine.dispose()


def test_the_folder_of_a_killed_owner_is_swept_and_that_of_a_living_one_is_not(tmp_path: Path) -> None:
    living = sweep.Owned(tmp_path)
    make_one = (
        "import sys, pathlib, os; from tests.rig.sweep import Owned; Owned(pathlib.Path(sys.argv[1])); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", make_one, tmp_path], cwd=Path(__file__).parents[2])
    (killed,) = set(tmp_path.iterdir()) - {living.path}
    long_ago = time.time() - 10 * sweep.NEWBORN_S
    for folder in tmp_path.iterdir():
        os.utime(folder, (long_ago, long_ago))

    assert sweep.sweep(tmp_path) == [killed]
    assert living.path.exists()
    living.remove()
