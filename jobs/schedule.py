"""TIMETABLE: every job and when its turn comes, on one screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs import changes, logins, photos
from jobs.runner import House


@dataclass(frozen=True)
class Job:
    """A job, and the time between its slots."""

    name: str
    run: Callable[..., int]
    every: timedelta

    def slot(self, now: datetime) -> datetime:
        """The slot in which a moment lies: the same for every runner, whenever it started."""
        seconds = int(self.every.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, now.tzinfo)


TIMETABLE: tuple[Job, ...] = (
    Job("photos", photos.run, timedelta(hours=1)),
    Job("logins", logins.run, timedelta(minutes=15)),
    Job("changes", changes.run, timedelta(hours=6)),
)


def named(name: str | None) -> Job | None:
    """The job of that name."""
    return next((job for job in TIMETABLE if job.name == name), None)


def go(job: Job, house: House, *, now: datetime) -> int:
    """Run one job as of a moment; how many pieces of work there were."""
    return job.run(house, now=now)
