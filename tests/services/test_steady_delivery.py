"""The clockwork sends by itself, as a process: within a second of the commit, and ends when it is asked to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from backend.clock import utcnow
from backend.db import Database
from backend.domain.lanes import Lane
from backend.domain.notices import Wanted
from backend.keyring import KeyRing
from backend.models.notices import Letter, Notice
from backend.services import notices
from jobs import delivery
from jobs.runner import House
from jobs.schedule import named
from tests.cast import assemble
from tests.house.tree import ROOT


@pytest.fixture
def reader(fresh_database, keyring):
    with fresh_database.transaction() as session:
        return assemble(session, keyring).wang


def tell(database: Database, reader, fact: str = "1", lane: Lane = Lane.URGENT) -> None:
    values = {"segment": "徒骇河", "kind": {"key": "hazard.kind.flood.piping"}}
    with database.transaction() as session:
        notices.queue(session, [Wanted(reader, fact, "closed", values, lane, ("sms",))], now=utcnow())


def wait_for(database: Database, states: list[str], within_s: float = 90) -> None:
    # The clockwork has news of its own, as of a year whose holidays are not known yet.
    mine = select(Letter.state).join(Notice, Notice.id == Letter.notice_id).where(Notice.key == "closed")
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        with database.reading() as session:
            if session.scalars(mine).all() == states:
                return
        time.sleep(0.05)
    raise AssertionError(f"not {states} within {within_s} s")


def test_python_m_jobs_sends_what_comes_and_ends_when_it_is_told_to(fresh_database, fresh_url, reader, settings):
    environ = os.environ | {"HEZHANG_DATA": str(settings.home), "HEZHANG_ENV": "test", "DATABASE_URL": fresh_url}
    process = subprocess.Popen([sys.executable, "-m", "jobs"], env=environ, cwd=ROOT)
    try:
        tell(fresh_database, reader)
        wait_for(fresh_database, ["delivered"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()


def test_by_hand_it_sends_what_is_due_once(fresh_database, fresh_url, reader, settings):
    tell(fresh_database, reader)
    environ = os.environ | {"HEZHANG_DATA": str(settings.home), "HEZHANG_ENV": "test", "DATABASE_URL": fresh_url}
    command = [sys.executable, "-m", "jobs", "delivery"]
    ended = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=True)
    assert '"pieces": 1' in ended.stderr
    wait_for(fresh_database, ["delivered"])


@pytest.fixture
def kept(fresh_database, office, keyring: KeyRing):
    """The streams of this process, on a database that really commits; what ends them."""
    house = replace(office, database=fresh_database, keyring=keyring)
    ended = threading.Event()
    threads = delivery.keep(house, ended)
    yield house
    ended.set()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_an_urgent_one_is_taken_within_a_second_of_the_commit(kept, fresh_database, reader, sms):
    for number in range(5):
        began = time.monotonic()
        tell(fresh_database, reader, f"{number}")
        while len(sms.taken) <= number:
            time.sleep(0.01)
            assert time.monotonic() - began < 5
    wait_for(fresh_database, ["accepted"] * 5)


class Shaky(Database):
    """A database that is away for a moment, as while it is started again."""

    left = 3

    def transaction(self):
        if type(self).left:
            type(self).left -= 1
            raise OperationalError("BEGIN", {}, Exception("the database system is starting up"))
        return super().transaction()


def test_while_the_database_is_away_it_waits_and_goes_on(fresh_url, fresh_database, office, keyring, reader, sms):
    shaky = Shaky.connect(fresh_url)
    Shaky.left = 3
    ended = threading.Event()
    threads = delivery.keep(replace(office, database=shaky, keyring=keyring), ended)
    try:
        tell(fresh_database, reader)
        wait_for(fresh_database, ["accepted"])
        assert Shaky.left == 0
    finally:
        ended.set()
        for thread in threads:
            thread.join(60)
        shaky.close()


def test_a_record_that_finds_the_database_away_is_made_when_it_is_back_and_nothing_is_sent_twice(
    fresh_url, fresh_database, office, keyring, reader, sms
):
    tell(fresh_database, reader)
    shaky = Shaky.connect(fresh_url)
    Shaky.left = 0
    plan = sms.plan

    def and_the_database_goes(letter, nth):
        Shaky.left = 2
        return plan(letter, nth)

    sms.plan = and_the_database_goes
    assert delivery.run(replace(office, database=shaky, keyring=keyring), now=utcnow()) == 1
    shaky.close()
    wait_for(fresh_database, ["accepted"])
    assert len(sms.sent) == 1


def test_a_look_with_nothing_due_writes_nothing(fresh_database, office, keyring, reader):
    delivery.run(replace(office, database=fresh_database, keyring=keyring), now=utcnow())
    with fresh_database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM bucket")) == 0


def test_a_steady_job_needs_no_turn(house: House):

    job = named("delivery")
    assert job is not None
    assert job.turn(house, now=utcnow()) == 0
    assert job.go(house, now=utcnow()) == 0
