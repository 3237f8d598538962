"""The page behind a notice board's code, as many people look at it, beside a list that a clerk asks for."""

from __future__ import annotations

import itertools
from pathlib import Path
from uuid import uuid4

from shapely import Point
from sqlalchemy import insert

from backend.commands import serve
from backend.config import Settings
from backend.db import Database
from backend.domain.signs import new_token
from backend.keyring import KeyRing
from backend.models.segments import NoticeBoard
from tests.bench import load, scene, segments, stage
from tests.bench.load import Result
from tests.bench.scene import Chief

CHIEFS, CLIENTS = 400, 8
LOOKS, LISTS = 8_000, 400
RATIO = 10.0
"""A look at a board is at least so many times as fast as a list."""


def main() -> None:
    """Looks a second, and lists a second."""
    with stage.postgis() as (source, home):
        _measure(source.empty(), home)


def _measure(url: str, home: Path) -> None:
    database = Database.connect(url)
    chiefs = scene.fill(database, CHIEFS)
    tokens = _boards(database, chiefs)
    keyring = KeyRing.load_or_make(home / "keys" / "keys.json")
    settings = Settings.from_env({"HEZHANG_DATA": str(home), "HEZHANG_ENV": "test"})
    command = [word.replace(str(settings.port), "{port}") for word in serve.command_line(settings, "127.0.0.1")]
    clerk = segments.clerk_token(url, keyring)
    lists = {"boards": "/api/v1/signs?limit=50", "reaches": "/api/v1/segments?limit=50"}
    with scene.server(command, home, url) as (port, _process):
        for _ in range(2):  # the first time warms the server
            looks = _rate(port, [_look(token) for token in tokens], LOOKS)
            listed = {name: _rate(port, [load.request("GET", path, clerk)], LISTS) for name, path in lists.items()}
    print(f"a look at a board, {len(tokens)} of them, {CLIENTS} clients: {_said(looks)}", flush=True)
    for name, each in listed.items():
        ratio = looks.rate / each.rate
        mark = f"  <- under {RATIO:.0f}" if ratio < RATIO else ""
        print(f"  beside a list of 50 {name}: {_said(each)}, ratio {ratio:.1f}{mark}", flush=True)
    database.close()


def _boards(database: Database, chiefs: list[Chief]) -> list[str]:
    """A board on every reach; their codes."""
    tokens = [new_token() for _ in chiefs]
    rows = [
        {
            "id": uuid4(),
            "code": f"{chief.segment_code}-B1",
            "segment_id": chief.segment_id,
            "point": Point(chief.line.coords[0]),
            "token": token,
            "place": "桥头",
            "office_phone": "0635-0371502",
        }
        for chief, token in zip(chiefs, tokens, strict=True)
    ]
    with database.transaction() as session:
        session.execute(insert(NoticeBoard), rows)
    return tokens


def _look(token: str) -> bytes:
    return f"GET /s/{token} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh-CN\r\n\r\n".encode()


def _rate(port: int, asked: list[bytes], count: int) -> Result:
    """So many answers, what is asked for in turn."""
    each = list(itertools.islice(itertools.cycle(asked), count))

    def make(client: int, number: int) -> bytes | None:
        at = number * CLIENTS + client
        return each[at] if at < count else None

    result = load.run(port, CLIENTS, make)
    assert set(result.statuses) == {200}, result.statuses
    return result


def _said(result: Result) -> str:
    return f"{result.rate:.0f}/s, p50 {result.p50_s * 1000:.1f} ms, p99 {result.p99_s * 1000:.1f} ms"
