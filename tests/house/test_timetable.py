"""Every job is in the timetable, and each slot is had once."""

from __future__ import annotations

import pkgutil
from datetime import UTC, datetime, timedelta

import jobs
from jobs.runner import drain, in_turn
from jobs.schedule import TIMETABLE, Job, named

MACHINERY = {"__main__", "runner", "schedule"}
NOON = datetime(2025, 7, 2, 12, 0, tzinfo=UTC)


def test_every_job_module_is_in_the_timetable():
    modules = {found.name for found in pkgutil.iter_modules(jobs.__path__)} - MACHINERY
    assert {job.name for job in TIMETABLE} == modules
    assert named("photos") is not None
    assert named("no such job") is None


def test_a_slot_is_the_same_for_whoever_looks_at_it():
    job = Job("photos", lambda house, now: 0, timedelta(hours=1))
    assert job.slot(NOON + timedelta(minutes=59)) == NOON
    assert job.slot(NOON + timedelta(minutes=60)) == NOON + timedelta(hours=1)


def test_one_runner_of_many_has_the_turn_and_a_clock_set_back_gives_no_second_one(database):
    assert in_turn(database, "photos", NOON)
    assert not in_turn(database, "photos", NOON)
    assert not in_turn(database, "photos", NOON - timedelta(hours=1))
    assert in_turn(database, "photos", NOON + timedelta(hours=1))


def test_pieces_are_drained_until_none_is_left(database):
    left = [1, 2, 3]
    assert drain(database, lambda session: bool(left and left.pop())) == 3
