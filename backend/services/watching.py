"""Watching over the house itself: signs of life, and whether what is due is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.db import Session
from backend.domain.alarms import Alarm
from backend.domain.lanes import Lane
from backend.services import alarms
from backend.store import clockwork, escalation, letters

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
    slot = clockwork.last_slot(session, SWEEP)
    waiting = (escalation.oldest_due(session), letters.oldest_due(session, [Lane.URGENT], now))
    oldest = [at for at in waiting if at is not None]
    waits = max([(now - at).total_seconds() for at in oldest], default=0.0)
    return Engine((now - slot).total_seconds() if slot else None, max(waits, 0.0), 10 * (speed - 1))


def note(session: Session, wrong: Mapping[str, float], *, now: datetime) -> None:
    """Sound an alarm for each part that is silent, by its seconds, and end those of the others."""
    for part, seconds in sorted(wrong.items()):
        alarms.sound(session, Alarm.SILENT, part, now=now, part=part, seconds=round(seconds))
    alarms.end(session, Alarm.SILENT, now=now, before=now)
