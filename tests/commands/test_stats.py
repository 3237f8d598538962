"""`hezhang stats check`: names what differs, ends with 1 then, and mends it when asked to."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from backend import schema
from backend.api.schemas.patrols import PatrolSchema, draft_of
from backend.domain.access import Actor, Seat
from backend.domain.terms import Post
from backend.keyring import KeyRing
from backend.services import patrols, rollups
from tests.cast import LINE, NOON, VILLAGE, assemble
from tests.makers import new_id, patrol_body

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def two_days(fresh_database, tmp_path):
    """Wang has walked on two days, and both are counted."""
    with fresh_database.transaction() as session:
        cast = assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))
    wang = Actor(cast.wang, "王村长", (Seat(Post.VILLAGE_CHIEF, VILLAGE),))
    for days in (0, 1):
        body = patrol_body(LINE, started_at=NOON - timedelta(days=days, hours=4), seed=days)
        with fresh_database.transaction() as session:
            case = patrols.ask(session, wang, draft_of(new_id(), PatrolSchema().load(body)), now=NOON, zone=ZONE)
            patrols.tell(session, wang, case, patrols.decide(case))
    with fresh_database.transaction() as session:
        assert rollups.settle(session, zone=ZONE) == 2


def test_days_that_are_there_when_the_tables_come_are_counted(fresh_database, hezhang, two_days):
    schema.downgrade(fresh_database, "0034_signs")
    schema.upgrade(fresh_database)
    with fresh_database.transaction() as session:
        assert rollups.settle(session, zone=ZONE) == 4  # the first and the last walk of each day
        assert (
            session.execute(text("SELECT sum(handed_in) FROM rollup_patrol WHERE region_code = '3715'")).scalar() == 2
        )
    assert hezhang("stats", "check").exit_code == 0


def test_a_report_is_written_to_a_file(hezhang, tmp_path, two_days):
    out = tmp_path / "july.html"
    assert hezhang("report", "2025-07", out, "--region", "3715", "--language", "en").exit_code == 0
    assert "River chief system of 聊城市: monthly report 2025-07" in out.read_text()
    assert hezhang("report", "2025-07", tmp_path / "july.doc", "--region", "3715").exit_code == 2
    assert hezhang("report", "July", out, "--region", "3715").exit_code == 1


def test_a_wrong_figure_is_named_and_counted_anew_when_asked(hezhang, fresh_database, two_days):
    assert (hezhang("stats", "check").exit_code, hezhang("stats", "check").output) == (
        0,
        "2 days of figures looked at.\n",
    )
    wrong = "UPDATE rollup_patrol SET handed_in = 7 WHERE day = '2025-07-01' AND region_code = '371502' AND is_total"
    with fresh_database.transaction() as session:
        session.execute(text(wrong))
    done = hezhang("stats", "check", "--since", "2025-06-30")
    assert (done.exit_code, "2025-07-01 371502 patrols.handed_in: kept 7, counted 1" in done.output) == (1, True)
    assert hezhang("stats", "check", "--since", "2025-07-02").exit_code == 0
    assert hezhang("stats", "check", "--repair").exit_code == 1
    assert hezhang("stats", "check").exit_code == 0
