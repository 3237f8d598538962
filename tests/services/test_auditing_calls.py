"""The look at calls that were missed reads those who are silent, however many have answered."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from backend.services import auditing
from tests.cast import NOON

# PostgreSQL reads a table of few rows through whatever indexes there are.
pytestmark = pytest.mark.only_on("sqlite")


def test_nobody_reads_through_all_call_outs_to_learn_who_is_silent(session):
    connection, asked = session.connection(), []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    auditing.calls(session, now=NOON)
    event.remove(connection, "before_cursor_execute", note)
    (statement, parameters), *_ = asked
    plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert "SEARCH callout USING INDEX ix_callout_silent (seq>?)" in plan, plan
