"""Totals of a city over a year, read from rollups: as fast with 2,000,000 walks (or WALKS) as with a tenth of them."""

from __future__ import annotations

import os
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, text

from backend.clock import start_of
from backend.db import Database
from backend.domain.regions import level_of, parent_of
from backend.domain.stats import By, Noun, Period
from backend.models.patrols import Patrol
from backend.models.regions import Region
from backend.services import rollups, stats
from backend.services.stats import Asked
from backend.store import rollup_debts
from tests.bench import scene
from tests.rig import postgres
from tests.rig.databases import Databases, PostgisDatabases, SqliteDatabases

WALKS = int(os.environ.get("WALKS", "2000000"))
SIZES = (WALKS // 10, WALKS)
COUNTIES, TOWNS, VILLAGES = 8, 17, 18
CITY, YEAR = "3715", Period(date(2025, 1, 1), date(2025, 12, 31))
ZONE = ZoneInfo("Asia/Shanghai")
WANTED_MS, FLAT = 50.0, 2.0
TIMES = 40
NOW = datetime(2026, 1, 1, tzinfo=UTC)
_PLACES = Table("bench_village", MetaData(), Column("number", Integer, primary_key=True), Column("code", String))
_ID = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}
_TIME = {"postgresql": "to_timestamp({s})", "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', {s}, 'unixepoch')"}
_NUMBERS = {
    "postgresql": "SELECT generate_series(CAST(0 AS BIGINT), {count} - 1)",
    "sqlite": "SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count}",
}
_EMPTY = {"postgresql": "'\\x'", "sqlite": "x''"}
_WALKS = """
INSERT INTO patrol (id, person_id, post, segment_id, named_segment_id, river_code, region_code, received_at, started_at,
  ended_at, walked_at, body_sha256, crs, track, points, report, claims_mock, outcome, counts, covered_m, verdict,
  rule_version, segment_version, version)
WITH RECURSIVE n(i) AS ({numbers})
SELECT {id}, a.person_id, CASE WHEN n.i % 5 = 0 THEN 'village_chief' ELSE 'warden' END, a.segment_id, a.segment_id,
  a.river_code, v.code, {at}, {at}, {at}, {at}, {empty}, 'WGS84', {empty}, 200, '{{}}', n.i < 0,
  CASE n.i % 20 WHEN 0 THEN 'invalid' WHEN 1 THEN 'doubtful' ELSE 'valid' END, n.i % 20 <> 0, 400.5 + n.i % 1000,
  '{{"reasons": [], "figures": {{"duration_s": 1800.5}}}}', 1, 1, 1
FROM n JOIN bench_village v ON v.number = n.i % {places} CROSS JOIN bench_walker a
"""
_WALKER = """
CREATE TABLE bench_walker AS SELECT a.person_id, a.segment_id, s.river_code
FROM assignment a JOIN segment s ON s.id = a.segment_id LIMIT 1
"""


def main() -> None:
    """Both databases, small and large."""
    with tempfile.TemporaryDirectory() as folder:
        _measure(PostgisDatabases(postgres.PrivateServer(durable=False)), "PostGIS")
        _measure(SqliteDatabases(Path(folder)), "SQLite")


def _measure(source: Databases, name: str) -> None:
    cities = []
    try:
        cities = [_city(source.empty(), walks, name) for walks in SIZES]
        asked = {"a year of the city": None, "by county": By.REGION, "by month": By.MONTH, "by day": By.DAY}
        for what, by in asked.items():
            small, large = _ms(cities, Asked(YEAR, CITY, by))
            ratio = large / small
            mark = "  <- too slow" if large > WANTED_MS else "  <- not flat" if ratio > FLAT else ""
            print(f"  {what}: {small:.1f} and {large:.1f} ms, ratio {ratio:.2f}{mark}", flush=True)
    finally:
        for city in cities:
            city.close()
        source.close()


def _city(url: str, walks: int, name: str) -> Database:
    """A city with so many walks in a year, all of them counted."""
    database = Database.connect(url)
    scene.fill(database, 1)
    began = time.monotonic()
    _fill(database, walks)
    _tidy(database)
    filled = time.monotonic()
    while _settled(database):
        pass
    counted = time.monotonic()
    _tidy(database)
    print(f"{name}, {walks:,} walks: made in {filled - began:.0f} s, counted in {counted - filled:.0f} s", flush=True)
    return database


def _settled(database: Database) -> int:
    with database.transaction() as session:
        return rollups.settle(session, zone=ZONE)


def _tidy(database: Database) -> None:
    """What PostgreSQL does by itself after a while, so that it does not do it while time is taken."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if database.dialect == "postgresql" else "ANALYZE"))


def _ms(cities: list[Database], asked: Asked) -> list[float]:
    """Milliseconds in each city; asked in turn, so that whatever else the machine does meets both."""
    best = [float("inf")] * len(cities)
    for _ in range(TIMES):
        for at, database in enumerate(cities):
            with database.reading() as session:
                began = time.perf_counter()
                found = stats.of_regions(session, [CITY], asked, now=NOW, zone=ZONE)
                best[at] = min(best[at], (time.perf_counter() - began) * 1000)
            assert found.total["patrols"]["handed_in"] > 0
    return best


def _fill(database: Database, walks: int) -> None:
    dialect = database.dialect
    villages = [
        f"{CITY}{county + 2:02}{town + 1:03}{village + 1:03}"
        for county in range(COUNTIES)
        for town in range(TOWNS)
        for village in range(VILLAGES)
    ]
    seconds = f"{int(start_of(YEAR.first, ZONE).timestamp())} + n.i * {YEAR.days * 86_400} / {walks}"
    with database.transaction() as session:
        known = {row.code for row in session.execute(text("SELECT code FROM region"))}
        codes = {code[:length] for code in villages for length in (2, 4, 6, 9, 12)} - known
        rows = [{"code": c, "name": c, "level": int(level_of(c)), "parent_code": parent_of(c)} for c in sorted(codes)]
        session.execute(insert(Region), rows)
        _PLACES.create(session.connection())
        session.execute(insert(_PLACES), [{"number": at, "code": code} for at, code in enumerate(villages)])
        session.execute(text(_WALKER))
        if dialect == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))
        for index in cast(Table, Patrol.__table__).indexes:  # those that nobody asks here cost most of the time
            session.execute(text(f"DROP INDEX {index.name}"))
        values = {"id": _ID[dialect], "at": _TIME[dialect].format(s=seconds), "empty": _EMPTY[dialect]}
        numbers = _NUMBERS[dialect].format(count=walks)
        made = _WALKS.format(numbers=numbers, places=len(villages), **values)
        session.execute(text(made.replace(":", "\\:")))
        session.execute(text("CREATE INDEX ix_patrol_walked_at ON patrol (walked_at, seq)"))
        for day in range(YEAR.days):
            rollup_debts.owe(session, Noun.PATROLS, start_of(YEAR.first + timedelta(days=day), ZONE))
