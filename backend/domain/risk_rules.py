"""The numbers by which the risk of a reach is weighed, as data: what an administrator can change, within bounds.

No office publishes such numbers: each is our judgement, made so that they come to the levels that people of the
trade would name. A guaranteed level (保证水位) alone is extreme, for above it the levee is not built to hold; a
red signal in the key window is high, and extreme together with response Ⅱ; an orange one with response Ⅳ is high;
the season by itself, bad habits of walking and weak points never come to more than low.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from backend.domain.proposals import ImpossiblePolicy, choice
from backend.words import Text

_POINTS, _REACHES = (0.0, 1_000.0), (0.0, 200.0)


@dataclass(frozen=True, slots=True)
class RiskRule:
    """One version; points add up to a score, and the score to a level."""

    version: int = 0
    """0: as built in, before anybody has written one."""
    season: float = 5
    window: float = 10
    """The key window (七下八上), instead of the season."""
    response_iv: float = 10
    response_iii: float = 20
    response_ii: float = 35
    response_i: float = 50
    signal_blue: float = 5
    signal_yellow: float = 10
    signal_orange: float = 25
    signal_red: float = 40
    gauge_warning: float = 30
    gauge_guaranteed: float = 75
    rising: float = 10
    silent_gauge: float = 5
    gauge_reaches: float = 20
    """A gauge speaks for so many reaches below it."""
    hazard_minor: float = 3
    hazard_ordinary: float = 8
    hazard_major: float = 20
    hazard_critical: float = 50
    hazard_decay: float = 0.5
    """A hazard one reach further up counts this part of what it counts here."""
    hazard_reaches: float = 5
    hazards_most: float = 60
    weak_point: float = 3
    weak_points_most: float = 9
    unwalked: float = 3
    """For each `unwalked_days` without a patrol that counted."""
    unwalked_days: float = 7
    unwalked_most: float = 9
    moderate: float = 20
    high: float = 45
    extreme: float = 75

    def body(self) -> dict[str, float]:
        """The numbers as they are stored and shown."""
        return {name: getattr(self, name) for name in BOUNDS}

    @property
    def reaches(self) -> int:
        """How far up anything can lie that counts."""
        return int(max(self.gauge_reaches, self.hazard_reaches))


BOUNDS: Mapping[str, tuple[float, float]] = {
    each.name: _REACHES if each.name.endswith("_reaches") else _POINTS
    for each in fields(RiskRule)
    if each.name != "version"
} | {"hazard_decay": (0.0, 1.0), "unwalked_days": (1.0, 366.0)}
"""What keeps out only what cannot be meant."""


def risk_rule(version: int, body: Mapping[str, Any], before: RiskRule | None = None) -> RiskRule:
    """Read a stored or proposed version; what it does not name stays as before. ImpossiblePolicy names the number."""
    for name, value in body.items():
        if name not in BOUNDS:
            raise ImpossiblePolicy(name, choice(BOUNDS))
        low, high = BOUNDS[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ImpossiblePolicy(name, Text("flaw.between", {"low": low, "high": high}))
    rule = replace(before or RiskRule(), version=version, **body)
    for name, lower in (("high", "moderate"), ("extreme", "high")):
        if getattr(rule, name) <= getattr(rule, lower):
            raise ImpossiblePolicy(name, Text("flaw.risk_levels"))
    return rule
