"""A day of the real city: 8,200 walks handed in as fast as they go, and what the web workers weigh meanwhile."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from backend.commands import serve
from backend.config import Settings
from backend.db import Database
from backend.keyring import KeyRing
from tests.bench import load, patrols, scene
from tests.rig import postgres
from tests.rig.databases import Databases, PostgisDatabases, SqliteDatabases

WALKS, CHIEFS, CLIENTS = 8_200, 2_400, 8
WANTED_S, WANTED_MB = 120, 150


@dataclass(frozen=True)
class Weight:
    """Megabytes of a process: all that it maps, and its fair part of what it shares with others."""

    rss_mb: float
    pss_mb: float


def main() -> None:
    """Both databases, each on a disk that is really written to."""
    with tempfile.TemporaryDirectory() as folder:
        _measure(PostgisDatabases(postgres.PrivateServer(durable=True)), Path(folder), "PostGIS")
        _measure(SqliteDatabases(Path(folder)), Path(folder), "SQLite")


def _measure(source: Databases, home: Path, name: str) -> None:
    try:
        _day(source.empty(), home, name)
    finally:
        source.close()


def _day(url: str, home: Path, name: str) -> None:
    database = Database.connect(url)
    chiefs = scene.fill(database, CHIEFS)
    database.close()
    settings = Settings.from_env({"HEZHANG_DATA": str(home), "HEZHANG_ENV": "test"})
    command = [word.replace(str(settings.port), "{port}") for word in serve.command_line(settings, "127.0.0.1")]
    requests = _requests(chiefs, KeyRing.load_or_make(settings.keys_file))
    with scene.server(command, home, url) as (port, process):
        weights = [weigh(process.pid)]
        marks = {WALKS // 3, WALKS * 2 // 3}

        def make(client: int, number: int) -> bytes | None:
            index = number * CLIENTS + client
            if index in marks:
                weights.append(weigh(process.pid))
            return requests[index] if index < WALKS else None

        day = load.run(port, CLIENTS, make)
        weights.append(weigh(process.pid))
    _print(name, day, weights)


def _requests(chiefs: list[scene.Chief], keyring: KeyRing) -> list[bytes]:
    """Every request, ready before the clock starts."""
    tokens = [scene.token(chief.person_id, keyring) for chief in chiefs]
    bodies = patrols.bodies(chiefs, -(-WALKS // CHIEFS))[:WALKS]
    return [
        load.request("PUT", f"/api/v1/patrols/{uuid4()}", tokens[index % CHIEFS], body)
        for index, body in enumerate(bodies)
    ]


def weigh(server: int) -> list[Weight]:
    """Each web worker of a server, by the number of its process."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return [Weight(_kb(child, "Rss") / 1024, _kb(child, "Pss") / 1024) for child in sorted(children, key=int)]


def _kb(process: str, what: str) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:"))


def _print(name: str, day: load.Result, weights: list[list[Weight]]) -> None:
    print(
        f"a day of the city on {name}: {WALKS} walks in {WALKS / day.rate:.0f} s (wanted {WANTED_S}), "
        f"{day.rate:.0f}/s, p50 {day.p50_s * 1000:.1f} ms, p99 {day.p99_s * 1000:.1f} ms, {day.statuses}"
    )
    for when, workers in zip(("at the start", "after 1/3", "after 2/3", "at the end"), weights, strict=True):
        each = ", ".join(f"RSS {worker.rss_mb:.0f} PSS {worker.pss_mb:.0f} MB" for worker in workers)
        print(f"  web workers {when} (wanted {WANTED_MB} MB): {each}", flush=True)
