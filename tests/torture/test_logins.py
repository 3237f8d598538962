"""Refreshing over a bad link: answers never come, phones die for days, two tabs refresh at once, nobody is out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest

from backend.app import create_app
from backend.domain.logins import GRACE
from backend.models.people import Person
from backend.services.passwords import hashed
from tests.cast import assemble

pytestmark = pytest.mark.torture

PASSWORD = "shan-he-wu-yang-7"
WANG = "12300000006"
DROPPED, AT_ONCE, DIES = 0.3, 0.2, 0.1
REFRESHES = 100


class Tab:
    """One device that stays signed in: it tries again, at once or after days, until an answer comes through."""

    def __init__(self, client, clock, dice: Random, pool: ThreadPoolExecutor) -> None:
        self.client, self.clock, self.dice, self.pool = client, clock, dice, pool
        said = {"phone": WANG, "password": PASSWORD}
        self.token = client.post("/api/v1/auth/login", json=said).json["refresh_token"]
        self.left: list[str] = []
        self.sent = 0

    def refresh(self, token: str):
        """What comes of one refresh token."""
        return self.client.application.test_client().post("/api/v1/auth/refresh", json={"refresh_token": token})

    def renew(self) -> None:
        """A new pair, whatever the link does; every answer there is must be a good one."""
        self.left.append(self.token)
        while self.token == self.left[-1]:
            twice = 2 if self.dice.random() < AT_ONCE else 1
            answers = list(self.pool.map(self.refresh, [self.token] * twice))
            self.sent += twice
            assert [answer.status_code for answer in answers] == [200] * twice
            for answer in answers:
                if self.dice.random() >= DROPPED:
                    self.token = answer.json["refresh_token"]
            dies = self.dice.random() < DIES
            self.clock.now += timedelta(hours=self.dice.uniform(0, 90)) if dies else timedelta(seconds=3)


def test_nobody_honest_is_signed_out_and_every_replay_ends_its_family(settings, fresh_database, keyring, clock, times):
    with fresh_database.transaction() as session:
        session.get_one(Person, assemble(session, keyring).wang).password_hash = hashed(PASSWORD)
    client, dice = create_app(settings, database=fresh_database, clock=clock).test_client(), Random(6)
    sent = 0
    with ThreadPoolExecutor(2) as pool:
        for _ in range(times(2)):
            tab = Tab(client, clock, dice, pool)
            for _ in range(REFRESHES):
                clock.now += timedelta(minutes=dice.uniform(1, 14))
                tab.renew()
            clock.now += GRACE + timedelta(seconds=1)
            assert tab.refresh(dice.choice(tab.left[:-1])).status_code == 401
            assert tab.refresh(tab.token).status_code == 401
            sent += tab.sent
    print(f"{sent} refreshes sent, {times(2) * REFRESHES} needed, {times(2)} replays")
