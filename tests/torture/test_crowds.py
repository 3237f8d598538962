"""Many at once: the same batch from everybody, and many processes that write into one SQLite file."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier
from uuid import uuid4

import numpy as np
import orjson
import pytest

from backend.commands import serve
from backend.config import Settings
from tests.rig.serving import Serving
from tests.torture import kept
from tests.torture.phones import ask_until_taken, walks

pytestmark = pytest.mark.torture

BATCH, PHONES, WRITERS = 50, 24, 8


def test_a_batch_of_fifty_from_many_phones_at_once_is_kept_once(serving, fresh_database, chiefs, token_of, times):
    for round_ in range(times(1)):
        chief = chiefs[round_ % len(chiefs)]
        made = walks(chief, Random(round_))
        bodies = [made[index % len(made)] | {"note": f"{round_}-{index}"} for index in range(BATCH)]
        items = [{"type": "patrol", "id": str(uuid4()), "body": body} for body in bodies]
        batch, token, together = orjson.dumps({"items": items}), token_of(chief.person_id), Barrier(PHONES)

        def hand_in(_: int, batch: bytes = batch, token: str = token, together: Barrier = together):
            together.wait(180)
            return ask_until_taken(serving.port, "POST", "/api/v1/sync", token, batch)[0]

        with ThreadPoolExecutor(PHONES) as pool:
            answers = list(pool.map(hand_in, range(PHONES)))
        assert Counter(answer.status for answer in answers) == {200: PHONES}
        results = [result for answer in answers for result in json.loads(answer.body)["results"]]
        assert Counter(r["status"] for r in results) == {"created": BATCH, "unchanged": BATCH * (PHONES - 1)}
        assert len({(r["id"], r["receipt"]["seq"]) for r in results}) == BATCH
    with fresh_database.reading() as session:
        assert kept.count(session) == BATCH * times(1)


@pytest.mark.only_on("sqlite")
def test_eight_processes_that_write_into_one_file_hardly_ever_tell_a_phone_to_wait(
    backend_name, tmp_path, fresh_url, fresh_database, chiefs, token_of, times
):
    settings = Settings.from_env({"HEZHANG_DATA": str(tmp_path), "HEZHANG_ENV": "test"})
    command = [word.replace(str(settings.port), "{port}") for word in serve.command_line(settings, "127.0.0.1")]
    command[command.index("--workers") + 1] = str(WRITERS)
    serving = Serving(tmp_path, fresh_url, command=command)
    each = times(300) // (2 * WRITERS) + 1

    def hand_in(number: int) -> tuple[Counter[int], list[float]]:
        chief, dice = chiefs[number], Random(number)
        made, statuses, seconds = walks(chief, dice), Counter[int](), []
        for _ in range(each):
            body = orjson.dumps(made[dice.randrange(len(made))] | {"note": str(dice.random())})
            began = time.monotonic()
            path, token = f"/api/v1/patrols/{uuid4()}", token_of(chief.person_id)
            answer, waits = ask_until_taken(serving.port, "PUT", path, token, body)
            seconds.append(time.monotonic() - began)
            statuses.update({answer.status: 1, 503: waits})
        return statuses, seconds

    try:
        serving.start()
        with ThreadPoolExecutor(2 * WRITERS) as pool:
            done = list(pool.map(hand_in, range(2 * WRITERS)))
    finally:
        serving.stop()
    statuses = sum((each for each, _ in done), Counter[int]())
    assert statuses[201] == each * 2 * WRITERS
    assert statuses.total() - statuses[201] <= statuses[201] / 20, f"a machine that is busy is no excuse: {statuses}"
    slow = float(np.percentile([second for _, seconds in done for second in seconds], 99))
    with fresh_database.reading() as session:
        assert kept.count(session) == each * 2 * WRITERS
    print(f"{dict(statuses)}, p99 {slow * 1000:.0f} ms")
