"""How fast late hazards climb among a million open ones, beside the bare set-based statements for the same rows."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from backend.clock import utcnow
from backend.config import Settings
from backend.db import Database
from backend.files.store import PhotoStore
from jobs import escalation
from jobs.runner import House
from tests.bench import city, hazards, stage
from tests.bench.city import Size

OPEN, DUE = 1_000_000, 10_000

_BARE = (
    """CREATE TEMP TABLE climbed ON COMMIT DROP AS
       WITH due AS (SELECT seq FROM hazard WHERE next_step_at <= :now ORDER BY next_step_at, seq FOR UPDATE SKIP LOCKED)
       SELECT seq FROM due""",
    """WITH moved AS (UPDATE hazard h SET rung = rung + 1, next_step_at = :later, version = version + 1
                      FROM climbed c WHERE c.seq = h.seq RETURNING h.id, h.reporter_id)
       , recorded AS (INSERT INTO record (at, act, thing_type, thing_id, body)
                      SELECT :now, 'climb', 'hazard', id::text, '{"rung": 2}' FROM moved)
       , noticed AS (INSERT INTO notice (id, person_id, key, values, lane, channels, about_type, about_id, number,
                      is_drill, created_at, not_before)
                      SELECT gen_random_uuid(), p.person_id, 'climb_late',
                      '{"segment": "徒骇河", "kind": {"key": "hazard.kind.four_illegal.dump"}}', 'normal',
                      'app,sms', 'hazard', id, 1, false, :now, :now
                      FROM moved, LATERAL (VALUES (reporter_id), (CAST(:other AS uuid))) AS p(person_id))
       INSERT INTO change (transaction_id, at, person_id, thing_type, thing_id, op)
       SELECT 0, :now, p.person_id, 'hazard', id, 'put' FROM moved,
           LATERAL (VALUES (reporter_id), (:other)) AS p(person_id)""",
)


def main() -> None:
    """Print how long each takes, and their ratio."""
    with stage.postgis() as (source, home):
        _measure(Database.connect(source.fresh()), home)


def _measure(database: Database, folder: Path) -> None:
    now = utcnow()
    city.build(database, Size(2, 10, 2_000))
    settings = Settings.from_env({"HEZHANG_DATA": str(folder), "HEZHANG_ENV": "test", "HEZHANG_LOG": "ERROR"})
    house = House(settings, database, PhotoStore.open(settings.photos_url))
    hazards.fill(database, OPEN, now, now + timedelta(days=9))
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
    ratios = []
    for _ in range(3):
        hazards.fill(database, DUE, now, now - timedelta(minutes=1))
        bare_s = _timed(lambda: _bare(database, now))
        hazards.fill(database, DUE, now, now - timedelta(minutes=1))
        ours_s = _timed(lambda: escalation.run(house, now=now))
        ratios.append(ours_s / bare_s)
        print(f"{DUE} due of {OPEN}: {ours_s:.2f} s, bare {bare_s:.2f} s, {ours_s / bare_s:.1f} ×", flush=True)
    idle = [_timed(lambda: escalation.run(house, now=now)) * 1000 for _ in range(20)]
    print(f"nothing due: {idle[0]:.1f} ms straight after, {statistics.median(idle):.1f} ms", flush=True)
    print(f"climbing beside the bare statements: {statistics.median(ratios):.1f} × (wanted 4)", flush=True)


def _bare(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        other = session.scalar(text("SELECT id FROM person LIMIT 1"))
        for statement in _BARE:
            session.execute(text(statement), {"now": now, "later": now + timedelta(days=3), "other": other})


def _timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
