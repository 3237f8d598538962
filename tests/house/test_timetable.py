"""Every job is in the timetable, and each slot is had once."""

from __future__ import annotations

import pkgutil
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

import jobs
from backend.config import Settings
from backend.db import AWAY, Database, Session
from backend.files.store import PhotoStore
from backend.models.alarms import Alarm
from backend.models.regions import Region
from jobs.__main__ import keep_ticking
from jobs.runner import Aside, House, InPieces, Job, Whole, drain, sweep
from jobs.schedule import TIMETABLE, named

MACHINERY = {"__main__", "runner", "schedule"}
NOON = datetime(2025, 7, 2, 12, 0, tzinfo=UTC)


def test_every_job_module_is_in_the_timetable():
    modules = {found.name for found in pkgutil.iter_modules(jobs.__path__)} - MACHINERY
    assert {job.name for job in TIMETABLE} == modules
    assert named("photos") is not None
    assert named("no such job") is None


@pytest.fixture
def house(fresh_database: Database, tmp_path: Any) -> House:
    """A house whose transactions really commit."""
    return House(Settings.from_env({}), fresh_database, PhotoStore.open(f"file://{tmp_path}/photos"))


class Killed(BaseException):
    """The runner is killed: nothing of ours can catch it."""


def test_a_slot_is_the_same_for_whoever_looks_at_it():
    job = Job("photos", lambda house, now: 0, timedelta(hours=1))
    assert job.slot(NOON + timedelta(minutes=59)) == NOON
    assert job.slot(NOON + timedelta(minutes=60)) == NOON + timedelta(hours=1)


@pytest.mark.parametrize("kind", [Whole, InPieces])
def test_one_runner_of_many_has_the_turn_and_a_clock_set_back_gives_no_second_one(house, kind):
    job = kind("photos", lambda *_, **__: 7, timedelta(hours=1))
    assert job.turn(house, now=NOON) == 7
    assert job.turn(house, now=NOON + timedelta(minutes=59)) is None
    assert job.turn(house, now=NOON - timedelta(hours=1)) is None
    assert job.turn(house, now=NOON + timedelta(hours=1)) == 7
    assert job.go(house, now=NOON) == 7  # by hand it runs whosever turn it is


@pytest.mark.parametrize("kind", [Whole, InPieces])
def test_a_slot_written_under_a_clock_years_ahead_holds_up_nothing(house, kind):
    job = kind("photos", lambda *_, **__: 1, timedelta(hours=1))
    assert job.turn(house, now=NOON + timedelta(days=700)) == 1
    assert job.turn(house, now=NOON) == 1
    assert job.turn(house, now=NOON) is None


def test_a_job_of_one_transaction_that_is_killed_keeps_neither_its_work_nor_its_slot(house):
    def half(session: Session, *, now: datetime) -> int:
        session.add(Region(code="37", name="山东省", level=5))
        session.flush()
        if deaths:
            raise deaths.pop()
        return 1

    deaths = [Killed()]
    job = Whole("logins", half, timedelta(hours=1))
    with pytest.raises(Killed):
        job.turn(house, now=NOON)
    with house.database.reading() as session:
        assert session.get(Region, "37") is None
    assert job.turn(house, now=NOON) == 1


def test_a_killed_run_of_many_transactions_is_taken_up_again_when_its_lease_has_run_out(house):
    def killed(house: House, *, now: datetime, alive: Any) -> int:
        alive()
        if deaths:
            raise deaths.pop()
        return 3

    deaths = [Killed()]
    job = InPieces("photos", killed, timedelta(hours=1))
    with pytest.raises(Killed):
        job.turn(house, now=NOON)
    assert job.turn(house, now=NOON) is None  # somebody may be at it yet
    with house.database.transaction() as session:
        session.execute(text("UPDATE job_slot SET lease_until = '2001-01-01 00:00:00'"))
    assert job.turn(house, now=NOON) == 3
    assert job.turn(house, now=NOON) is None


def test_a_lease_from_before_the_clock_was_set_back_holds_up_nothing(house):
    job = InPieces("photos", lambda *_, **__: 1, timedelta(hours=1))
    assert job.turn(house, now=NOON) == 1
    with house.database.transaction() as session:
        session.execute(text("UPDATE job_slot SET lease_until = '2999-01-01 00:00:00'"))
    assert job.turn(house, now=NOON + timedelta(hours=1)) == 1


def test_a_clock_set_back_does_not_stop_the_ticking():
    ticked = threading.Event()
    scheduler = BackgroundScheduler(timezone=UTC)
    # As it looks to the scheduler after its host's clock was set back by an hour.
    ahead = datetime.now(UTC) + timedelta(hours=1)
    scheduler.add_job(ticked.set, "interval", seconds=5, id="photos", next_run_time=ahead)
    scheduler.start()
    try:
        assert not ticked.wait(0.3)
        keep_ticking(scheduler, datetime.now(UTC))
        assert ticked.wait(30)
    finally:
        scheduler.shutdown()


def test_pieces_are_drained_until_none_is_left_and_a_broken_one_is_set_aside():
    left, signs = [1, 2, 3, 4], []

    def work(piece: int) -> bool:
        if piece == 2:
            raise ValueError("poison")
        left.remove(piece)
        return True

    def batch(aside: set[int]) -> list[int]:
        return [piece for piece in left if piece not in aside][:2]

    assert drain(batch, work, lambda: signs.append(len(left))) == 3
    assert left == [2]
    assert signs == [3, 1]


def test_a_batch_that_breaks_is_done_one_by_one_and_what_breaks_alone_is_set_aside_with_an_alarm(house):
    left = [1, 2, 3]

    def work(session: Session, *, limit: int) -> int:
        taken = left[:limit]
        for piece in taken:
            session.add(Region(code=f"3{piece}", name="某省", level=5))
            session.flush()
            if piece == 2:
                raise ValueError("poison")
        del left[:limit]
        return len(taken)

    def aside(_: Session) -> Aside:
        return Aside("heap", left.pop(0), "a heap")

    assert sweep(house, work, aside, batch=3, broke="heaps_broke", now=NOON) == 3
    with house.database.reading() as session:
        assert session.scalars(select(Region.code).order_by(Region.code)).all() == ["31", "33"]
        assert session.scalars(select(Alarm.about)).all() == ["heap/2"]


def test_while_the_database_is_away_nothing_is_set_aside(house):
    def work(session: Session, *, limit: int) -> int:
        raise OperationalError("SELECT 1", {}, ConnectionError())

    def aside(_: Session) -> Aside:
        raise AssertionError("no piece of work is broken")

    with pytest.raises(AWAY):
        sweep(house, work, aside, batch=3, broke="heaps_broke", now=NOON)
