"""PostgreSQL ends at once in the middle of a sweep and comes back: every step is taken and told once."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.app import create_app
from backend.config import Settings
from backend.db import AWAY, Database
from backend.files.store import PhotoStore
from backend.keyring import KeyRing
from backend.models.facts import Fact
from backend.models.hazards import Hazard
from backend.models.notices import Notice
from backend.services import verifying
from backend.store.backup import moment
from jobs import escalation
from jobs.runner import House
from tests.api.conftest import Lasting
from tests.api.hazard_cases import Case
from tests.cast import NOON, assemble
from tests.rig.databases import PostgisDatabases
from tests.rig.postgres import PrivateServer

pytestmark = [pytest.mark.torture, pytest.mark.only_on("postgis")]

HAZARDS = 60


@pytest.fixture
def durable_database(backend_name: str, durable_server: PrivateServer) -> Iterator[Database]:
    source = PostgisDatabases(durable_server)
    own = Database.connect(source.fresh())
    yield own
    own.close()
    source.close()


def test_a_database_that_is_gone_in_mid_sweep_costs_no_step_and_doubles_none(
    durable_database, durable_server, settings: Settings, keyring: KeyRing, clock: Any, tmp_path: Path, times
):
    with durable_database.transaction() as session:
        cast = assemble(session, keyring)
    app = create_app(settings, database=durable_database, clock=clock)
    here, dice = Lasting(cast, durable_database, app, keyring, clock), Random(3)
    for _ in range(HAZARDS):
        Case(here.phone_of, cast.wang)
    house = House(settings, durable_database, PhotoStore.open(f"file://{tmp_path}/photos"))

    for number in range(times(3)):
        now = NOON + timedelta(days=2 + 4 * number)
        sweep = threading.Thread(target=_sweep, args=(house, now))
        sweep.start()
        time.sleep(dice.uniform(0, 0.3))
        durable_server.crash()
        sweep.join()
        durable_server.start()
        durable_database.close()  # our own connections are dead, too
        escalation.run(house, now=now)
    told = Counter[tuple[Any, str, int]]()
    with durable_database.reading() as session:
        for fact in session.scalars(select(Fact).where(Fact.act == "climb")):
            told.update((fact.thing_id, each["person"], each["step"]) for each in json.loads(fact.body)["told"])
        notices = session.scalar(select(func.count()).select_from(Notice).where(Notice.key.startswith("climb")))
        assert session.scalar(select(func.count()).select_from(Hazard)) == HAZARDS
    assert set(told.values()) == {1}
    assert len(told) == notices
    with moment(durable_database) as session:
        assert verifying.verify(session).wrong is None


def _sweep(house: House, now: Any) -> None:
    try:
        escalation.run(house, now=now)
    except AWAY:
        return
