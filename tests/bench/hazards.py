"""Any number of hazards in a city of any size, written by the database itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from backend.db import Database

_FILL = """
INSERT INTO hazard (id, version, reporter_id, observed_at, reported_at, body_sha256, description, report, kind,
    severity, segment_id, river_code, region_code, state, watch, unit_code, done, returns, rebounds,
    phase_begun_at, due_at, closed_at, is_provisional, deadlines, rung, next_step_at)
SELECT gen_random_uuid(), 1, person_id, at, at, '\\x00', '桥下有一堆建筑垃圾', '{}', 'four_illegal.dump',
    'ordinary', id, river_code, region_code, CASE WHEN is_closed THEN 'closed' ELSE 'reported' END, 'none', NULL,
    '[]', 0, 0, at, CASE WHEN NOT is_closed THEN due END, CASE WHEN is_closed THEN at END, false, '{}', 1,
    CASE WHEN NOT is_closed THEN due END
FROM (
    SELECT a.*, n * 100 / :count < :closed AS is_closed,
           CAST(:now AS timestamptz) - make_interval(hours => (n * 37) % (24 * :days + 1)) AS at,
           CAST(:due AS timestamptz) + make_interval(hours => (n * 41) % (24 * :days + 1)) AS due
    FROM generate_series(0, :count - 1) n
    JOIN (SELECT s.id, s.river_code, s.region_code, max(g.person_id::text)::uuid AS person_id,
                 row_number() OVER (ORDER BY s.id) - 1 AS number
          FROM segment s JOIN assignment g ON g.segment_id = s.id WHERE s.level = 1 GROUP BY s.id) a
      ON a.number = n % :places
) made
"""


def fill(database: Database, count: int, now: datetime, due: datetime, *, closed: int = 0, days: int = 0) -> None:
    """Write so many on the village reaches, `closed` per cent of them closed, spread over so many days.

    PostGIS only.
    """
    with database.transaction() as session:
        places = session.scalar(text("SELECT count(*) FROM segment WHERE level = 1"))
        values = {"now": now, "due": due, "count": count, "places": places, "closed": closed, "days": days}
        session.execute(text(_FILL), values)
