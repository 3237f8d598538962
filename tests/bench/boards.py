"""The board of a roll of 6,600 people: how long a look takes, and what 200 open boards do to walks that come in."""

from __future__ import annotations

import threading
import time
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import insert, text

from backend.clock import utcnow
from backend.db import Database
from backend.domain.lanes import Hours
from backend.domain.terms import CHIEFS, Post
from backend.keyring import KeyRing
from backend.models.people import Appointment, Person
from backend.services import flood_warnings
from backend.services.calling import Calling
from backend.store import flood_warnings as store
from tests.bench import load, patrols, scene, stage
from tests.rig.serving import Serving

PEOPLE, BOARDS, EVERY_S = 6_600, 200, 3.0
LOOKS = 200
_PLAYED = """
UPDATE callout SET called_at = begun_at, next_at = NULL, version = version + 1,
    state = (ARRAY['acting', 'acting', 'received', 'unreached', 'open'])[1 + seq % 5],
    answered_at = CASE WHEN seq % 5 < 3 THEN begun_at + interval '40 seconds' END,
    answer_s = CASE WHEN seq % 5 < 3 THEN 5 + seq % 200 END
"""


def main() -> None:
    """Look at the board again and again, then keep many open while walks come in."""
    with stage.postgis() as (source, home):
        _measure(source.empty(), home)


def _measure(url: str, home: Path) -> None:
    database = Database.connect(url)
    chiefs = scene.fill(database, PEOPLE)
    keyring = KeyRing.load_or_make(home / "keys" / "keys.json")
    officer, warning = uuid4(), uuid4()
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
    began = time.perf_counter()
    _warn(database, keyring, officer, warning)
    print(f"a warning for {PEOPLE}, its roll filled and all called: {time.perf_counter() - began:.1f} s", flush=True)
    server = Serving(home, url)
    server.start()
    try:
        token = scene.token(officer, keyring)
        board, row = f"/api/v1/flood/warnings/{warning}", f"/api/v1/regions/{scene.COUNTY}"
        looks = {what: _looks(server.port, token, path) for what, path in (("row", row), ("board", board))}
        ratio = looks["board"].p50_s / looks["row"].p50_s
        same = _looks(server.port, token, board, _etag(server.port, token, board))
        print(
            f"the board of {PEOPLE}: p50 {looks['board'].p50_s * 1000:.1f} ms, unchanged {same.p50_s * 1000:.1f} ms, "
            f"beside one row {looks['row'].p50_s * 1000:.1f} ms: {ratio:.1f} times (wanted 3)",
            flush=True,
        )
        for _ in range(3):
            anew = _changed_and_asked(database, server.port, token, board)
            print(f"counted anew after a change: {anew * 1000:.1f} ms", flush=True)
        _beside(server.port, token, board, chiefs, keyring)
    finally:
        server.kill()
        database.close()


def _warn(database: Database, keyring: KeyRing, officer: UUID, warning: UUID) -> None:
    calling = Calling(keyring, ZoneInfo("Asia/Shanghai"), Hours())
    with database.transaction() as session:
        person = {"id": officer, "name": "值班员", "created_at": utcnow()}
        session.execute(insert(Person), [person])
        seat = {"id": uuid4(), "person_id": officer, "post": Post.DUTY_OFFICER.value, "region_code": scene.CITY}
        session.execute(insert(Appointment), [seat | {"from_day": scene.LONG_AGO}])
        values = {
            "id": warning,
            "root_id": warning,
            "revision": 1,
            "body_sha256": b"",
            "number": "YJ2025-0001",
            "level": "red",
            "headline": "徒骇河超警戒",
            "instruction": "立即上堤",
            "contact": "",
            "regions": [scene.COUNTY],
            "segments": [],
            "focus": [],
            "posts": [post.value for post in CHIEFS],
            "is_drill": False,
            "because": {},
        }
        flood_warnings.add(session, values, [scene.COUNTY], by=None, now=utcnow())
        calling.ask(session, store.existing(session, warning), by=None, at_once=True, now=utcnow())
    filling = True
    while filling:
        with database.transaction() as session:
            filling = calling.fill_one(session, now=utcnow())
    looked = 1
    while looked:
        with database.transaction() as session:
            looked = calling.sweep(session, now=utcnow())
    with database.transaction() as session:
        session.execute(text(_PLAYED))


def _looks(port: int, token: str, path: str, etag: str | None = None) -> load.Result:
    request = load.request("GET", path, token)
    if etag is not None:
        request = request.replace(b"\r\n\r\n", f"\r\nIf-None-Match: {etag}\r\n\r\n".encode())
    return load.run(port, 1, lambda _client, number: request if number < LOOKS else None)


def _etag(port: int, token: str, path: str) -> str:
    return _asked(port, token, path).headers["ETag"] or ""


def _asked(port: int, token: str, path: str, **headers: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} | headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def _changed_and_asked(database: Database, port: int, token: str, board: str) -> float:
    with database.transaction() as session:
        session.execute(text("UPDATE callout SET version = version + 1 WHERE seq = 1"))
    time.sleep(1.1)
    began = time.perf_counter()
    _asked(port, token, board)
    return time.perf_counter() - began


def _beside(port: int, token: str, board: str, chiefs: list[scene.Chief], keyring: KeyRing) -> None:
    """200 people who look every three seconds, while eight clients hand walks in."""
    over = threading.Event()
    known = _etag(port, token, board)
    taken: list[float] = []

    def look(number: int) -> None:
        over.wait(EVERY_S * number / BOARDS)
        while not over.is_set():
            began = time.perf_counter()
            _asked(port, token, board, **{"If-None-Match": known})
            taken.append(time.perf_counter() - began)
            over.wait(max(0.0, EVERY_S - (time.perf_counter() - began)))

    made = patrols.bodies(chiefs[:400], 3)
    patrols.put_rate(port, chiefs[:400], made[:400], keyring)
    threads = [threading.Thread(target=look, args=(number,)) for number in range(BOARDS)]
    for thread in threads:
        thread.start()
    put = patrols.put_rate(port, chiefs[:400], made[400:], keyring)
    over.set()
    for thread in threads:
        thread.join()
    print(
        f"walks beside {BOARDS} open boards: {put.rate:.0f}/s, p99 {put.p99_s * 1000:.0f} ms (wanted 1 s), "
        f"{put.statuses}; {len(taken)} looks, p99 {np.percentile(taken, 99) * 1000:.0f} ms",
        flush=True,
    )
