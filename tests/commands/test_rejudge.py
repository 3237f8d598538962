"""`hezhang rejudge`: what the door accepted can be judged again, and one broken walk keeps no other back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from backend.api.schemas.patrols import PatrolSchema, draft_of
from backend.db import Database
from backend.domain.access import Actor, Seat
from backend.domain.terms import Post
from backend.keyring import KeyRing
from backend.models.patrols import Patrol
from backend.services import patrols, rules
from tests.cast import LINE, NOON, VILLAGE, Cast, assemble
from tests.makers import new_id, patrol_body

ODD = ["2025-07-02T11:59:60+08:00", "2025-07-02t03:59:59z", "2025-07-02 11:59:59.123456789+08:00"]
SINCE = ("rejudge", "--since", "2025-01-01")


@pytest.fixture
def cast(fresh_database: Database, tmp_path: Path) -> Cast:
    """Everybody is there for all connections."""
    with fresh_database.transaction() as session:
        return assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))


@pytest.fixture
def hand_in(fresh_database, cast):
    """Wang's walk goes in as the door takes it; its number."""

    def keep(**changed):
        wang = Actor(cast.wang, "王村长", (Seat(Post.VILLAGE_CHIEF, VILLAGE),))
        loaded = PatrolSchema().load(patrol_body(LINE, **changed.pop("walk", {})) | changed)
        with fresh_database.transaction() as session:
            case = patrols.ask(session, wang, draft_of(new_id(), loaded), now=NOON, zone=ZoneInfo("Asia/Shanghai"))
            return patrols.tell(session, wang, case, patrols.decide(case))[0]

    return keep


def verdicts(database):
    with database.reading() as session:
        return list(session.execute(select(Patrol.outcome, Patrol.rule_version).order_by(Patrol.seq)).all())


@pytest.mark.parametrize("sent_at", ODD)
def test_every_way_to_write_a_moment_that_the_door_takes_is_judged_again(hezhang, hand_in, sent_at):
    hand_in(client={"sent_at": sent_at})
    assert "1 judged, 0 changed, 0 set aside" in hezhang(*SINCE).output


@pytest.mark.parametrize(("said", "outcome"), [("false", "valid"), (False, "valid"), ("true", "doubtful")])
def test_a_denied_mock_location_stays_denied_however_it_was_written(hezhang, fresh_database, hand_in, said, outcome):
    assert hand_in(client={"mock_location": said}).outcome == outcome
    assert "1 judged, 0 changed" in hezhang(*SINCE).output
    assert [kept for kept, _ in verdicts(fresh_database)] == [outcome]


def test_a_walk_that_cannot_be_judged_is_set_aside_by_name_and_the_others_are_judged(hezhang, fresh_database, hand_in):
    broken = hand_in(walk={"started_at": NOON - timedelta(days=2), "seed": 1})
    hand_in(walk={"seed": 2})
    with fresh_database.transaction() as session:
        session.execute(update(Patrol).where(Patrol.seq == broken.seq).values(track=b"torn", place=None))
        rules.ensure_defaults(session, now=NOON)
        session.execute(update(Patrol).values(rule_version=0))
    done = hezhang(*SINCE)
    assert (done.exit_code, "2 judged, 1 changed, 1 set aside" in done.output) == (1, True)
    assert str(broken.id) in done.stderr
    assert verdicts(fresh_database) == [("valid", 0), ("valid", 1)]


def test_a_clock_that_is_a_day_ahead_is_judged_by_one_and_the_same_rule_at_first_and_again(
    hezhang, fresh_database, hand_in, cast
):
    day = timedelta(days=1)
    admin = Actor(cast.jin, "金管理", (Seat(Post.ADMINISTRATOR, "3715"),))
    with fresh_database.transaction() as session:
        rules.ensure_defaults(session, now=NOON)
        rules.change(
            session,
            admin,
            {"near_m": 60},
            valid_from=NOON - timedelta(hours=2),
            reason="?",
            today=NOON.date(),
            now=NOON,
        )
    started_at = NOON - timedelta(hours=4) + day
    hand_in(walk={"started_at": started_at}, client={"sent_at": (NOON + day).isoformat()})
    assert verdicts(fresh_database) == [("valid", 1)]
    assert "1 judged, 0 changed" in hezhang(*SINCE).output
