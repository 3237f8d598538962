"""The policy of training as data: when a new chief is reminded, how often, and what place is doubted.

The office of the State Council asks that river chiefs be trained when they take up their post; no number of days is
given there, nor any of the others here: each is our judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from backend.domain.proposals import ImpossiblePolicy, choice
from backend.words import Text

BOUNDS: Mapping[str, tuple[int, int]] = {
    "remind_after_days": (1, 366),
    "remind_every_days": (1, 366),
    "new_for_days": (1, 1_000),
    "near_m": (50, 100_000),
}
"""What keeps out only what cannot be meant."""


@dataclass(frozen=True, slots=True)
class TrainingRule:
    """One version; days are elapsed days, metres are on the ground."""

    version: int = 0
    """0: as built in, before anybody has written one."""
    remind_after_days: int = 30
    """So long after taking up a post a chief without training is reminded."""
    remind_every_days: int = 15
    new_for_days: int = 366
    """So long after that day somebody is a new chief; afterwards the coverage of the year names them."""
    near_m: int = 500
    """Whoever signs in further away from the place of a session is told as doubtful."""

    def body(self) -> dict[str, int]:
        """The numbers as they are stored and shown."""
        return {name: getattr(self, name) for name in BOUNDS}

    def reminder(self, served: timedelta) -> int | None:
        """Which reminder is due for a chief who has served so long; None: none, not yet or not any more."""
        over = served - timedelta(days=self.remind_after_days)
        if over < timedelta() or served > timedelta(days=self.new_for_days):
            return None
        return over // timedelta(days=self.remind_every_days)

    def reminders(self, first: timedelta, last: timedelta) -> int:
        """How many reminders come from one length of service to another, a day of each counted whole."""
        days = range(first.days, last.days + 1)
        return len({number for day in days if (number := self.reminder(timedelta(days=day))) is not None})


def training_rule(version: int, body: Mapping[str, Any], before: TrainingRule | None = None) -> TrainingRule:
    """Read a stored or proposed version; what it does not name stays as before. ImpossiblePolicy names the number."""
    for name, value in body.items():
        if name not in BOUNDS:
            raise ImpossiblePolicy(name, choice(BOUNDS))
        low, high = BOUNDS[name]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ImpossiblePolicy(name, Text("flaw.between", {"low": low, "high": high}))
    return replace(before or TrainingRule(), version=version, **body)
