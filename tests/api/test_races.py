"""A real server before a real database: many at once, and phones that hang up."""

from __future__ import annotations

import json
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from backend.clock import utcnow
from backend.models.patrols import Patrol
from tests.cast import LINE
from tests.makers import new_id, patrol_body


def test_the_same_walk_a_hundred_times_at_once_is_kept_once_and_everybody_is_told(served):
    path, body = f"/api/v1/patrols/{new_id()}", json.dumps(patrol_body(LINE, started_at=utcnow())).encode()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: served.put(path, body), range(100)))
    assert Counter(status for status, _ in answers) == {201: 1, 200: 99}
    assert len({answer["receipt"]["seq"] for _, answer in answers}) == 1
    assert served.count() == 1


def test_walks_that_race_each_other_end_as_if_they_had_come_in_order(served):
    bodies = [patrol_body(LINE, started_at=utcnow(), seed=seed, speed_mps=1 + seed / 40) for seed in range(12)]
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda body: served.put(f"/api/v1/patrols/{new_id()}", json.dumps(body).encode()), bodies))
    with served.database.reading() as session:
        counting = session.scalar(select(func.count()).select_from(Patrol).where(Patrol.counts))
    assert (served.count(), counting) == (12, 1)


def test_phones_that_hang_up_leave_nothing_behind_and_disturb_nobody(served):
    body = json.dumps(patrol_body(LINE, started_at=utcnow())).encode()
    lines = "".join(f"{name}: {value}\r\n" for name, value in served.headers.items())
    for number in range(40):
        head = f"PUT /api/v1/patrols/{new_id()} HTTP/1.1\r\nHost: x\r\n{lines}Content-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as phone:
            cut = len(body) // 2 if number % 2 else len(body)
            phone.sendall(head.encode() + body[:cut])
    deadline = time.monotonic() + 60
    while served.count() < 20 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert served.count() == 20  # those that had come in whole
    status, _ = served.put(f"/api/v1/patrols/{new_id()}", body)
    assert status == 201
    assert [path for path in (served.home / "photos").rglob("*") if path.is_file()] == []
