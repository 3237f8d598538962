"""`python -m jobs`: tick for ever. `python -m jobs NAME [--at TIME]`: run one job once."""

from __future__ import annotations

import argparse
import signal
import threading
from datetime import datetime

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from backend import logs
from backend.clock import utcnow
from backend.config import Settings
from backend.db import Database
from backend.files.store import PhotoStore
from jobs.runner import House, in_turn
from jobs.schedule import TIMETABLE, Job, go, named

log = structlog.get_logger("jobs")
TICK_S = 5


def main() -> None:
    """Run the clockwork, or one job of it as of a moment."""
    asked = argparse.ArgumentParser(prog="python -m jobs")
    asked.add_argument("name", nargs="?", choices=[job.name for job in TIMETABLE], help="run this job once")
    asked.add_argument("--at", type=datetime.fromisoformat, help="as of this moment, with its offset")
    wanted = asked.parse_args()
    settings = Settings.from_env()
    logs.configure(settings.log_level)
    house = House(settings, Database.connect(settings.database_url), PhotoStore.open(settings.photos_url))
    job = named(wanted.name)
    if job is None:
        _tick_for_ever(house)
        return
    now = wanted.at or utcnow()
    if now.tzinfo is None:
        asked.error("--at needs an offset, such as 2025-07-28T08:00+08:00")
    log.info("ran", job=job.name, pieces=go(job, house, now=now))


def _tick_for_ever(house: House) -> None:
    """APScheduler only ticks; whose turn it is, a row in the database decides."""
    ended = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: ended.set())
    scheduler = BackgroundScheduler(timezone=house.settings.zone)
    for job in TIMETABLE:
        scheduler.add_job(
            _turn,
            "interval",
            seconds=TICK_S,
            args=(job, house),
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=datetime.now(house.settings.zone),
        )
    scheduler.start()
    log.info("ticking", jobs=len(TIMETABLE))
    ended.wait()
    scheduler.shutdown(wait=True)
    house.database.close()


def _turn(job: Job, house: House) -> None:
    """Take the present slot if nobody has; a job that breaks is told about, and has its next turn all the same."""
    try:
        now = utcnow()
        if in_turn(house.database, job.name, job.slot(now)):
            log.info("ran", job=job.name, pieces=go(job, house, now=now))
    except Exception:
        log.exception("job_broke", job=job.name)


if __name__ == "__main__":
    main()
