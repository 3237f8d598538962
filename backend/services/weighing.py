"""Weighing reaches: what is known of each, its risk, what became another, and the upper reaches that they lie in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session, lock
from backend.domain import flood
from backend.domain.flood import Circumstances, Factor, Gauge, Near, Risk, Setting, Weighed
from backend.domain.flood_events import FloodEvent, Source, What
from backend.domain.hazards import Severity
from backend.domain.risk_rules import RiskRule
from backend.domain.signals import Danger
from backend.domain.stations import Band
from backend.services.policies import RISK
from backend.services.risk import Part
from backend.store import flood_events, flow, responses, risk, seasons, signals
from geo.network import Network

_COUNTIES = UUID("7b1f0c9e-0000-4000-8000-000000000000")
Written = tuple[str, int, list[dict[str, Any]]]
"""Level, score and factors as they are kept."""
_NOTHING = Weighed(Risk.LOW, 0, ())


@dataclass(frozen=True, slots=True)
class Around:
    """What lies on reaches and above them, felt on each."""

    gauges: Mapping[UUID, Gauge] = field(default_factory=dict)
    hazards: Mapping[UUID, Sequence[Near]] = field(default_factory=dict)


def weigh(session: Session, part: Part, *, now: datetime, zone: ZoneInfo) -> int:
    """Weigh the reaches of a part and those that they lie in; how many became others."""
    lock(session, "risk")
    rule, today = RISK.at(session, now), day_of(now, zone)
    rows = risk.lowest(session, part.because, today)
    around = _around(session, rule, {row.id for row in rows})
    setting = setting_over(session, part.county, now)

    weighed = cache(lambda known: _written(flood.weigh(rule, known)))  # most reaches of a county are alike
    changes = []
    for row in rows:
        made = weighed(_known(row, setting, around, today, zone))
        changes += _changed(row, made, rule, part.because[row.id], now)

    risk.write(session, changes)
    for event in _events(part.county, changes):
        flood_events.record(session, event, now=now)
    parents = {row.id: row.parent_id for row in rows}
    upper = {parents[change["segment_id"]] for change in changes} - {None}
    upper |= part.because.keys() - parents.keys()
    return len(changes) + _weigh_upper(session, rule, upper, today, now)


def setting_over(session: Session, county: str, now: datetime) -> Setting:
    """Signals and responses in force around a county, and the season of each place."""
    orders = [
        flood.in_force("signal", row.colour, tuple(row.regions), segments=frozenset(map(UUID, row.segments)))
        for row in signals.active_over(session, [county], now)
        if Danger(row.danger).is_of_water
    ]
    orders += [
        flood.in_force("response", row.level, tuple(row.regions), rivers=frozenset(row.rivers))
        for row in responses.in_force(session, now)
    ]
    phases = {region: row.phase for region, row in seasons.phases(session).items()}
    return Setting(tuple(order for order in orders if order is not None), phases)


def _known(row: Any, setting: Setting, around: Around, today: date, zone: ZoneInfo) -> Circumstances:
    return Circumstances(
        orders=tuple(setting.highest(row.region_code, row.river_code, row.id).items()),
        gauge=around.gauges.get(row.id),
        hazards=tuple(around.hazards.get(row.id, ())),
        weak_points=row.weak_points,
        days_unwalked=(today - day_of(row.walked_at, zone)).days if row.walked_at else None,
    )


def _around(session: Session, rule: RiskRule, ids: set[UUID]) -> Around:
    """Follow the water up from the reaches, and from whatever is found there down to them again."""
    edges = flow.edges_above(session, ids, rule.reaches)
    network = Network.of(edges)
    reached = ids | {upper for upper, _ in edges}
    gauges: dict[UUID, Gauge] = {}
    for row in risk.gauges(session, reached):
        for reach, steps in network.steps_down(row.segment_id, within=int(rule.gauge_reaches)).items():
            one = Gauge(row.code, row.name, Band(row.band), row.is_fast, row.silent_since is not None, steps)
            if reach in ids and _is_nearer(one, gauges.get(reach)):
                gauges[reach] = one
    hazards: dict[UUID, list[Near]] = defaultdict(list)
    for row in risk.hazards(session, reached):
        for reach, steps in network.steps_down(row.segment_id, within=int(rule.hazard_reaches)).items():
            if reach in ids:
                hazards[reach].append(Near(Severity(row.severity), steps))
    return Around(gauges, hazards)


def _is_nearer(one: Gauge, other: Gauge | None) -> bool:
    """Nearer, or as near and higher."""
    return other is None or (one.steps, -one.band.rank) < (other.steps, -other.band.rank)


def _written(weighed: Weighed) -> Written:
    return weighed.level.value, weighed.score, [factor.written() for factor in weighed.factors]


def _changed(row: Any, made: Written, rule: RiskRule, because: str, now: datetime) -> list[dict[str, Any]]:
    """The change, when the risk of a reach has become another."""
    if (row.risk_level, row.risk_score, row.risk_factors) == made:
        return []
    change = {
        "segment_id": row.id,
        "region_code": row.region_code,
        "at": now,
        "from_level": row.risk_level,
        **dict(zip(("level", "score", "factors"), made, strict=True)),
        "because": because,
        "rule_version": rule.version,
    }
    return [change]


def _events(county: str, changes: Sequence[dict[str, Any]]) -> list[FloodEvent]:
    """One for each level that reaches of a county rose or fell to; what was never weighed was low."""
    moved: dict[tuple[What, str], list[dict[str, Any]]] = defaultdict(list)
    for change in changes:
        was, is_now = Risk(change["from_level"] or Risk.LOW), Risk(change["level"])
        if was is not is_now:
            moved[What.ROSE if is_now.rank > was.rank else What.FELL, is_now.value].append(change)
    return [
        FloodEvent(
            Source.RISK,
            what,
            uuid5(_COUNTIES, county),
            level,
            regions=(county,),
            segments=tuple(each["segment_id"] for each in some),
            values={"count": len(some), "because": sorted({each["because"] for each in some})},
        )
        for (what, level), some in moved.items()
    ]


def _weigh_upper(session: Session, rule: RiskRule, ids: set[UUID], today: date, now: datetime) -> int:
    """A reach that others lie in is as bad as the worst of them, and by what was reported on it as a whole; upwards."""
    done = 0
    while ids:
        worst = {row.parent_id: _read(row) for row in risk.worst_inside(session, ids, today)}
        own = _own(session, ids)
        changes, above = [], set()
        for row in risk.present(session, ids):
            weighed = flood.with_own(rule, worst.get(row.id, _NOTHING), own[row.id])
            if changed := _changed(row, _written(weighed), rule, "inside", now):
                changes += changed
                above.add(row.parent_id)
        risk.write(session, changes)
        done += len(changes)
        ids = above - {None}
    return done


def _own(session: Session, ids: Collection[UUID]) -> Mapping[UUID, list[Near]]:
    found: dict[UUID, list[Near]] = defaultdict(list)
    for row in risk.hazards(session, ids):
        found[row.segment_id].append(Near(Severity(row.severity), 0))
    return found


def _read(row: Any) -> Weighed:
    """A kept risk as the rules know it."""
    factors = tuple(Factor(each["name"], each["points"], each["values"]) for each in row.factors)
    return Weighed(Risk(row.level), row.score, factors)
