"""The risk of a reach (河段风险): a transparent sum of named factors, each with its points and what it is about.

Everything here is our judgement; the numbers and their reasons stand in `risk_rules`. Whatever a factor says stays
true until the reach is weighed again: it names steps that were passed, and no values that run on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from backend.domain.hazards import Severity
from backend.domain.risk_rules import RiskRule
from backend.domain.stations import Band
from backend.words import Text


class Risk(StrEnum):
    """How bad it may become; a scale of its own, never converted into that of signals or responses."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    EXTREME = "extreme"

    @property
    def rank(self) -> int:
        """Its place from below."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Risk)}
SEASONS = ("season", "window")
RESPONSES = ("IV", "III", "II", "I")
SIGNALS = ("blue", "yellow", "orange", "red")
"""Scales from below."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A response or signal that holds now, and where."""

    kind: str
    level: str
    regions: tuple[str, ...]
    rivers: frozenset[str] = frozenset()
    segments: frozenset[UUID] = frozenset()

    def touches(self, region: str, river: str, segment_id: UUID) -> bool:
        """Whether a reach lies in it: in its regions, narrowed to its rivers or segments where it names some."""
        if self.segments:
            return segment_id in self.segments
        return region.startswith(self.regions) and (not self.rivers or river in self.rivers)


@dataclass(frozen=True, slots=True)
class Setting:
    """The orders of the day: signals and responses that are in force, and the season by region."""

    orders: tuple[InForce, ...] = ()
    phases: Mapping[str, str] = field(default_factory=dict)
    """Season, window or none of a region with all below it, but for those that have a word of their own."""

    def highest(self, region: str, river: str, segment_id: UUID) -> dict[str, str]:
        """By kind the highest level that holds on a reach."""
        found: dict[str, str] = {}
        around = [code for code in self.phases if region.startswith(code)]
        if around and (phase := self.phases[max(around, key=len)]) in SEASONS:
            found["season"] = phase
        for each in self.orders:
            if each.touches(region, river, segment_id):
                known = found.get(each.kind)
                found[each.kind] = each.level if known is None else max(known, each.level, key=_SCALES[each.kind].index)
        return found


_SCALES: Mapping[str, Sequence[str]] = {"season": SEASONS, "response": RESPONSES, "signal": SIGNALS}


def in_force(
    kind: str,
    level: str | None,
    regions: tuple[str, ...],
    *,
    rivers: frozenset[str] = frozenset(),
    segments: frozenset[UUID] = frozenset(),
) -> InForce | None:
    """A signal or response that holds; None for a level that its scale does not know."""
    if level is None or level not in _SCALES[kind]:
        return None
    return InForce(kind, level, regions, rivers, segments)


@dataclass(frozen=True, slots=True)
class Gauge:
    """A station on the reach, or the nearest one above it."""

    station: str
    name: str
    band: Band
    is_fast: bool
    is_silent: bool
    steps: int


@dataclass(frozen=True, slots=True)
class Near:
    """An open flood hazard so many reaches further up; 0: on the reach itself."""

    severity: Severity
    steps: int


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that is known of a reach at a moment; of many reaches it is the same."""

    orders: tuple[tuple[str, str], ...] = ()
    """The kind and level of each that holds."""
    gauge: Gauge | None = None
    hazards: tuple[Near, ...] = ()
    weak_points: int = 0
    days_unwalked: int | None = None
    """None: nobody has ever walked it."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One reason, with its points and the values of its sentence."""

    name: str
    points: int
    values: Mapping[str, Any] = field(default_factory=dict)

    def written(self) -> dict[str, Any]:
        """As it is kept and shown."""
        return {"name": self.name, "points": self.points, "values": dict(self.values)}


@dataclass(frozen=True, slots=True)
class Weighed:
    """The risk of a reach with everything that made it."""

    level: Risk
    score: int
    factors: tuple[Factor, ...]


def weigh(rule: RiskRule, known: Circumstances) -> Weighed:
    """The risk of a reach: the sum of what counts."""
    factors = [*_orders(rule, known), *_gauge(rule, known.gauge), *_hazards(rule, known.hazards)]
    factors += [*_weak_points(rule, known.weak_points), *_unwalked(rule, known.days_unwalked)]
    return summed(rule, tuple(factor for factor in factors if factor.points))


def summed(rule: RiskRule, factors: tuple[Factor, ...]) -> Weighed:
    """Factors as a score and a level."""
    score = sum(factor.points for factor in factors)
    marks = ((rule.extreme, Risk.EXTREME), (rule.high, Risk.HIGH), (rule.moderate, Risk.MODERATE))
    return Weighed(next((level for mark, level in marks if score >= mark), Risk.LOW), score, factors)


def with_own(rule: RiskRule, worst: Weighed, hazards: Sequence[Near]) -> Weighed:
    """The risk of a reach that others lie in: of these the worst, and what was reported on the reach as a whole."""
    own = tuple(factor for factor in _hazards(rule, hazards) if factor.points)
    return summed(rule, worst.factors + own)


def factor_text(factor: Mapping[str, Any]) -> Text:
    """A kept factor as a sentence."""
    values = factor["values"]
    key = f"risk.factor.{factor['name']}"
    if "level" in values:
        key = f"{key}.{values['level']}"
    return Text(f"{key}.here" if values.get("steps") == 0 else key, dict(values))


def _orders(rule: RiskRule, known: Circumstances) -> list[Factor]:
    factors = []
    for kind, level in sorted(known.orders, key=lambda order: list(_SCALES).index(order[0])):
        number = level if kind == "season" else f"{kind}_{level.lower()}"
        factors.append(Factor(kind, round(getattr(rule, number)), {"level": level}))
    return factors


def _gauge(rule: RiskRule, gauge: Gauge | None) -> list[Factor]:
    if gauge is None or gauge.steps > rule.gauge_reaches:
        return []
    named = {"station": gauge.station, "name": gauge.name, "steps": gauge.steps}
    factors = []
    if gauge.band is not Band.NORMAL:
        points = rule.gauge_warning if gauge.band is Band.WARNING else rule.gauge_guaranteed
        factors.append(Factor("gauge", round(points), named | {"level": gauge.band.value}))
    if gauge.is_fast:
        factors.append(Factor("rising", round(rule.rising), named))
    if gauge.is_silent:
        factors.append(Factor("silent_gauge", round(rule.silent_gauge), named))
    return factors


def _hazards(rule: RiskRule, hazards: Sequence[Near]) -> list[Factor]:
    """Each counts less the further up it lies; all together at most so much."""
    felt = [each for each in hazards if each.steps <= rule.hazard_reaches]
    if not felt:
        return []
    points = sum(getattr(rule, f"hazard_{each.severity}") * rule.hazard_decay**each.steps for each in felt)
    here = sum(each.steps == 0 for each in felt)
    worst = max((each.severity for each in felt), key=list(Severity).index)
    values = {"here": here, "above": len(felt) - here, "level": worst.value}
    return [Factor("hazards", round(min(points, rule.hazards_most)), values)]


def _weak_points(rule: RiskRule, count: int) -> list[Factor]:
    return [Factor("weak_points", round(min(count * rule.weak_point, rule.weak_points_most)), {"count": count})]


def _unwalked(rule: RiskRule, days: int | None) -> list[Factor]:
    if days is None:
        return [Factor("never_walked", round(rule.unwalked_most))]
    times = int(days // rule.unwalked_days)
    if times * rule.unwalked > rule.unwalked_most:  # beyond the most it does not matter how long
        times = int(rule.unwalked_most // rule.unwalked)
    return [Factor("unwalked", round(times * rule.unwalked), {"days": round(times * rule.unwalked_days)})]
