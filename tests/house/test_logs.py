"""What leaves the process by logs and figures: nothing personal, and nothing that strangers could fill."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from backend.app import create_app
from backend.config import Settings
from backend.db import Database
from backend.logs import redact


def test_a_failing_statement_does_not_name_its_values(databases):
    database = Database.connect(databases.fresh())
    with pytest.raises(SQLAlchemyError) as failed, database.transaction() as session:
        session.execute(text("SELECT :name FROM nowhere"), {"name": "王小明"})
    database.close()
    assert "王小明" not in str(failed.value)


def test_the_row_that_postgresql_repeats_is_hidden():
    said = "duplicate key\nDETAIL:  Key (name)=(王小明) already exists.\nHINT: none"
    assert "王小明" not in redact(None, "error", {"exception": said})["exception"]


def test_methods_that_strangers_invent_are_one_in_the_figures(tmp_path):
    app = create_app(Settings.from_env({"HEZHANG_DATA": str(tmp_path), "HEZHANG_ENV": "test", "HEZHANG_LOG": "ERROR"}))
    client = app.test_client()
    for number in range(3):
        client.open("/healthz", method=f"FOO{number}")
    figures = client.get("/metrics").text
    assert "FOO" not in figures
    assert 'method="other"' in figures
