"""How soon letters are taken by a provider that needs 20–200 ms for each: 2,000 at once, and 500 urgent among 5,000."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from backend.channels.known import open_channels, ways
from backend.clock import utcnow
from backend.config import Settings
from backend.db import Database
from backend.domain.lanes import Lane
from backend.domain.notices import Wanted
from backend.files.store import PhotoStore
from backend.keyring import KeyRing
from backend.services import notices
from jobs import delivery
from jobs.runner import House
from tests.bench import stage
from tests.cast import assemble
from tests.rig.serving import free_port

MANY, WAITING, URGENT = 2_000, 5_000, 500
SLOW = {"*": {"latency_s": [0.02, 0.2], "receipts_share": 0.0}}


def main() -> None:
    """Print when all were taken, and how long the slowest of the urgent ones waited."""
    with stage.postgis() as (source, home), _farm(home) as port:
        database = Database.connect(source.fresh())
        _measure(_furnished(database, home, port))
        database.close()


@contextmanager
def _farm(folder: Path) -> Iterator[int]:
    """The providers in a process of their own, as they would be."""
    port = free_port()
    (folder / "script.json").write_text(json.dumps(SLOW))
    command = [str(Path(sys.executable).with_name("hezhang")), "gateway", "--quiet", "--port", str(port)]
    farm = subprocess.Popen(
        [*command, "--script", str(folder / "script.json"), "--channels-file", str(folder / "channels.json")],
        env=os.environ,
        stdout=subprocess.DEVNULL,
    )
    time.sleep(3)
    try:
        yield port
    finally:
        farm.terminate()
        farm.wait()


def _furnished(database: Database, folder: Path, port: int) -> House:
    settings = Settings.from_env(
        {
            "HEZHANG_DATA": str(folder),
            "HEZHANG_ENV": "test",
            "HEZHANG_LOG": "ERROR",
            "HEZHANG_CHANNELS": str(folder / "channels.json"),
            "HEZHANG_DOORS": "127.0.0.1",
            "HEZHANG_QUIET": "00:00-00:00",
        }
    )
    opened = open_channels(settings, utcnow)
    keyring, photos = KeyRing.load_or_make(settings.keys_file), PhotoStore.open(settings.photos_url)
    return House(settings, database, photos, keyring, opened, ways(settings, opened))


def _measure(house: House) -> None:
    assert house.keyring is not None
    with house.database.transaction() as session:
        reader = assemble(session, house.keyring).wang
    ended = threading.Event()
    threads = delivery.keep(house, ended)
    try:
        began = time.monotonic()
        _tell(house, reader, "many", MANY, Lane.NORMAL)
        _wait(house)
        print(f"{MANY} letters at 20–200 ms: all taken after {time.monotonic() - began:.1f} s (wanted 10)", flush=True)
        _tell(house, reader, "waiting", WAITING, Lane.NORMAL)
        time.sleep(1)
        _tell(house, reader, "urgent", URGENT, Lane.URGENT)
        _wait(house, Lane.URGENT)
        print(f"{URGENT} urgent among {WAITING} waiting: {_dwell(house)} (wanted p99 3 s)", flush=True)
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def _tell(house: House, reader: UUID, what: str, count: int, lane: Lane) -> None:
    values = {"segment": "徒骇河", "kind": {"key": "hazard.kind.flood.piping"}}
    wanted = [Wanted(reader, f"{what}:{number}", "closed", values, lane, ("sms",)) for number in range(count)]
    with house.database.transaction() as session:
        notices.queue(session, wanted, now=utcnow())


def _wait(house: House, lane: Lane | None = None) -> None:
    lanes = f"AND lane = '{lane.value}'" if lane else ""
    while True:
        with house.database.reading() as session:
            waiting = session.scalar(
                text(
                    f"SELECT (SELECT count(*) FROM notice WHERE addressed_at IS NULL {lanes})"
                    f" + (SELECT count(*) FROM letter WHERE accepted_at IS NULL {lanes})"
                )
            )
        if not waiting:
            return
        time.sleep(0.1)


def _dwell(house: House) -> str:
    with house.database.reading() as session:
        waited = text("SELECT extract(epoch FROM accepted_at - due_at) FROM letter WHERE lane = 'urgent' ORDER BY 1")
        seconds = [float(each) for each in session.scalars(waited)]
    middle, late = seconds[len(seconds) // 2], seconds[len(seconds) * 99 // 100]
    return f"p50 {middle:.2f} s, p99 {late:.2f} s, the slowest {seconds[-1]:.2f} s"
