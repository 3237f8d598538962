"""`make bench`: the figures of the house as ratios of one run, on a private PostGIS that really writes to the disk."""

from __future__ import annotations

import os
import platform
import sys
import time
import uuid
from pathlib import Path

import orjson

from backend.api.schemas.patrols import PatrolSchema, draft_of
from backend.clock import utcnow
from backend.commands import serve
from backend.config import Settings
from backend.db import Database
from backend.domain.patrols import Standing, judge, timing
from backend.domain.rules import PatrolRule
from backend.domain.terms import Level
from backend.keyring import KeyRing
from geo.coverage import Reach
from tests.bench import (
    assessments,
    boards,
    calls,
    campaigns,
    day,
    delivery,
    escalation,
    lists,
    load,
    map_page,
    pages,
    patrols,
    phone,
    risk,
    scene,
    segments,
    signs,
    slow,
    stage,
    stats,
    tiles,
)
from tests.cast import LINE
from tests.makers import patrol_body

CHIEFS = 400


def main() -> None:
    """Measure every part, or those named, and print a table."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    parts = {"judging": _judging, "serving": _before_a_server, "lists": lists.main, "day": day.main}
    parts |= {"campaigns": campaigns.main, "escalation": escalation.main, "delivery": delivery.main}
    parts |= {"risk": risk.main, "calls": calls.main, "boards": boards.main, "pages": pages.main}
    parts |= {"tiles": tiles.main, "map": map_page.main, "phone": phone.main, "signs": signs.main, "stats": stats.main}
    parts |= {"assessments": assessments.main}
    for name in sys.argv[1:] or parts:
        parts[name]()


def _before_a_server() -> None:
    with stage.postgis() as (source, home):
        _serving(source.empty(), home)


def _judging() -> None:
    rule = PatrolRule()
    for points, metres in ((200, 1200.0), (5000, 1900.0)):
        body = patrol_body(LINE, metres=metres, step_s=metres / 1.2 / points)
        draft, reach = draft_of(uuid.uuid4(), PatrolSchema().load(body)), Reach(LINE, 30.0)
        began = time.process_time()
        for _ in range(100):
            judge(draft, reach, Standing(Level.VILLAGE, True), rule, timing(draft, rule, utcnow()))
        print(f"judging {points} points: {(time.process_time() - began) * 10:.2f} ms of CPU", flush=True)


def _serving(url: str, home: Path) -> None:
    database = Database.connect(url)
    chiefs = scene.fill(database, CHIEFS)
    keyring = KeyRing.load_or_make(home / "keys" / "keys.json")
    made = patrols.bodies(chiefs, 6)
    settings = Settings.from_env({"HEZHANG_DATA": str(home), "HEZHANG_ENV": "test"})
    command = [word.replace(str(settings.port), "{port}") for word in serve.command_line(settings, "127.0.0.1")]
    with scene.server(command, home, url) as (port, _process):
        patrols.put_rate(port, chiefs, made[:CHIEFS], keyring)
        put = patrols.put_rate(port, chiefs, made[CHIEFS : 4 * CHIEFS], keyring)
        clerk = segments.clerk_token(url, keyring)
        segments.get_rate(port, chiefs, keyring, clerk, 50)
        got = segments.get_rate(port, chiefs, keyring, clerk)
        with slow.uploads(port, 200, scene.token(chiefs[0].person_id, keyring)):
            beside = patrols.put_rate(port, chiefs, made[4 * CHIEFS :], keyring, clients=4)
    _row("PUT /patrols, 200 points, 8 clients, beside one connection in each process", put, patrols.bare_rate(url, 1))
    _row("the same beside four connections in each", put, patrols.bare_rate(url, 4))
    _row("GET /segments, 100 features, 8 clients", got, segments.bare_rate(url, chiefs))
    print(f"PUT /patrols beside 200 uploads of 1 B/s, 4 clients: p99 {beside.p99_s * 1000:.0f} ms, {beside.statuses}")
    database.close()


def _row(name: str, result: load.Result, bare: float) -> None:
    print(
        f"{name}: {result.rate:.0f}/s, bare {bare:.0f}/s, ratio {result.rate / bare:.3f}; "
        f"p50 {result.p50_s * 1000:.1f} ms, p99 {result.p99_s * 1000:.1f} ms, "
        f"p99 / p50 {result.p99_s / result.p50_s:.1f}, "
        f"{orjson.dumps({str(k): v for k, v in result.statuses.items()}).decode()}",
        flush=True,
    )


if __name__ == "__main__":
    main()
