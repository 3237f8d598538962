"""How fast walks go in, beside a bare insert of the same row by plain psycopg."""

from __future__ import annotations

import multiprocessing
import threading
import time
from datetime import timedelta
from uuid import UUID, uuid4

import numpy as np
import orjson
import psycopg

from backend.clock import utcnow
from backend.db import Database
from backend.keyring import KeyRing
from backend.simulator.walks import Kind, body, recorded
from tests.bench import load, scene
from tests.bench.scene import Chief

CLIENTS = 8


def bodies(chiefs: list[Chief], each: int) -> list[bytes]:
    """Walks of 200 points on 2 km, `each` for every chief, on different days."""
    return [made(chief, Kind.HONEST, number, day) for day in range(each) for number, chief in enumerate(chiefs)]


def made(chief: Chief, kind: Kind, number: int, day: int, points: int = 200) -> bytes:
    """One walk of a kind, the same for the same number and day."""
    walk = recorded(chief.line, kind, np.random.default_rng([number, day]))
    every = max(len(walk.at_s) // points, 1)
    started_at = (utcnow() - timedelta(days=1 + day % 6, hours=2)).replace(microsecond=0)
    thinned = walk.taken(slice(None, None, every))
    return orjson.dumps(body(chief.segment_code, thinned, started_at, mocked=kind is Kind.MOCKED))


def put_rate(
    port: int, chiefs: list[Chief], made: list[bytes], keyring: KeyRing, clients: int = CLIENTS
) -> load.Result:
    """Hand all of them in from several clients."""
    tokens = [scene.token(chief.person_id, keyring) for chief in chiefs]
    requests = [
        load.request("PUT", f"/api/v1/patrols/{uuid4()}", tokens[index % len(chiefs)], body)
        for index, body in enumerate(made)
    ]

    def make(client: int, number: int) -> bytes | None:
        index = number * clients + client
        return requests[index] if index < len(requests) else None

    return load.run(port, clients, make)


def bare_rate(url: str, connections: int, seconds: float = 6.0) -> float:
    """Rows a second that plain psycopg inserts and commits from two processes, with so many connections in each.

    The row is one that a patrol left, under a new id; the table with its indexes is the same.
    """
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return sum(pool.starmap(_bare, [(plain, connections, seconds)] * 2))


def _bare(url: str, connections: int, seconds: float) -> float:
    counts = [0] * connections
    ends = time.monotonic() + seconds

    def insert(index: int) -> None:
        with psycopg.connect(url) as connection:
            names, row = _a_row(connection)
            question = f"INSERT INTO patrol ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"
            while time.monotonic() < ends:
                row[names.index("id")] = uuid4()
                connection.execute(question, row)
                connection.commit()
                counts[index] += 1

    threads = [threading.Thread(target=insert, args=(index,)) for index in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def _a_row(connection: psycopg.Connection) -> tuple[list[str], list[object]]:
    cursor = connection.execute("SELECT * FROM patrol ORDER BY seq LIMIT 1")
    names = [column.name for column in cursor.description or ()]
    found = cursor.fetchone()
    assert found is not None
    row = {name: value for name, value in zip(names, found, strict=True) if name != "seq"}
    wrapped = [psycopg.types.json.Jsonb(v) if isinstance(v, dict | list) else v for v in row.values()]
    return list(row), wrapped


def ids(database: Database) -> list[UUID]:
    """Every patrol there is."""
    with database.reading() as session:
        from sqlalchemy import select

        from backend.models.patrols import Patrol

        return list(session.scalars(select(Patrol.id)))
