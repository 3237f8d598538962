"""Watching over the house itself: signs of life, and whether what is due is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.db import Session
from backend.domain.alarms import Alarm
from backend.domain.lanes import Lane
from backend.services import alarms
from backend.store import buckets, clockwork, escalation, letters

SILENT_S = 30.0
"""A part gives a sign of life every five seconds; so long without one, it is gone (our judgement)."""
FORGOTTEN_S = 86_400.0
"""A part that has been gone for a day was moved, or renamed; its alarm was heard (our judgement)."""
SWEEP = "escalation"
SWEPT_WITHIN, DUE_WITHIN = timedelta(seconds=15), timedelta(seconds=30)
"""As long as the contract of `/enginez` gives a sweep, and whatever is due."""


@dataclass(frozen=True, slots=True)
class Engine:
    """How long ago the last sweep was, and how long the oldest thing that is due has waited; in seconds."""

    sweep_s: float | None
    """None: there was none yet."""
    waits_s: float
    slack_s: float = 0.0
    """In a drill, as long as a tick takes."""

    @property
    def runs(self) -> bool:
        """Whether what is due is done in time."""
        if self.sweep_s is None or self.sweep_s > SWEPT_WITHIN.total_seconds() + self.slack_s:
            return False
        return self.waits_s <= DUE_WITHIN.total_seconds() + self.slack_s


@dataclass(frozen=True, slots=True)
class Standing:
    """How the house does at this moment, for whoever keeps it."""

    engine: Engine
    parts: dict[str, float] = field(default_factory=dict)
    """Each part with how many seconds ago it gave its last sign of life; those of the last day."""
    jobs: dict[str, datetime] = field(default_factory=dict)
    """When each job of the clockwork last had its turn."""
    queues: dict[Lane, tuple[int, float]] = field(default_factory=dict)
    """By lane how many letters wait for a try, and for how many seconds the oldest of them has been due."""
    dead: int = 0
    """Letters that no channel took."""
    channels: dict[str, bool] = field(default_factory=dict)
    """Of every channel that anything went out by whether it rests."""


def beat(session: Session, part: str) -> None:
    """A sign of life of a part of the house."""
    clockwork.beat(session, part)


def leave(session: Session, part: str) -> None:
    """A part ends by itself."""
    clockwork.leave(session, part)


def silent(session: Session) -> dict[str, float]:
    """The parts that give no sign of life, each with for how many seconds; after a day one is not missed any more."""
    return {part: age for part, age in clockwork.pulses(session).items() if SILENT_S < age < FORGOTTEN_S}


def engine(session: Session, *, now: datetime, speed: float = 1.0) -> Engine:
    """Whether sweeps are made and nothing that is due waits: neither a step of a ladder nor an urgent letter."""
    return weighed(session, clockwork.last_slot(session, SWEEP), now=now, speed=speed)


def weighed(session: Session, swept_at: datetime | None, *, now: datetime, speed: float = 1.0) -> Engine:
    """The same for whoever knows when the last sweep was."""
    waiting = (escalation.oldest_due(session), letters.oldest_due(session, [Lane.URGENT], now))
    oldest = [at for at in waiting if at is not None]
    waits = max([(now - at).total_seconds() for at in oldest], default=0.0)
    return Engine((now - swept_at).total_seconds() if swept_at else None, max(waits, 0.0), 10 * (speed - 1))


def standing(session: Session, *, now: datetime, speed: float = 1.0) -> Standing:
    """Everything that somebody who keeps the house looks at first."""
    jobs = clockwork.slots(session)
    waiting = {Lane(row.lane): row for row in letters.waiting(session)}
    queues = {
        lane: (row.how_many, max(0.0, (now - row.oldest).total_seconds())) if (row := waiting.get(lane)) else (0, 0.0)
        for lane in Lane
    }
    return Standing(
        engine=weighed(session, jobs.get(SWEEP), now=now, speed=speed),
        parts={part: age for part, age in sorted(clockwork.pulses(session).items()) if age < FORGOTTEN_S},
        jobs={job: slot for job, slot in jobs.items() if slot > clockwork.NEVER},
        queues=queues,
        dead=letters.count_dead(session),
        channels=buckets.resting(session, now),
    )


def note(session: Session, wrong: Mapping[str, float], *, now: datetime) -> None:
    """Sound an alarm for each part that is silent, by its seconds, and end those of the others."""
    for part, seconds in sorted(wrong.items()):
        alarms.sound(session, Alarm.SILENT, part, now=now, part=part, seconds=round(seconds))
    alarms.end(session, Alarm.SILENT, now=now, before=now)
