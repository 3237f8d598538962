"""PostgreSQL ends at once under load and comes back: nothing acknowledged is lost, and the server heals by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from backend.db import Database
from tests.bench import scene
from tests.rig.databases import PostgisDatabases
from tests.rig.postgres import PrivateServer
from tests.rig.serving import Serving
from tests.torture import kept
from tests.torture.phones import crowd

pytestmark = [pytest.mark.torture, pytest.mark.only_on("postgis")]

HEALED_S = 5.0


@pytest.fixture
def durable_url(backend_name: str, durable_server: PrivateServer) -> Iterator[str]:
    """A migrated database on a server that writes to the disk for real."""
    source = PostgisDatabases(durable_server)
    yield source.fresh()
    source.close()


@pytest.fixture
def durable_database(durable_url: str) -> Iterator[Database]:
    """Our own look into it."""
    own = Database.connect(durable_url)
    yield own
    own.close()


@pytest.fixture
def durable_serving(durable_url: str, tmp_path: Path) -> Iterator[Serving]:
    """A server before it, started once."""
    here = Serving(tmp_path, durable_url)
    here.start()
    yield here
    here.stop()


def test_nothing_is_lost_when_postgres_ends_at_once_and_the_server_heals_by_itself(
    durable_database, durable_server, durable_serving, token_of, times
):
    dice, slowest = Random(2), 0.0
    chiefs = scene.fill(durable_database, 24)
    with crowd(durable_serving.port, chiefs, token_of, seed=2) as phones:
        for _ in range(times(1)):
            phones.wait_for(1, within_s=90)
            time.sleep(dice.uniform(0, 0.8))
            durable_server.crash()
            refused = phones.statuses[503]
            while phones.statuses[503] <= refused:  # phones are told to come again, while it is away
                time.sleep(0.02)
            durable_server.start()
            slowest = max(slowest, phones.wait_for(1, within_s=HEALED_S))
            durable_database.close()  # our own connections are dead, too
            kept.check(durable_database, phones.receipts)
    count = kept.check(durable_database, phones.receipts)
    assert phones.wrong == []
    assert {each for each in phones.statuses if isinstance(each, int)} == {200, 201, 503}
    assert count == len(phones.receipts) == len(phones.sent)
    print(f"{count} walks, answers {dict(phones.statuses)}, healed within {slowest:.2f} s")
