"""What waits for somebody is looked up by indexes of its own, however many hazards there ever were."""

from __future__ import annotations

import pytest
from sqlalchemy import event, text

from backend.domain.access import Actor, Seat
from backend.domain.terms import Post
from backend.services import waiting
from tests.cast import CITY, COUNTY, NOON, TOWN
from tests.makers import new_id

# PostgreSQL reads a table of few rows through whatever indexes there are.
pytestmark = pytest.mark.only_on("sqlite")


@pytest.mark.parametrize(
    ("post", "region", "index"),
    [
        (Post.BUREAU_CLERK, COUNTY, "ix_hazard_county_due"),
        (Post.BUREAU_CLERK, COUNTY, "ix_hazard_extension"),
        (Post.UNIT_LIAISON, COUNTY, "ix_hazard_unit_due"),
        (Post.TOWN_CHIEF, TOWN, "ix_hazard_help"),
        (Post.OFFICE_CLERK, CITY, "ix_hazard_help"),
        (Post.WARDEN, TOWN, "ix_hazard_assignee_seq"),
        (Post.WARDEN, TOWN, "ix_interim_measure_watcher"),
    ],
)
def test_nobody_reads_through_all_hazards_to_learn_what_waits(session, post, region, index):
    plan = plan_of(session, Actor(new_id(), "某", (Seat(post, region, "HOUSING"),)))
    assert not [line for line in plan if line.startswith(("SCAN hazard", "SCAN interim"))], plan
    assert any(f"USING INDEX {index} " in line or f"USING COVERING INDEX {index} " in line for line in plan), plan


def plan_of(session, actor: Actor) -> list[str]:
    connection, asked = session.connection(), []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    waiting.of(session, actor, now=NOON)
    event.remove(connection, "before_cursor_execute", note)
    assert session.scalar(text("SELECT count(*) FROM hazard")) == 0
    (statement, parameters), *_ = asked
    return [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
