"""The policy for hazards as data: how long each phase may take and whom a late one reaches, version by version.

Periods are written `30min`, `3d` (elapsed) and `10wd` (working days). The defaults are those of `deadlines` and
`escalation`, where their sources stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

from backend.domain.deadlines import DeadlineRule, Phase
from backend.domain.escalation import Channel, Ladder, LadderRule, Rung, Step
from backend.domain.hazards import Kind, Severity, Watch
from backend.domain.kinds import KINDS, KindRule, kind_rule
from backend.domain.proposals import ImpossiblePolicy, members, some
from backend.domain.workdays import Period, Unit
from backend.words import Text

_UNITS = {"min": Unit.MINUTES, "d": Unit.DAYS, "wd": Unit.WORKDAYS}
_SIGNS = {unit: sign for sign, unit in _UNITS.items()}
_MOST = 1_000
MOST_STEPS = 20
_OF_STEP = ("tell", "channels", "share", "late", "watch")


@dataclass(frozen=True)
class HazardPolicy:
    """One version: periods and ladders together, for a deadline without its ladder means little."""

    version: int = 0
    """0: as built in, before anybody has written one."""
    deadlines: DeadlineRule = field(default_factory=DeadlineRule)
    ladders: LadderRule = field(default_factory=LadderRule)
    kinds: Mapping[Kind, KindRule] = field(default_factory=lambda: KINDS)


def body_of(policy: HazardPolicy) -> dict[str, Any]:
    """The policy as it is stored and shown."""
    periods = policy.deadlines.periods
    return {
        "periods": {
            phase.value: {severity.value: _written(period) for severity, period in each.items()}
            for phase, each in periods.items()
        },
        "listed": _written(policy.deadlines.listed),
        "ladders": {
            severity.value: [_step_written(step) for step in ladder]
            for severity, ladder in policy.ladders.ladders.items()
        },
        "kinds": {kind.value: rule.written() for kind, rule in policy.kinds.items()},
    }


def hazard_policy(version: int, body: Mapping[str, Any]) -> HazardPolicy:
    """Read a stored or proposed version; what it does not name keeps its default. ImpossiblePolicy names the part."""
    default = HazardPolicy()
    members("", body, ("periods", "listed", "ladders", "kinds"))
    periods = {phase: dict(each) for phase, each in default.deadlines.periods.items()}
    for phase, severities in members("periods", body.get("periods", {}), Phase).items():
        for severity, period in members(f"periods/{phase}", severities, Severity).items():
            periods[Phase(phase)][Severity(severity)] = _period(f"periods/{phase}/{severity}", period)
    listed = _period("listed", body.get("listed", _written(default.deadlines.listed)))
    ladders = dict(default.ladders.ladders)
    for severity, steps in members("ladders", body.get("ladders", {}), Severity).items():
        ladders[Severity(severity)] = _ladder(f"ladders/{severity}", steps)
    kinds = dict(default.kinds)
    for kind, rule in members("kinds", body.get("kinds", {}), Kind).items():
        kinds[Kind(kind)] = kind_rule(f"kinds/{kind}", rule, kinds[Kind(kind)])
    return HazardPolicy(version, DeadlineRule(version, periods, listed), LadderRule(version, ladders), kinds)


def changed(policy: HazardPolicy, version: int, proposal: Mapping[str, Any]) -> HazardPolicy:
    """The next version, of which only the periods, whole ladders and lists of a kind that change are named."""
    hazard_policy(version, proposal)
    body = body_of(policy)
    for phase, severities in proposal.get("periods", {}).items():
        body["periods"][phase] |= severities
    body["listed"] = proposal.get("listed", body["listed"])
    body["ladders"] |= proposal.get("ladders", {})
    for kind, rule in proposal.get("kinds", {}).items():
        body["kinds"][kind] |= rule
    return hazard_policy(version, body)


def _written(period: Period) -> str:
    return f"{period.amount}{_SIGNS[period.unit]}"


def _step_written(step: Step) -> dict[str, Any]:
    late_min = int(step.late.total_seconds() // 60)
    return {
        "tell": [rung.value for rung in step.tell],
        "channels": [channel.value for channel in step.channels],
        "share": step.share,
        "late": f"{late_min // 1440}d" if late_min % 1440 == 0 else f"{late_min}min",
        "watch": step.watch.value,
    }


def _period(name: str, said: Any) -> Period:
    found = re.fullmatch(r"(\d{1,4})(min|d|wd)", said, re.ASCII) if isinstance(said, str) else None
    if found is None or not 1 <= int(found[1]) <= _MOST:
        raise ImpossiblePolicy(name, Text.of("flaw.period", most=_MOST))
    return Period(int(found[1]), _UNITS[found[2]])


def _ladder(name: str, said: Any) -> Ladder:
    """Steps in the order in which they are due."""
    if not isinstance(said, list) or not 1 <= len(said) <= MOST_STEPS:
        raise ImpossiblePolicy(name, Text.of("flaw.steps", most=MOST_STEPS))
    steps = [_step(f"{name}/{number}", each) for number, each in enumerate(said)]
    for number, (before, after) in enumerate(pairwise(steps), start=1):
        if (after.share, after.late) < (before.share, before.late):
            raise ImpossiblePolicy(f"{name}/{number}", Text("flaw.step_order"))
    return tuple(steps)


def _step(name: str, said: Any) -> Step:
    members(name, said, _OF_STEP)
    share = said.get("share", 1.0)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
        raise ImpossiblePolicy(f"{name}/share", Text("flaw.between", {"low": 0, "high": 1}))
    return Step(
        tell=tuple(Rung(each) for each in some(f"{name}/tell", said.get("tell"), Rung)),
        channels=tuple(Channel(each) for each in some(f"{name}/channels", said.get("channels", ["app"]), Channel)),
        share=float(share),
        late=_late(f"{name}/late", said.get("late", "0d")),
        watch=Watch(some(f"{name}/watch", [said.get("watch", "none")], Watch)[0]),
    )


def _late(name: str, said: Any) -> timedelta:
    if said == "0d":
        return timedelta()
    period = _period(name, said)
    if period.unit is Unit.WORKDAYS:
        raise ImpossiblePolicy(name, Text.of("flaw.elapsed"))
    return timedelta(minutes=period.amount) if period.unit is Unit.MINUTES else timedelta(days=period.amount)
