"""In production nothing starts on a database that may forget what it acknowledged, and the message says why."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import event, text

from backend.app import create_app
from backend.cli import main
from backend.db import Database
from backend.durability import NotDurable, frailties, require_durable


@pytest.fixture
def hezhang(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Start something in production on a database."""

    def started(url: str, *words: str) -> subprocess.CompletedProcess[str]:
        own = {"HEZHANG_ENV": "production", "DATABASE_URL": url, "HEZHANG_DATA": str(tmp_path), "HEZHANG_LOG": "ERROR"}
        command = [sys.executable, "-m", *words]
        return subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=False, timeout=180)

    return started


@pytest.mark.only_on("postgis")
def test_postgres_that_may_forget_is_refused_by_name(backend_name, fresh_database, fresh_url, settings, hezhang):
    with fresh_database.reading() as session:
        if session.scalar(text("SHOW fsync")) == "on":
            pytest.skip("this server writes to the disk")
    assert frailties(fresh_database) == ["fsync=off", "full_page_writes=off"]
    with pytest.raises(NotDurable, match="fsync=off"):
        create_app(replace(settings, stage="production"), database=fresh_database)
    refused = CliRunner().invoke(main, ["serve"], env={"HEZHANG_ENV": "production", "DATABASE_URL": fresh_url})
    assert (refused.exit_code, "fsync=off" in refused.output) == (1, True)
    jobs = hezhang(fresh_url, "jobs", "changes")
    assert (jobs.returncode, "fsync=off" in jobs.stderr) == (1, True)


@pytest.mark.only_on("postgis")
def test_a_postgres_that_waits_for_nothing_is_refused_and_a_durable_one_is_taken(backend_name, durable_server):
    url = durable_server.url("postgres")
    database = Database.connect(url)
    assert frailties(database) == []
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        admin.execute(text("ALTER ROLE postgres SET synchronous_commit = off"))
    database.close()
    assert frailties(database) == ["synchronous_commit=off"]
    database.close()


@pytest.mark.only_on("sqlite")
def test_a_file_that_is_not_written_through_is_refused(backend_name, fresh_database, settings):
    require_durable(fresh_database)
    create_app(replace(settings, stage="production"), database=fresh_database)
    event.listen(fresh_database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=NORMAL"))
    fresh_database.close()
    assert frailties(fresh_database) == ["synchronous=1"]
    with pytest.raises(NotDurable, match="synchronous=1"):
        create_app(replace(settings, stage="production"), database=fresh_database)


def test_a_server_that_began_while_the_database_was_away_is_not_ready_on_one_that_may_forget(fresh_database, settings):
    app = create_app(settings, database=fresh_database)
    here = app.extensions["hezhang"]
    app.extensions["hezhang"] = replace(here, settings=replace(settings, stage="production"))
    ready = app.test_client().get("/readyz")
    frail = frailties(fresh_database)
    assert ready.status_code == (503 if frail else 200)
