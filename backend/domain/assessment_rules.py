"""The indicator library of assessments (考核指标库) as data: what each share weighs, version by version.

No office publishes weights for all of them: the defaults are our judgement, made so that walking weighs more than all
else together, as it does in the cities' own schemes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from backend.clock import day_of, start_of
from backend.domain.proposals import ImpossiblePolicy, members
from backend.words import Text

MOST_WEIGHT, MOST_SIZE, MOST_DAYS = 100.0, 1_000, 90


class Indicator(StrEnum):
    """What people are measured by: of so many that were owed, so many were done."""

    PATROLS = "patrols"
    """Walks that were owed, and done in their own period."""
    CALLOUTS = "callouts"
    """Call-outs (叫应) by real warnings, and answered before the silence climbed."""
    CAMPAIGNS = "campaigns"
    """Reaches that owed a campaign (排查) an answer, and gave it in time."""
    TRAINING = "training"
    """Sessions of training (培训) to which one was asked, and credited."""


def _weights() -> Mapping[Indicator, float]:
    return {Indicator.PATROLS: 60.0, Indicator.CALLOUTS: 25.0, Indicator.CAMPAIGNS: 15.0, Indicator.TRAINING: 10.0}


@dataclass(frozen=True, slots=True)
class AssessmentRule:
    """One version of the library."""

    version: int = 0
    """0: as built in, before anybody has written one."""
    weights: Mapping[Indicator, float] = field(default_factory=_weights)
    """Against each other; what somebody was never asked for weighs nothing for them."""
    least_size: int = 5
    """Whoever owed less than so many in all is listed, and not ranked."""
    appeal_days: int = 14
    """So many days after publishing an appeal may be made; the last of them counts whole."""

    def body(self) -> dict[str, Any]:
        """The rule as it is stored and shown."""
        weights = {each.value: self.weights[each] for each in Indicator}
        return {"weights": weights, "least_size": self.least_size, "appeal_days": self.appeal_days}

    def appeals_until(self, published_at: datetime, zone: ZoneInfo) -> datetime:
        """The first moment at which nobody may appeal any more."""
        return start_of(day_of(published_at, zone) + timedelta(days=self.appeal_days + 1), zone)


def assessment_rule(version: int, body: Mapping[str, Any], before: AssessmentRule | None = None) -> AssessmentRule:
    """Read a stored or proposed version; what it does not name stays as before. ImpossiblePolicy names the number."""
    members("", body, ("weights", "least_size", "appeal_days"))
    named = members("weights", body.get("weights", {}), Indicator)
    is_older = before is None and bool(named) and Indicator.TRAINING not in named
    before = before or AssessmentRule()
    weights = dict(before.weights) | ({Indicator.TRAINING: 0.0} if is_older else {})  # written before it was one
    for name, value in named.items():
        weights[Indicator(name)] = _between(f"weights/{name}", value, 0.0, MOST_WEIGHT)
    if not any(weights.values()):
        raise ImpossiblePolicy("weights", Text("flaw.weights"))
    return AssessmentRule(
        version,
        weights,
        _whole("least_size", body.get("least_size", before.least_size), 1, MOST_SIZE),
        _whole("appeal_days", body.get("appeal_days", before.appeal_days), 1, MOST_DAYS),
    )


def _between(name: str, value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ImpossiblePolicy(name, Text("flaw.between", {"low": low, "high": high}))
    return float(value)


def _whole(name: str, value: Any, low: int, high: int) -> int:
    found = _between(name, value, low, high)
    if found != int(found):
        raise ImpossiblePolicy(name, Text("Not a valid integer."))
    return int(found)
