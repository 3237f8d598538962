"""A migration finds rows: what they say is read into the new columns, and going back loses nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import inspect, select

from backend import schema
from backend.api.schemas.patrols import PatrolSchema, draft_of
from backend.db import Database
from backend.domain.access import Actor, Seat
from backend.domain.terms import Post
from backend.keyring import KeyRing
from backend.models.patrols import Patrol
from backend.services import patrols
from tests.cast import LINE, NOON, VILLAGE, assemble
from tests.makers import new_id, patrol_body

SAID = [
    ({"sent_at": "2025-07-02T11:59:60+08:00", "mock_location": "false"}, "59:59", False),
    ({"sent_at": "2025-07-02t03:59:58z", "mock_location": "yes"}, "59:58", True),
    ({"mock_location": 1}, None, True),
    ({}, None, False),
]


def test_walks_that_are_there_keep_what_their_phones_claimed_and_find_their_place(fresh_database, tmp_path):
    with fresh_database.transaction() as session:
        cast = assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))
    wang = Actor(cast.wang, "王村长", (Seat(Post.VILLAGE_CHIEF, VILLAGE),))
    for number, (client, _, _) in enumerate(SAID):
        body = patrol_body(LINE, started_at=NOON - timedelta(days=number, hours=4), seed=number) | {"client": client}
        if not client:
            body["track"] = {"points": []}
        draft = draft_of(new_id(), PatrolSchema().load(body))
        with fresh_database.transaction() as session:
            case = patrols.ask(session, wang, draft, now=NOON, zone=ZoneInfo("Asia/Shanghai"))
            patrols.tell(session, wang, case, patrols.decide(case))

    kept = columns(fresh_database)
    schema.downgrade(fresh_database, "0003_job_lease")
    names = {column["name"] for column in inspect(fresh_database.engine).get_columns("patrol")}
    assert not names & {"place", "sent_at", "claims_mock"}
    schema.upgrade(fresh_database)
    assert columns(fresh_database) == kept
    assert [place is None for place, _, _ in kept] == [False, False, False, True]
    assert [(at and at.strftime("%M:%S"), mock) for _, at, mock in kept] == [(at, mock) for _, at, mock in SAID]


def columns(database: Database) -> list[tuple[int | None, datetime | None, bool]]:
    with database.reading() as session:
        rows = session.execute(select(Patrol.place, Patrol.sent_at, Patrol.claims_mock).order_by(Patrol.seq)).all()
    return [(place, at and at.astimezone(UTC).replace(microsecond=0), mock) for place, at, mock in rows]
