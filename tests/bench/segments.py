"""How fast a hundred segments are answered, beside the bare SQL that builds the same GeoJSON in PostGIS."""

from __future__ import annotations

import multiprocessing
import time

import psycopg

from backend.keyring import KeyRing
from tests.bench import load, scene
from tests.bench.scene import Chief

BARE = """
SELECT json_build_object('type', 'FeatureCollection', 'features', json_agg(json_build_object(
    'type', 'Feature', 'id', s.id, 'geometry', ST_AsGeoJSON(s.line, 6)::json,
    'properties', json_build_object('id', s.id, 'code', s.code, 'name', s.name, 'river', s.river_code,
        'region', s.region_code, 'level', s.level, 'width_m', s.width_m, 'length_m', s.length_m,
        'chiefs', (SELECT json_agg(json_build_object('person_id', p.id, 'name', p.name, 'duty', a.duty))
                   FROM assignment a JOIN person p ON p.id = a.person_id
                   WHERE a.segment_id = s.id AND a.until_day IS NULL),
        'last_patrol_at', (SELECT w.walked_at FROM patrol w WHERE w.segment_id = s.id AND w.counts
                           ORDER BY w.walked_at DESC, w.seq DESC LIMIT 1)))))::text
FROM (SELECT * FROM segment WHERE line && ST_MakeEnvelope(%s, %s, %s, %s, 4326) ORDER BY code LIMIT 100) s
"""


def boxes(chiefs: list[Chief]) -> list[tuple[float, float, float, float]]:
    """Boxes that each hold at least a hundred segments."""
    wests, souths = [chief.line.bounds[0] for chief in chiefs], [chief.line.bounds[1] for chief in chiefs]
    west, south, east, north = min(wests), min(souths), max(wests), max(souths)
    wide, high = (east - west) * 0.8, (north - south) * 0.8
    steps = [(x / 4, y / 4) for x in range(5) for y in range(5)]
    return [
        (
            west + (east - west - wide) * x,
            south + (north - south - high) * y,
            west + wide + 0.2 * x,
            south + high + 0.2 * y,
        )
        for x, y in steps
    ]


def get_rate(port: int, chiefs: list[Chief], keyring: KeyRing, clerk: str, count: int = 600) -> load.Result:
    """Ask for a hundred features from eight clients."""
    asked = [
        load.request("GET", f"/api/v1/segments?limit=100&bbox={','.join(f'{edge:.6f}' for edge in box)}", clerk)
        for box in boxes(chiefs)
    ]

    def make(client: int, number: int) -> bytes | None:
        return asked[(number * 8 + client) % len(asked)] if number * 8 + client < count else None

    return load.run(port, 8, make)


def bare_rate(url: str, chiefs: list[Chief], seconds: float = 4.0) -> float:
    """The same answers a second from two connections."""
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return sum(pool.starmap(_bare, [(plain, boxes(chiefs), seconds)] * 2))


def _bare(url: str, areas: list[tuple[float, float, float, float]], seconds: float) -> float:
    count, ends = 0, time.monotonic() + seconds
    with psycopg.connect(url) as connection:
        while time.monotonic() < ends:
            connection.execute(BARE, areas[count % len(areas)]).fetchone()
            count += 1
    return count / seconds


def clerk_token(database_url: str, keyring: KeyRing) -> str:
    """Somebody who sees the whole county."""
    from datetime import UTC, datetime
    from uuid import uuid4

    from backend.db import Database
    from backend.models.people import Appointment, Person

    database, clerk = Database.connect(database_url), uuid4()
    with database.transaction() as session:
        session.add(Person(id=clerk, name="演示科员", created_at=datetime(2025, 1, 1, tzinfo=UTC)))
        session.flush()
        post = {"post": "office_clerk", "region_code": scene.COUNTY, "from_day": scene.LONG_AGO}
        session.add(Appointment(id=uuid4(), person_id=clerk, **post))
    database.close()
    return scene.token(clerk, keyring)
