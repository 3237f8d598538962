"""A red warning by app, text message and call: how soon providers take it, and how full 200 lines are kept.

Three senders and a server beside them. Where it is the time of providers that counts, people hang up after 2–3.5 s;
how full the lines are is measured with calls as long as real ones.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text

from backend.clock import utcnow
from backend.db import Database
from backend.domain.lanes import Lane
from backend.domain.notices import Wanted
from backend.keyring import KeyRing
from backend.models.people import Person
from backend.services import notices
from tests.bench import stage
from tests.bench.sender import ready
from tests.rig.serving import Serving, free_port

LINES, SENDERS, KILL_S = 200, 3, 0.7
PEOPLE = {
    "*": {"latency_s": [0.02, 0.2]},
    "sms": {"receipts_after_s": [1, 5]},
    "voice": {
        "lines": LINES,
        "call_s": [20, 35],
        "no_answer_s": [25, 30],
        "keys": {"1": 0.6, "2": 0.2, "3": 0.02},
        "hangs_up_share": 0.05,
        "unreachable": ["7"],
    },
}
_ACCEPTED = "accepted_at IS NULL AND state NOT IN ('failed', 'delivered', 'answered')"


def main() -> None:
    """Warn 500 people, 2,000, and 2,000 while one of three senders is killed every 0.7 s."""
    with stage.postgis() as (source, home), _house(source.fresh(), home) as house:
        house.script({"call_s": [2, 3.5], "no_answer_s": [2.5, 3]})
        house.warn("to warm up", 50, "nothing")
        house.warn("a red warning", 500, "app and text p99 3 s")
        house.warn("a red warning", 2_000, "app and text p99 10 s")
        house.warn("a sender killed every 0.7 s", 2_000, "app and text within 20 s", KILL_S)
        house.script({"call_s": [20, 35], "no_answer_s": [25, 30]})
        house.warn("calls of 20 to 35 s", 600, "no line idle")


class Warned:
    """A house with its senders, and the farm of its providers."""

    def __init__(self, url: str, home: Path, farm: str) -> None:
        self.farm, self._dice, self._round = farm, Random(7), 0
        self._home, self.kills = home, 0
        self._database = Database.connect(url)
        self._keyring = KeyRing.load_or_make(home / "keys" / "keys.json")
        self._environ = os.environ | {"HEZHANG_DATA": str(home), "DATABASE_URL": url, "HEZHANG_ENV": "test"}
        self.senders: list[subprocess.Popen[bytes]] = []

    def script(self, voice: dict[str, list[float]]) -> None:
        """How long calls last from now on; what the house believes of them does not change."""
        _asked(f"{self.farm}/script", json.dumps({"voice": voice}).encode())

    def start_sender(self) -> None:
        """One more, in a process of its own."""
        self.senders.append(subprocess.Popen([sys.executable, "-m", "tests.bench.sender"], env=self._environ))

    def warn(self, what: str, count: int, wanted: str, kill_s: float | None = None) -> None:
        """Tell so many people at once, and print how they fared."""
        people, self._round = self._people(count), self._round + 1
        _asked(f"{self.farm}/books", b"{}")
        began = time.monotonic()
        with self._database.transaction() as session:
            notices.queue(session, [self._wanted(number, each) for number, each in enumerate(people)], now=utcnow())
        self._wait("channel <> 'voice'", kill_s)
        quick = time.monotonic() - began
        self._wait("channel = 'voice'", None)
        self._print(f"{what} for {count}", wanted, quick, time.monotonic() - began)
        self._wait_until_hung_up()

    def _people(self, count: int) -> list[UUID]:
        ids = [uuid4() for _ in range(count)]
        with self._database.transaction() as session:
            rows = [
                {
                    "id": each,
                    "created_at": utcnow(),
                    "name": f"第{number}人",
                    "phone_sealed": self._keyring.seal(f"+86123{number:08d}"),
                }
                for number, each in enumerate(ids)
            ]
            session.execute(insert(Person), rows)
        return ids

    def _wanted(self, number: int, person: UUID) -> Wanted:
        values = {"segment": "徒骇河", "kind": {"key": "hazard.kind.flood.piping"}}
        ways = ("app", "sms", "voice")
        priority = 0 if number % 4 == 3 else 1  # the last are not in the risk area
        return Wanted(person, f"red:{self._round}", "closed", values, Lane.URGENT, ways, priority=priority)

    def _wait(self, which: str, kill_s: float | None) -> None:
        next_kill = time.monotonic() + (kill_s or 0)
        while self._left(which):
            if kill_s and time.monotonic() >= next_kill:
                next_kill += kill_s
                self._kill_one()
            time.sleep(0.05)

    def _kill_one(self) -> None:
        """One of those that send by now: where starts take long, killing the last would prove nothing."""
        sending = [each for each in self.senders if ready(self._home, each.pid).exists()]
        if len(sending) < 2:
            return
        victim = self._dice.choice(sending)
        self.senders.remove(victim)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self.kills += 1
        self.start_sender()

    def _left(self, which: str) -> int:
        question = (
            f"SELECT (SELECT count(*) FROM notice WHERE addressed_at IS NULL)"
            f" + (SELECT count(*) FROM letter WHERE {_ACCEPTED} AND {which})"
        )
        with self._database.reading() as session:
            return session.scalar(text(question)) or 0

    def _wait_until_hung_up(self) -> None:
        while _asked(f"{self.farm}/books")["voice"]["in_use"]:
            time.sleep(0.1)
        time.sleep(1)

    def _print(self, what: str, wanted: str, quick_s: float, whole_s: float) -> None:
        for channels in ("app, sms", "voice"):
            names = ", ".join(f"'{each}'" for each in channels.split(", "))
            print(f"{what}, {channels}: {self._dwell(names)}", flush=True)
        its = _asked(f"{self.farm}/books")["voice"]
        print(
            f"  app and text taken within {quick_s:.1f} s (wanted: {wanted}), calls begun within {whole_s:.1f} s;"
            f" lines {its['most']} of {LINES} at most, exceeded {its['exceeded']}, idle"
            f" {its['idle_share'] or 0:.2%} of the {its['lasted_s']:.0f} s until the last call began,"
            f" {its['calls']} calls;"
            f" in the risk area of the first ones: {self._in_order():.0%}; {self.kills} senders killed",
            flush=True,
        )

    def _dwell(self, channels: str) -> str:
        question = (
            "SELECT extract(epoch FROM coalesce(accepted_at, delivered_at, answered_at, failed_at) - l.due_at)"
            f" FROM letter l JOIN notice n ON n.id = l.notice_id WHERE l.channel IN ({channels})"
            f" AND n.created_at = (SELECT max(created_at) FROM notice) ORDER BY 1"
        )
        with self._database.reading() as session:
            seconds = [float(each) for each in session.scalars(text(question))]
        late = seconds[len(seconds) * 99 // 100]
        return f"{len(seconds)} letters, p50 {seconds[len(seconds) // 2]:.2f} s, p99 {late:.2f} s, {seconds[-1]:.2f} s"

    def _in_order(self) -> float:
        """Of as many first calls as there are people in the risk area the share that goes there."""
        question = (
            "SELECT l.priority, accepted_at FROM letter l JOIN notice n ON n.id = l.notice_id WHERE channel = 'voice'"
            " AND n.created_at = (SELECT max(created_at) FROM notice) AND accepted_at IS NOT NULL ORDER BY accepted_at"
        )
        with self._database.reading() as session:
            rows = [priority for priority, _at in session.execute(text(question))]
        inside = rows.count(0)
        return rows[:inside].count(0) / inside

    def close(self) -> None:
        """End the senders."""
        for each in self.senders:
            each.kill()
            each.wait()
        self._database.close()


@contextmanager
def _house(url: str, home: Path) -> Iterator[Warned]:
    port, server = free_port(), Serving(home, url)
    script, channels = home / "script.json", home / "channels.json"
    script.write_text(json.dumps(PEOPLE))
    command = [str(Path(sys.executable).with_name("hezhang")), "gateway", "--quiet", "--port", str(port)]
    command += ["--house", f"http://127.0.0.1:{server.port}"]
    farm = subprocess.Popen([*command, "--script", script, "--channels-file", channels], stdout=subprocess.DEVNULL)
    os.environ |= {"HEZHANG_CHANNELS": str(channels), "HEZHANG_DOORS": "127.0.0.1"}
    house = Warned(url, home, f"http://127.0.0.1:{port}")
    try:
        while not channels.exists():
            time.sleep(0.1)
        server.start()
        for _ in range(SENDERS):
            house.start_sender()
        while not all(ready(home, each.pid).exists() for each in house.senders):
            time.sleep(0.1)
        yield house
    finally:
        house.close()
        server.kill()
        farm.terminate()
        farm.wait()


def _asked(url: str, body: bytes | None = None) -> dict[str, Any]:
    with urllib.request.urlopen(url, body, timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
        return found
