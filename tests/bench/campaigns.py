"""How long the ledger of a campaign over 2,400 villages takes, beside the bare grouped statements for its sums."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import text

from backend.app import create_app
from backend.clock import utcnow
from backend.config import Settings
from backend.db import Database
from tests.bench import city, scene, stage
from tests.bench.city import Size

SIZE = Size(1, 12, 0)
"""2,400 villages in twelve towns, a reach each."""
HAZARDS, FOUND = 200_000, 870
TIMES = 25

HAZARDS_ELSEWHERE = """
INSERT INTO hazard (id, version, reporter_id, observed_at, reported_at, body_sha256, description, report, kind,
    severity, segment_id, river_code, region_code, state, watch, done, returns, rebounds, phase_begun_at, due_at,
    is_provisional, policy_version, is_pressing, is_extended, deadlines, rung, facts, head)
SELECT gen_random_uuid(), 1, a.person_id, :now, :now, '\\x00', '桥下有一堆建筑垃圾', '{}', 'flood.obstruction',
    'ordinary', a.id, a.river_code, a.region_code, CASE n % 3 WHEN 0 THEN 'closed' ELSE 'assigned' END, 'none',
    '[]', 0, 0, :now, :now, false, 1, false, false, '{}', 1, 0, '\\x'
FROM generate_series(1, :count) n
JOIN (SELECT s.id, s.river_code, s.region_code, max(g.person_id::text)::uuid AS person_id,
             row_number() OVER (ORDER BY s.id) - 1 AS number
      FROM segment s JOIN assignment g ON g.segment_id = s.id WHERE s.level = 1 GROUP BY s.id) a
  ON a.number = n % :places
"""
_ANSWERED = (
    """INSERT INTO campaign_answer (id, campaign_id, segment_id, region_code, person_id, body_sha256, is_found,
           hazards, note, report, at, received_at, is_late, is_on_behalf)
       SELECT gen_random_uuid(), campaign_id, segment_id, region_code, chief_id, '\\x00', false, '[]', '', '{}',
           :now, :now, false, false
       FROM campaign_segment WHERE campaign_id = :campaign AND ('x' || right(segment_id::text, 1))::bit(4)::int < 13""",
    """UPDATE campaign_segment s SET answer_id = a.id, said_at = a.at, answered_at = a.at, is_found = false,
           is_on_behalf = false
       FROM campaign_answer a WHERE a.campaign_id = s.campaign_id AND a.segment_id = s.segment_id""",
    """INSERT INTO campaign_hazard (campaign_id, hazard_id, segment_id, region_code)
       SELECT :campaign, id, segment_id, region_code FROM hazard ORDER BY seq LIMIT :found""",
)
_BARE = (
    """SELECT substr(region_code, 1, 9), count(*), count(answer_id), sum(is_late::int), sum(is_on_behalf::int),
           sum(is_found::int), count(excused_at)
       FROM campaign_segment WHERE campaign_id = :campaign GROUP BY 1 ORDER BY 1""",
    """SELECT substr(c.region_code, 1, 9), count(*), sum((h.state = 'closed')::int), sum((h.due_at < :now)::int)
       FROM campaign_hazard c JOIN hazard h ON h.id = c.hazard_id WHERE c.campaign_id = :campaign
       GROUP BY 1 ORDER BY 1""",
)


def main() -> None:
    """Print how long each takes, and their ratio."""
    with stage.postgis(durable=False) as (source, home):
        _measure(Database.connect(source.fresh()), home)


def _measure(database: Database, folder: Path) -> None:
    settings = Settings.from_env({"HEZHANG_DATA": str(folder), "HEZHANG_ENV": "test", "HEZHANG_LOG": "ERROR"})
    app = create_app(settings, database=database)
    city.build(database, SIZE)
    keyring = app.extensions["hezhang"].keyring
    client, campaign = app.test_client(), str(uuid4())
    headers = {"Authorization": f"Bearer {scene.token(city.person(f'clerk {city.county(0)}'), keyring)}"}
    began_s = _timed(lambda: _order(client, headers, campaign))
    values = {"now": utcnow(), "campaign": campaign, "count": HAZARDS, "found": FOUND, "places": SIZE.segments}
    _fill(database, values)

    path = f"/api/v1/campaigns/{campaign}/ledger"
    ours_s = _median(lambda: client.get(path, headers=headers))
    bare_s = _median(lambda: _bare(database, values))
    book_s = _timed(lambda: client.get(f"{path}?format=xlsx", headers=headers))
    page_s = _median(lambda: client.get(f"/api/v1/campaigns/{campaign}/segments?status=silent", headers=headers))
    rows = client.get(path, headers=headers).get_json()
    assert (len(rows["rows"]), rows["total"]["owed"], rows["total"]["found"]) == (12, SIZE.segments, FOUND), rows
    print(f"a campaign over {SIZE.segments} reaches is ordered in {began_s * 1000:.0f} ms", flush=True)
    print(f"its ledger: {ours_s * 1000:.1f} ms, bare sums {bare_s * 1000:.1f} ms, {ours_s / bare_s:.1f} ×", flush=True)
    print(f"as a workbook {book_s * 1000:.0f} ms; 50 of the silent {page_s * 1000:.1f} ms", flush=True)


def _order(client: FlaskClient, headers: dict[str, str], campaign: str) -> None:
    deadline = (utcnow() + timedelta(days=5)).isoformat()
    body = {"name": "汛前排查", "regions": [city.county(0)], "kinds": ["flood"], "deadline": deadline}
    answer = client.put(f"/api/v1/campaigns/{campaign}", json=body, headers=headers)
    assert answer.status_code == 201, answer.text


def _fill(database: Database, values: dict[str, object]) -> None:
    with database.transaction() as session:
        for statement in (HAZARDS_ELSEWHERE, *_ANSWERED):
            session.execute(text(statement), values)
        session.execute(text("ANALYZE"))


def _bare(database: Database, values: dict[str, object]) -> None:
    with database.reading() as session:
        for statement in _BARE:
            session.execute(text(statement), values).all()


def _median(work: Callable[[], object]) -> float:
    return statistics.median(_timed(work) for _ in range(TIMES))


def _timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
