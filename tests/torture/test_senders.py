"""Senders are killed in mid-send, at random and in every gap: nothing is lost, and every repeat says that it is one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from backend.clock import utcnow
from backend.db import Database
from backend.domain.lanes import Lane
from backend.domain.notices import Wanted
from backend.keyring import KeyRing
from backend.models.notices import Letter
from backend.services import notices
from tests.cast import assemble
from tests.house.tree import ROOT
from tests.rig.sinks import Sink

pytestmark = pytest.mark.torture

MESSAGES, KILLS = 250, 8
"""To each of two sinks; `make torture` sends more, and is at it for longer."""
PERIOD_S = 1.2
"""From one kill to the next, on the average; a sender needs a second to start."""
MOST = 40
"""How many times as many `make torture` sends: 10,000 messages and 320 kills at each sink."""
GAPS = [
    "claim.before_commit",
    "claim.after_commit",
    "send.before",
    "send.after",
    "record.before",
    "record.before_commit",
    "record.after_commit",
]


class Senders:
    """Processes that send, to be killed and started again."""

    def __init__(self, url: str, home: Path, port: int) -> None:
        self._command = [sys.executable, "-m", "tests.torture.sender", url, str(port)]
        self._environ = os.environ | {"HEZHANG_DATA": str(home), "HEZHANG_ENV": "test"}
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *more: str, **environ: str) -> subprocess.Popen[bytes]:
        command, env = [*self._command, *more], self._environ | environ
        self.running.append(subprocess.Popen(command, env=env, cwd=ROOT))
        return self.running[-1]

    def kill_one(self, dice: Random) -> None:
        victim = self.running.pop(dice.randrange(len(self.running)))
        victim.send_signal(signal.SIGKILL)
        victim.wait()

    def stop(self) -> None:
        for each in self.running:
            each.kill()
            each.wait()


@pytest.fixture
def reader(fresh_database: Database, tmp_path: Path) -> UUID:
    """Somebody to be told, whose number the senders can open."""
    with fresh_database.transaction() as session:
        return assemble(session, KeyRing.load_or_make(tmp_path / "keys" / "keys.json")).wang


@pytest.fixture(params=[True, False], ids=["honours the key", "does not"])
def sink(request: pytest.FixtureRequest) -> Iterator[Sink]:
    opened = Sink(honours_key=request.param)
    yield opened
    opened.close()


@pytest.fixture
def senders(fresh_url: str, tmp_path: Path, sink: Sink) -> Iterator[Senders]:
    started = Senders(fresh_url, tmp_path, sink.port)
    yield started
    started.stop()


def tell(database: Database, reader: UUID, numbers: range) -> None:
    """Queue messages that can be told apart by their text."""
    wanted = [
        Wanted(
            reader,
            f"torture:{number}",
            "rejected",
            {"segment": f"#{number}#", "kind": {"key": "hazard.kind.flood.piping"}},
            Lane.URGENT,
            ("sms",),
        )
        for number in numbers
    ]
    with database.transaction() as session:
        notices.queue(session, wanted, now=utcnow())


def open_letters(database: Database) -> int:
    """Notices without letters, and letters without an end."""
    with database.reading() as session:
        unaddressed = session.scalar(text("SELECT count(*) FROM notice WHERE addressed_at IS NULL"))
        underway = session.scalar(
            select(func.count()).select_from(Letter).where(Letter.state.in_(["pending", "sending", "unknown"]))
        )
    return (unaddressed or 0) + (underway or 0)


def wait_until_done(database: Database, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while open_letters(database):
        assert time.monotonic() < deadline, f"{open_letters(database)} letters without an end"
        time.sleep(0.2)


def shown(sink: Sink) -> Counter[str]:
    """How often each message was shown."""
    return Counter(message["text"].split("#")[1] for message in sink.shown)


def test_three_senders_are_killed_at_random_and_nothing_is_lost_or_shown_twice(
    fresh_database, reader, sink, senders, times: Callable[[int], int]
):
    rounds = min(times(1), MOST)
    messages, kills = MESSAGES * rounds, KILLS * rounds
    dice = Random(11)
    for _ in range(3):
        senders.start()
    for killed in range(kills):
        share = range(messages * killed // kills, messages * (killed + 1) // kills)
        for number in share:
            tell(fresh_database, reader, range(number, number + 1))
            time.sleep(dice.random() * 2 * PERIOD_S / len(share))
        senders.kill_one(dice)
        senders.start()
    wait_until_done(fresh_database, 180)

    seen = shown(sink)
    assert seen.keys() == {str(number) for number in range(messages)}, "a message is lost"
    repeats = [message for message in sink.came if message["number"] > 1]
    print(f"{messages} messages, {kills} kills: {len(repeats)} repeats, {sum(seen.values()) - messages} shown twice")
    if sink.honours_key:
        assert set(seen.values()) == {1}, "a message is shown twice"
    elif rounds >= 10:  # a few kills prove little either way: how many each costs is a question of the machine
        assert sum(seen.values()) - messages <= messages // 100, "more than one in a hundred is shown twice"
    assert len(sink.came) - messages <= len(repeats), "a repeat does not say that it is one"
    assert all("次发送" in message["text"] for message in repeats)
    with fresh_database.reading() as session:
        states = Counter(session.scalars(select(Letter.state)))
    assert states == {"accepted": messages}


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("sink", [True], ids=["honours the key"], indirect=True)
def test_a_sender_that_dies_in_a_gap_twice_leaves_nothing_undone(fresh_database, reader, sink, senders, gap):
    tell(fresh_database, reader, range(3))
    deaths = 0
    for _ in range(2):
        ended = senders.start("once", HEZHANG_FAILPOINT=gap)
        deaths += ended.wait(180) == 9
        with fresh_database.transaction() as session:
            session.execute(
                text("UPDATE letter SET lease_until = '2001-01-01 00:00:00+00:00' WHERE lease_until IS NOT NULL")
            )
    assert deaths >= 1
    assert senders.start("once").wait(180) == 0
    assert open_letters(fresh_database) == 0
    assert shown(sink) == {"0": 1, "1": 1, "2": 1}
