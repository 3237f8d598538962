"""What the clockwork says of its turns: those that had work, and every one of a rare job."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from apscheduler.events import EVENT_JOB_MAX_INSTANCES
from apscheduler.schedulers.background import BackgroundScheduler
from structlog.testing import capture_logs

from backend import logs
from jobs.__main__ import Ticker, hush
from jobs.runner import Whole


@pytest.mark.parametrize(
    ("every", "pieces", "said"),
    [
        (timedelta(minutes=5), 0, []),
        (timedelta(minutes=5), 3, [3]),
        (timedelta(hours=1), 0, []),
        (timedelta(days=1), 0, [0]),
    ],
)
def test_a_turn_without_work_is_told_of_rare_jobs_alone_and_a_turn_somebody_has_had_of_none(house, every, pieces, said):
    logs.configure("INFO")
    ticker = Ticker(Whole("rinsing", lambda _session, *, now: pieces, every), house)
    with capture_logs() as told:
        ticker()
        ticker()
    assert [each["pieces"] for each in told if each["event"] == "ran"] == said


def test_that_a_tick_found_its_job_still_at_work_is_not_told(caplog):
    hush()
    skipped, done = threading.Event(), threading.Event()
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_listener(lambda _event: skipped.set(), EVENT_JOB_MAX_INSTANCES)
    scheduler.add_job(done.wait, "interval", seconds=0.05, max_instances=1)
    scheduler.start()
    try:
        assert skipped.wait(60)
    finally:
        done.set()
        scheduler.shutdown()
    assert "skipped" not in caplog.text
