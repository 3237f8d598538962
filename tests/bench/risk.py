"""How long the risk of 100,000 reaches takes after one county's signal: only that county is weighed anew."""

from __future__ import annotations

import gc
import time
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from backend import schema
from backend.clock import utcnow
from backend.config import Settings
from backend.db import Database
from backend.domain.cap import Message
from backend.files.store import PhotoStore
from backend.formats import cap_out
from backend.services import signals
from jobs import drift
from jobs import risk as job
from jobs.runner import House
from tests.api.signal_cases import cancel, message
from tests.bench import campaigns, city, stage
from tests.bench.city import Size

SIZE = Size(8, 63, 0)
"""100,800 villages in eight counties, a reach each."""
HAZARDS = 2_000
_CHANGED = "SELECT substr(region_code, 1, 6), count(*) FROM risk_change WHERE seq > :seq GROUP BY 1"


def main(size: Size = SIZE) -> None:
    """Weigh everything once, then after a signal over one county, and after it has ended."""
    with stage.postgis() as (source, home):
        _measured(Database.connect(source.empty()), home, size)


def _measured(database: Database, home: Path, size: Size) -> None:
    schema.upgrade(database)
    city.build(database, size)
    with database.transaction() as session:
        values = {"now": utcnow(), "count": HAZARDS, "places": size.segments}
        session.execute(text(campaigns.HAZARDS_ELSEWHERE), values)
        session.execute(text("ANALYZE"))
    house = House(Settings.from_env({"HEZHANG_DATA": str(home)}), database, PhotoStore.open(f"file://{home}/photos"))
    began = time.monotonic()
    drift.run(house, now=utcnow())
    job.run(house, now=utcnow())
    print(f"{size.segments} reaches drawn and weighed for the first time: {time.monotonic() - began:.1f} s", flush=True)
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
    red = replace(message(1, "red", regions=(city.county(0),), lasts=10_000_000), sent=utcnow())
    for said in (red, replace(cancel(2, red), sent=utcnow())):
        seq = _newest(database)
        seconds, of_cpu = _after(house, said)
        with database.reading() as session:
            counted = {row[0]: row[1] for row in session.execute(text(_CHANGED), {"seq": seq})}
        assert counted.pop(city.county(0)) >= size.segments / size.counties, counted
        assert set(counted) <= {city.CITY}, counted
        reaches = size.segments // size.counties
        spent = f"{seconds:.2f} s ({of_cpu:.2f} s of our CPU)"
        print(f"a county's signal, {said.kind}: {reaches} reaches weighed in {spent}, no other", flush=True)
    database.close()


def _after(house: House, said: Message) -> tuple[float, float]:
    """Seconds until it is weighed, and of them those of this process; the runner never held the whole city itself."""
    with house.database.transaction() as session:
        paper = signals.prepare(session, said, cap_out.write(said), today=utcnow().date())
        signals.receive(session, paper, now=utcnow())
    gc.collect()
    gc.freeze()
    began, of_cpu = time.monotonic(), time.process_time()
    job.run(house, now=utcnow())
    return time.monotonic() - began, time.process_time() - of_cpu


def _newest(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(text("SELECT max(seq) FROM risk_change")) or 0
