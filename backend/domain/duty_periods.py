"""When what was owed is settled: once the period is over, or once nobody answers for it any more within it.

No day is owed twice, whatever became of posts and rules in the meantime: what begins before the last settled day of
the same duty begins after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from backend.domain.duties import Basis, Period, owed

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """Days on which somebody answered for a reach of a river: from – until (the first day no longer)."""

    begin: date
    until: date | None

    def on(self, day: date) -> bool:
        """Whether it was held on a day."""
        return self.begin <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Settled:
    """What was owed between two days: from – until (the first day after it)."""

    begin: date
    until: date
    needed: int
    basis: Basis


def settled(period: Period, held: Iterable[Held], day: date, *, after: date | None, is_cut: bool) -> Settled | None:
    """What is settled with the end of a day on which it was held; None where the period goes on.

    `after` is the first day of this duty that was not settled before; `is_cut` says that other rules hold from the
    next day on. Whoever hands it over within the period owes their share of it.
    """
    spans = list(held)
    goes_on = any(each.on(day + DAY) for each in spans)
    if period.until > day + DAY and goes_on and not is_cut:
        return None
    part = replace(period, begin=max(period.begin, after or period.begin), until=day + DAY)
    return Settled(part.begin, part.until, owed(part, served(spans, part)), period.basis)


def served(held: Iterable[Held], period: Period) -> int:
    """Days of the period on which at least one of the reaches was held."""
    days: set[date] = set()
    for each in held:
        begin, until = max(each.begin, period.begin), min(each.until or period.until, period.until)
        days |= {begin + timedelta(days=n) for n in range((until - begin).days)}
    return len(days)
