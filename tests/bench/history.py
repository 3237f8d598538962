"""Two years of walks, filled in by the database itself: copies of a few real ones at other places and times."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table, Uuid, insert, text
from sqlalchemy.orm import Session

from backend.db import Database
from backend.models.patrols import Patrol
from tests.bench.scene import Chief

YEARS_S = 2 * 365 * 86_400
ASKED = 100
"""Walks of the village chief who asks, at every size."""
_ID = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}
_TIME = {
    "postgresql": "to_timestamp({seconds})",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', {seconds}, 'unixepoch')",
}
_PLACES = Table(
    "bench_place",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("person_id", Uuid),
    Column("segment_id", Uuid),
    Column("region_code", String),
    Column("river_code", String),
)
_FILL = """
INSERT INTO patrol ({names})
WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})
SELECT {values} FROM n
JOIN bench_place p ON p.number = {place}
JOIN patrol t ON t.seq = 1 + n.i % {samples}
"""
_CHANGES = """
INSERT INTO change (transaction_id, at, person_id, thing_type, thing_id, op)
SELECT 0, walked_at, person_id, 'patrol', id, 'put' FROM patrol WHERE {which}
"""


def fill(database: Database, places: list[Chief], walks: int, begin_s: int) -> None:
    """Write so many walks and, for every fourth, that it changed; the rows there already are the samples.

    The rows are in the order of time, as in life; places and outcomes are spread over them.
    """
    with database.transaction() as session:
        samples = session.scalar(text("SELECT count(*) FROM patrol")) or 0
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))  # whom a copy names, is there
        _PLACES.create(session.connection())
        rows = [
            {
                "number": number,
                "person_id": place.person_id,
                "segment_id": place.segment_id,
                "region_code": place.region,
                "river_code": place.river,
            }
            for number, place in enumerate(places)
        ]
        session.execute(insert(_PLACES), rows)
        _walks(session, ASKED, "0", samples, begin_s)
        _walks(session, walks - ASKED, f"1 + (n.i * 7919) % {len(places) - 1}", samples, begin_s)
        asked = f"person_id = (SELECT person_id FROM bench_place WHERE number = 0) AND seq > {samples}"
        session.execute(text(_CHANGES.format(which=f"{asked} AND seq % 5 = 0")))
        session.execute(text(_CHANGES.format(which=f"NOT ({asked}) AND seq % 4 = 0 AND seq > {samples}")))
        session.execute(text("DROP TABLE bench_place"))


def _walks(session: Session, count: int, place: str, samples: int, begin_s: int) -> None:
    dialect = session.get_bind().dialect.name
    seconds = f"{begin_s} + n.i * {YEARS_S} / {count} + (n.i * 104729) % 43200"
    moment = _TIME[dialect].format(seconds=seconds)
    values = {column.name: f"t.{column.name}" for column in Patrol.__table__.columns if column.name != "seq"}
    values |= dict.fromkeys(("received_at", "started_at", "ended_at", "walked_at"), moment)
    values |= {name: f"p.{name}" for name in ("person_id", "segment_id", "region_code", "river_code")}
    values |= {
        "id": _ID[dialect],
        "duty_of_id": "p.person_id",
        "named_segment_id": "p.segment_id",
    }
    names, chosen = ", ".join(values), ", ".join(values.values())
    session.execute(text(_FILL.format(names=names, values=chosen, count=count, place=place, samples=samples)))
