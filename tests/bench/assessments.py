"""The league table of a city for a quarter: how long it takes to settle, to count, and to look at."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from statistics import median
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text

from backend.db import Database
from backend.domain.access import Actor, Scope, Seat
from backend.domain.assessments import AssessmentDraft, Order
from backend.domain.terms import Post
from backend.models.duty_periods import DutyDay
from backend.services import assessments, duty_periods
from backend.store import assessments as store
from tests.bench import scene, stage

PEOPLE, WEEKS = 6_600, 13
BEGIN, NOW, ZONE = date(2025, 3, 31), datetime(2025, 8, 1, tzinfo=UTC), ZoneInfo("Asia/Shanghai")
UNTIL = BEGIN + timedelta(days=7 * WEEKS)
MOST_MS, TIMES = 300.0, 9
_WALKS = """
INSERT INTO patrol (id, person_id, duty_of_id, post, segment_id, named_segment_id, river_code, region_code, received_at,
    started_at, ended_at, walked_at, body_sha256, crs, track, points, report, outcome, counts, covered_m, verdict,
    rule_version, segment_version, version, claims_mock)
SELECT gen_random_uuid(), a.person_id, a.person_id, 'village_chief', s.id, s.id, s.river_code, s.region_code, w.at,
    w.at, w.at + interval '30 minutes', w.at, '', 'WGS84', '', 0,
    '{}', 'valid', random() < 0.95, 800, '{"reasons": []}',
    1, 1, 1, false
FROM assignment a JOIN segment s ON s.id = a.segment_id
CROSS JOIN LATERAL (
    SELECT CAST(:begin AS timestamptz) + n * interval '3 days 4 hours' + random() * interval '1 day' AS at
    FROM generate_series(0, :last) n WHERE a.id IS NOT NULL
) w WHERE random() < 0.8
"""


def main() -> None:
    """Milliseconds of each question over 6,600 people."""
    with stage.postgis() as (source, _home):
        database = Database.connect(source.empty())
        scene.fill(database, PEOPLE)
        _measure(database)
        database.close()


def _measure(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text(_WALKS), {"begin": "2025-03-31 00:00:00+08", "last": 7 * WEEKS // 3})
        session.execute(insert(DutyDay), [{"day": BEGIN - timedelta(days=1), "settled_at": NOW, "periods": 0}])
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    began, days = time.perf_counter(), 0
    with database.transaction() as session:
        while some := duty_periods.reckon(session, today=NOW.date(), now=NOW, zone=ZONE):
            days += sum(duty_periods.settle(session, day, now=NOW) for day in some)
    print(f"settling {days} days of {PEOPLE} people: {(time.perf_counter() - began) * 1000 / days:.0f} ms a day")
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    _table(database)


def _table(database: Database) -> None:
    with database.transaction() as session:
        clerk = session.execute(text("SELECT id FROM person LIMIT 1")).scalar_one()
    actor = Actor(clerk, "", (Seat(Post.OFFICE_CLERK, scene.CITY),))
    draft = AssessmentDraft(uuid4(), b"", "季度考核", scene.CITY, (Post.VILLAGE_CHIEF,), BEGIN, UNTIL)
    counting = []
    for _ in range(TIMES):
        began = time.perf_counter()
        with database.reading() as session:
            counted = assessments.drawn(session, actor, draft, now=NOW, zone=ZONE)
        counting.append((time.perf_counter() - began) * 1000)
    assert counted is not None
    began = time.perf_counter()
    with database.transaction() as session:
        assessments.make(session, actor, draft, counted, now=NOW)
    keeping, scope = (time.perf_counter() - began) * 1000, Scope((scene.CITY,))
    looks = {
        "a page of 50": (Order.RANK, 50),
        "the lowest scores first": (Order.SCORE, 50),
        f"all {len(counted.scores)} rows": (Order.RANK, PEOPLE),
    }
    for name, (order, limit) in looks.items():
        taken = []
        for _ in range(TIMES):
            began = time.perf_counter()
            with database.reading() as session:
                store.scores(session, draft.id, 1, scope, order=order, limit=limit)
            taken.append((time.perf_counter() - began) * 1000)
        _say(f"league table of {len(counted.scores)} people: {name}", median(taken))
    _say(f"counting a quarter of {len(counted.scores)} people", median(counting))
    print(f"keeping it: {keeping:.0f} ms", flush=True)


def _say(name: str, took_ms: float) -> None:
    mark = f"  <- over {MOST_MS:.0f} ms" if took_ms > MOST_MS else ""
    print(f"{name}: {took_ms:.0f} ms{mark}", flush=True)
