"""A migration that is killed at any statement leaves the schema and every row as they were, and runs again."""

from __future__ import annotations

import os
import subprocess
import sys
from random import Random

import pytest
from sqlalchemy import text

from backend import schema
from backend.db import Database
from backend.keyring import KeyRing
from backend.store import backup
from tests.cast import assemble

pytestmark = pytest.mark.torture

# The command as an operator types it, in a process that kills itself at its n-th statement.
KILLED = """
import os, signal, sys
from sqlalchemy import Engine, event
from backend.cli import main
left = int(sys.argv.pop(1))

@event.listens_for(Engine, "before_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

main(sys.argv[1:], standalone_mode=False)
print(-left)
"""
NEVER = 0


def typed(url: str, home: object, at: int, *words: str) -> int | None:
    """Run `hezhang …` and kill it at its n-th statement; how many statements there were when it came to its end."""
    environ = os.environ | {"DATABASE_URL": url, "HEZHANG_DATA": str(home), "HEZHANG_LOG": "ERROR"}
    command = [sys.executable, "-c", KILLED, str(at), *words]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode in (0, -9), done.stderr
    return int(done.stdout.split()[-1]) if done.returncode == 0 else None


def test_an_upgrade_killed_half_way_leaves_nothing_and_runs_again(databases, tmp_path, times):
    count = typed(databases.empty(), tmp_path, NEVER, "db", "upgrade")
    assert count is not None
    assert count > 50
    url, dice = databases.empty(), Random(3)
    database = Database.connect(url)
    with database.transaction() as session:
        session.execute(text("CREATE TABLE of_somebody_else AS SELECT 7 AS number"))
    for _ in range(times(1)):
        if typed(url, tmp_path, dice.randint(1, count - 10), "db", "upgrade") is None:
            assert not schema.is_current(database)
    typed(url, tmp_path, NEVER, "db", "upgrade")
    with database.reading() as session:
        assert schema.is_current(database)
        assert session.scalar(text("SELECT number FROM of_somebody_else")) == 7
        assert session.scalar(text("SELECT count(*) FROM rule")) == 1
    database.close()


def test_a_step_down_killed_half_way_loses_no_row(fresh_url, fresh_database, tmp_path, times):
    with fresh_database.transaction() as session:
        assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))
    before, dice = everything(fresh_database), Random(4)
    for _ in range(times(1)):
        killed = typed(fresh_url, tmp_path, dice.randint(8, 30), "db", "downgrade", "base", "--yes")
        assert killed is None, "it came to its end before it was killed"
        assert everything(fresh_database) == before
    typed(fresh_url, tmp_path, NEVER, "db", "upgrade")
    assert schema.is_current(fresh_database)


def everything(database: Database) -> dict[str, list[dict[str, object]]]:
    """Every row of every table."""
    with backup.moment(database) as session:
        return {name: list(backup.rows(session, name)) for name in backup.names()}
