"""Tiles of the map on PostGIS: how many are drawn a second beside the bare ST_AsMVT query, and how many are known."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

import numpy as np
import psycopg
from sqlalchemy import text

from backend.clock import utcnow
from backend.db import Database
from backend.keyring import KeyRing
from backend.store import changes
from geo.tiles import EXTENT, Tile
from tests.bench import load, scene, segments, stage
from tests.bench.scene import Chief
from tests.rig.serving import Serving

REACHES = 10_000
ZOOMS = (10, 12)
LEAST_DRAWN = 400
"""Tiles of a zoom that are drawn; the same again and again, with a change before each round."""
CLIENTS = 8
BARE = """
SELECT ST_AsMVT(drawn, 'segments', 4096, 'shape') FROM (
    SELECT code, name, level, region_code AS region, river_code AS river,
        ST_AsMVTGeom(ST_Transform(line, 3857), ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4096, 64, true) AS shape
    FROM segment
    WHERE line && ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 64.0 / 4096), 4326)
) drawn
"""


def main() -> None:
    """Draw, then ask again for what is known, and print both beside the bare query."""
    with stage.postgis() as (source, home):
        _measure(source.empty(), home)


def _measure(url: str, home: Path) -> None:
    database = Database.connect(url)
    chiefs = scene.fill(database, REACHES)
    keyring = KeyRing.load_or_make(home / "keys" / "keys.json")
    clerk = segments.clerk_token(url, keyring)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    server = Serving(home, url)
    server.start()
    try:
        for zoom in ZOOMS:
            _of_zoom(server.port, database, url, clerk, over(chiefs, zoom))
    finally:
        server.stop()
        database.close()


def _of_zoom(port: int, database: Database, url: str, clerk: str, tiles: Sequence[Tile]) -> None:
    heavy = sorted(len(_asked(port, clerk, path(tile))[1]) for tile in tiles)
    drawn = [_round(port, database, clerk, tiles) for _ in range(-(-LEAST_DRAWN // len(tiles)))]
    rate = len(drawn) * len(tiles) / sum(len(tiles) / each.rate for each in drawn)
    bare = bare_rate(url, tiles)
    again = _run(port, clerk, tiles, 1_000)
    known = _run(port, clerk, tiles, 1_000, _asked(port, clerk, path(tiles[0]))[0])
    print(
        f"zoom {tiles[0].z}: {len(tiles)} tiles of up to {heavy[-1] / 1000:.0f} kB: drawn {rate:.0f}/s beside bare "
        f"{bare:.0f}/s, ratio {rate / bare:.2f} (wanted 0.5); from memory {again.rate:.0f}/s, unchanged (304) "
        f"{known.rate:.0f}/s, {known.statuses}",
        flush=True,
    )


def over(chiefs: Sequence[Chief], zoom: int) -> list[Tile]:
    """The tiles of a zoom in which some of these reaches lie."""
    found = {_tile(chief.line.coords[end], zoom) for chief in chiefs for end in (0, -1)}
    return sorted(found, key=lambda tile: (tile.x, tile.y))


def _tile(place: tuple[float, ...], zoom: int) -> Tile:
    x, y = Tile(zoom, 0, 0).steps(np.array([place[:2]]))[0] // EXTENT
    return Tile(zoom, int(x), int(y))


def path(tile: Tile) -> str:
    """Where the API has a tile."""
    return f"/api/v1/tiles/{tile.z}/{tile.x}/{tile.y}.mvt"


def _round(port: int, database: Database, clerk: str, tiles: Sequence[Tile]) -> load.Result:
    """Every tile once, none of them known: something has changed since."""
    with database.transaction() as session:
        changes.record(session, utcnow(), None, "bench", "bench", str(uuid4()), {})
    return _run(port, clerk, tiles, len(tiles))


def _run(port: int, clerk: str, tiles: Sequence[Tile], count: int, etag: str = "") -> load.Result:
    known = f"\r\nIf-None-Match: {etag}" if etag else ""
    asked = [
        load.request("GET", path(tile), clerk).replace(b"\r\nContent-Type", f"{known}\r\nContent-Type".encode())
        for tile in tiles
    ]

    def make(client: int, number: int) -> bytes | None:
        index = number * CLIENTS + client
        return asked[index % len(asked)] if index < count else None

    return load.run(port, CLIENTS, make)


def _asked(port: int, clerk: str, address: str) -> tuple[str, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", address, headers={"Authorization": f"Bearer {clerk}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, (answer.status, address)
    return answer.headers["ETag"] or "", body


def bare_rate(url: str, tiles: Sequence[Tile], seconds: float = 4.0) -> float:
    """The same tiles a second by the bare query from two connections."""
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return sum(pool.starmap(_bare, [(plain, [(each.z, each.x, each.y) for each in tiles], seconds)] * 2))


def _bare(url: str, tiles: Sequence[tuple[int, int, int]], seconds: float) -> float:
    count, ends = 0, time.monotonic() + seconds
    with psycopg.connect(url) as connection:
        while time.monotonic() < ends:
            z, x, y = tiles[count % len(tiles)]
            connection.execute(BARE, {"z": z, "x": x, "y": y}).fetchone()
            count += 1
    return count / seconds
