"""`python -m jobs`: tick for ever. `python -m jobs NAME [--at TIME]`: run one job once."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler

from backend import logs, trouble
from backend.channels.known import open_channels, ways
from backend.clock import outside
from backend.config import Settings
from backend.db import AWAY, Database, Session
from backend.durability import require_durable
from backend.files.store import PhotoStore
from backend.services import keys, watching
from backend.words import aloud, of_terminal
from jobs.runner import House, Job, Steady
from jobs.schedule import TIMETABLE, named

log = structlog.get_logger("jobs")
TICK_S = 5
RETRY_S = 60
OFTEN = timedelta(hours=1)
"""What runs so often is in the log only when it had work; of what is rarer an operator wants to read that it ran."""


def main() -> None:
    """Run the clockwork, or one job of it as of a moment; what an operator can mend ends in one line."""
    try:
        _main()
    except Exception as wrong:
        line = trouble.told(wrong, of_terminal())
        if line is None:
            raise
        sys.exit(line)


def _main() -> None:
    asked = argparse.ArgumentParser(prog="python -m jobs")
    asked.add_argument("name", nargs="?", choices=[job.name for job in TIMETABLE], help="run this job once")
    asked.add_argument("--at", type=datetime.fromisoformat, help="as of this moment, with its offset")
    asked.add_argument("--dry-run", action="store_true", help="say what it would do, and do nothing")
    wanted = asked.parse_args()
    settings = Settings.from_env()
    logs.configure(settings.log_level)
    house = _furnished(settings)
    if settings.stage == "production":
        require_durable(house.database)
    job = named(wanted.name)
    if job is None:
        _tick_for_ever(house)
        return
    now = wanted.at or settings.clock()
    if now.tzinfo is None:
        asked.error(aloud("jobs.offset"))
    if not wanted.dry_run:
        log.info("ran", job=job.name, pieces=job.go(house, now=now))
    elif job.preview is None:
        asked.error(aloud("jobs.no_preview", job=job.name))
    else:
        sys.stdout.writelines(f"{line}\n" for line in job.preview(house, now=now))


def _furnished(settings: Settings) -> House:
    database = Database.connect(settings.database_url)
    channels = open_channels(settings, outside(settings.clock))
    return House(
        settings,
        database,
        PhotoStore.open(settings.photos_url),
        keys.opened(settings.keys_file, database),
        channels,
        ways(settings, channels),
    )


def _tick_for_ever(house: House) -> None:
    """APScheduler only ticks; whose turn it is, a row in the database decides."""
    ended = threading.Event()
    tick_s = _tick_s(house.settings)
    hush()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: ended.set())
    scheduler = BackgroundScheduler(timezone=house.settings.zone)
    steady = [job for job in TIMETABLE if isinstance(job, Steady)]
    for job in TIMETABLE:
        if job in steady:
            continue
        scheduler.add_job(
            Ticker(job, house),
            "interval",
            seconds=tick_s,
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=datetime.now(house.settings.zone),
        )
    scheduler.start()
    threads = [thread for job in steady if job.keep is not None for thread in job.keep(house, ended)]
    log.info("ticking", jobs=len(TIMETABLE))
    while not ended.wait(TICK_S):
        keep_ticking(scheduler, datetime.now(house.settings.zone))
        _sign(house, watching.beat)
    scheduler.shutdown(wait=True)
    for thread in threads:
        thread.join()
    _sign(house, watching.leave)
    house.database.close()


def hush() -> None:
    """That a tick found its job still at work is no news; on a slow machine it would be told for each, all the time."""
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


def _sign(house: House, sign: Callable[[Session, str], None]) -> None:
    """A sign of life, or the last word; where the database is away, whoever watches notices that anyway."""
    try:
        with house.database.transaction() as session:
            sign(session, f"jobs@{house.settings.part}")
    except AWAY as away:
        log.warning("no_sign_of_life", error=type(away).__name__)


def _tick_s(settings: Settings) -> float:
    """In a drill time runs faster, and so do the ticks; but not so fast that they do nothing else."""
    return max(TICK_S / settings.drill.speed, 0.5) if settings.drill else TICK_S


def keep_ticking(scheduler: BaseScheduler, now: datetime) -> None:
    """Wake ticks that lie too far ahead: the clock was set back, and they would wait until it catches up."""
    for tick in scheduler.get_jobs():
        if tick.next_run_time is not None and tick.next_run_time > now + timedelta(seconds=2 * TICK_S):
            log.warning("clock_set_back", job=tick.id, seconds=round((tick.next_run_time - now).total_seconds()))
            tick.modify(next_run_time=now)


class Ticker:
    """Gives one job its turns; one that breaks is told about, and tried again a little later."""

    def __init__(self, job: Job, house: House) -> None:
        self._job, self._house = job, house
        self._rests_until = 0.0

    def __call__(self) -> None:
        """Take the present slot if nobody has."""
        if time.monotonic() < self._rests_until:
            return
        try:
            pieces = self._job.turn(self._house, now=self._house.settings.clock())
        except AWAY as away:  # the next tick finds it back, or not
            log.warning("job_must_wait", job=self._job.name, error=type(away).__name__)
            return
        except Exception:
            self._rests_until = time.monotonic() + RETRY_S
            log.exception("job_broke", job=self._job.name)
            return
        if pieces or (pieces is not None and self._job.every > OFTEN):
            log.info("ran", job=self._job.name, pieces=pieces)


if __name__ == "__main__":
    main()
