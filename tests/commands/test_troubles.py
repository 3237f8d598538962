"""What an operator can mend ends in one plain line and exit code 1, whatever the command."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from backend import trouble
from backend.db import Database

COMMANDS = (
    ["db", "upgrade"],
    ["db", "check"],
    ["seed"],
    ["run"],
    ["serve"],
    ["simulate"],
    ["keys", "rotate"],
    ["codes", "issue", "--region", "3715", "--out", "codes.csv"],
    ["rejudge", "--since", "2025-01-01"],
)


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def is_one_line(output: str) -> bool:
    return output.startswith("Error: ") and output.count("\n") == 1


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "abc", "PORT='abc': a whole number from 1 to 65535"),
        ("DATABASE_URL", "mysql://root:secret@localhost/x", "not 'mysql'"),
        ("DATABASE_URL", "postgresql://me:secret@localhost:abc/x", "DATABASE_URL cannot be read"),
        ("HEZHANG_ENV", "prod", "development, production or test"),
    ],
)
def test_an_impossible_setting_is_one_line_for_every_command(hezhang, name, value, said):
    for command in COMMANDS:
        refused = hezhang(*command, **{name: value})
        assert refused.exit_code == 1, command
        assert is_one_line(refused.output), refused.output
        assert said in refused.output
        assert "secret" not in refused.output


@pytest.mark.only_on("sqlite")
def test_a_refused_connection_is_one_line_in_the_language_of_the_terminal(hezhang, environ):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # held, but nobody listens there
        nowhere = f"postgresql://me:secret@127.0.0.1:{nobody.getsockname()[1]}/x"
        for command in (["db", "upgrade"], ["seed"], ["db", "check"]):
            refused = hezhang(*command, DATABASE_URL=nowhere)
            assert (refused.exit_code, is_one_line(refused.output)) == (1, True), refused.output
            assert "refused" in refused.output
            assert "DATABASE_URL" in refused.output
            assert "secret" not in refused.output
        assert "连不上数据库" in hezhang("db", "check", DATABASE_URL=nowhere, LC_ALL="zh_CN.UTF-8").output
        told = jobs_once(environ | {"DATABASE_URL": nowhere})
        assert told.returncode == 1
        assert told.stderr.startswith("The database cannot be used")
    assert "PORT='abc'" in jobs_once(environ | {"PORT": "abc"}).stderr


def jobs_once(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jobs", "logins"]
    done = subprocess.run(command, env=os.environ | environ, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.only_on("sqlite")
def test_a_file_that_is_none_and_a_place_where_nothing_can_be_made_are_named(hezhang, tmp_path):
    none = tmp_path / "none.sqlite"
    none.write_text("not a database " * 100)
    told = hezhang("db", "upgrade", DATABASE_URL=f"sqlite:///{none}")
    assert (told.exit_code, is_one_line(told.output)) == (1, True)
    assert "not a database" in told.output
    told = hezhang("db", "upgrade", DATABASE_URL=f"sqlite:///{none}/below/x.sqlite")
    assert (told.exit_code, is_one_line(told.output)) == (1, True)
    assert str(none) in told.output


def test_a_database_without_tables_says_how_they_are_made(hezhang, databases, tmp_path):
    rivers = tmp_path / "rivers.csv"
    rivers.write_text("code,name\nTUHAI,徒骇河\n", "utf-8")
    told = hezhang("import", "rivers", rivers, DATABASE_URL=databases.empty())
    assert told.exit_code == 1
    assert "hezhang db upgrade" in told.output
    assert "Traceback" not in told.output


@pytest.mark.only_on("postgis")
def test_a_role_without_the_right_to_make_postgis_is_told_who_may(hezhang, databases):
    url, role = databases.empty(), f"poor_{secrets.token_hex(4)}"
    admin = Database.connect(url)
    with admin.transaction() as session:
        session.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 'poor'"))
    try:
        poor = admin.engine.url.set(username=role, password="poor").render_as_string(hide_password=False)
        told = hezhang("db", "upgrade", DATABASE_URL=poor)
        assert (told.exit_code, is_one_line(told.output)) == (1, True), told.output
        assert "CREATE EXTENSION postgis" in told.output
        assert "superuser" in told.output
    finally:
        with admin.transaction() as session:
            session.execute(text(f"DROP ROLE {role}"))
        admin.close()


def test_a_mistake_of_ours_keeps_its_traceback(fresh_database):
    with pytest.raises((ProgrammingError, IntegrityError)) as wrong, fresh_database.transaction() as session:
        session.execute(text("INSERT INTO region (code) VALUES (NULL)"))
    assert trouble.told(wrong.value, "en") is None
    assert trouble.told(ValueError("other"), "en") is None
    assert trouble.told(OSError("other"), "en") is None
