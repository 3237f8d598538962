"""The server is killed as a whole while phones hand in: what was acknowledged is there once."""

from __future__ import annotations

import time
from random import Random

import pytest

from tests.torture import kept
from tests.torture.phones import crowd

pytestmark = pytest.mark.torture


def test_no_walk_is_lost_or_doubled_when_the_whole_server_is_killed(serving, fresh_database, chiefs, token_of, times):
    dice = Random(1)
    with crowd(serving.port, chiefs, token_of, seed=1) as phones:
        for _ in range(times(2)):
            phones.wait_for(1, within_s=90)
            time.sleep(dice.uniform(0, 0.8))
            serving.kill()
            kept.check(fresh_database, phones.receipts)
            serving.start()
    count = kept.check(fresh_database, phones.receipts)
    assert phones.wrong == []
    assert count == len(phones.receipts) == len(phones.sent)
    print(f"{count} walks, answers {dict(phones.statuses)}")
