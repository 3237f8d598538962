"""The plans of call-outs as data: how often, by what and whom, for each level, version by version.

Times are written `100s`, `5min`, `2h`. The defaults are those of `callouts`, where their sources stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from backend.domain.callout_plans import DEFAULTS, DOOR, CalloutRule, Plan, Rung, Step
from backend.domain.flood_warnings import Level
from backend.domain.notices import APP, SMS, VOICE
from backend.domain.proposals import ImpossiblePolicy, members, some
from backend.words import Text

_UNITS = {"s": 1, "min": 60, "h": 3600}
_LONGEST_S = 24 * 3600
_LEAST_EVERY_S, _LEAST_REPORT_S = 30, 300
"""A plan that calls oftener, or asks sooner what is being done, only keeps people from doing it (our judgement)."""
_MOST_TRIES, _MOST_STEPS = 10, 20
_CHANNELS = (APP, SMS, VOICE)
_OF_PLAN = ("first", "again", "tries", "every", "steps", "closes", "report")
_OF_STEP = ("what", "after", "channels")


def body_of(rule: CalloutRule) -> dict[str, Any]:
    """The plans as they are stored and shown."""
    return {"plans": {level.value: _plan_written(plan) for level, plan in rule.plans.items()}}


def callout_rule(version: int, body: Mapping[str, Any]) -> CalloutRule:
    """Read a stored or proposed version; a level that it does not name keeps its default. ImpossiblePolicy names it."""
    members("", body, ("plans",))
    plans = dict(DEFAULTS)
    for level, said in members("plans", body.get("plans", {}), Level).items():
        plans[Level(level)] = _plan(f"plans/{level}", said, plans[Level(level)])
    return CalloutRule(version, plans)


def changed(rule: CalloutRule, version: int, proposal: Mapping[str, Any]) -> CalloutRule:
    """The next version, of which only what changes of each level is named."""
    callout_rule(version, proposal)
    body = body_of(rule)
    for level, said in proposal.get("plans", {}).items():
        body["plans"][level] |= said
    return callout_rule(version, body)


def _plan(name: str, said: Any, default: Plan) -> Plan:
    whole = _plan_written(default) | dict(members(name, said, _OF_PLAN))
    tries = whole["tries"]
    if isinstance(tries, bool) or not isinstance(tries, int) or not 1 <= tries <= _MOST_TRIES:
        raise ImpossiblePolicy(f"{name}/tries", Text.of("flaw.between", low=1, high=_MOST_TRIES))
    if tries > 1 and not whole["again"]:
        raise ImpossiblePolicy(f"{name}/again", Text.of("flaw.choice", choices=", ".join(_CHANNELS)))
    steps = _steps(f"{name}/steps", whole["steps"])
    closes = _time(f"{name}/closes", whole["closes"])
    if steps and steps[-1].after > closes:
        raise ImpossiblePolicy(f"{name}/closes", Text("flaw.callout_closes"))
    return Plan(
        first=_channels(f"{name}/first", whole["first"]),
        again=_channels(f"{name}/again", whole["again"]) if whole["again"] else (),
        tries=tries,
        every=_time(f"{name}/every", whole["every"], _LEAST_EVERY_S if tries > 1 else 0),
        steps=steps,
        closes=closes,
        report=None if whole["report"] is None else _time(f"{name}/report", whole["report"], _LEAST_REPORT_S),
    )


def _steps(name: str, said: Any) -> tuple[Step, ...]:
    if not isinstance(said, list) or len(said) > _MOST_STEPS:
        raise ImpossiblePolicy(name, Text.of("flaw.steps", most=_MOST_STEPS))
    steps = tuple(_step(f"{name}/{number}", each) for number, each in enumerate(said))
    for number, (before, after) in enumerate(pairwise(steps), start=1):
        if after.after < before.after:
            raise ImpossiblePolicy(f"{name}/{number}", Text("flaw.step_order"))
        if after.what in {step.what for step in steps[:number]}:
            raise ImpossiblePolicy(f"{name}/{number}", Text("flaw.step_twice"))
    return steps


def _step(name: str, said: Any) -> Step:
    members(name, said, _OF_STEP)
    (what,) = some(f"{name}/what", [said.get("what")], (*Rung, DOOR))
    channels = _channels(f"{name}/channels", said.get("channels", [APP, SMS]))
    return Step(what, _time(f"{name}/after", said.get("after")), channels)


def _channels(name: str, said: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(some(name, said, _CHANNELS)))


def _time(name: str, said: Any, least_s: int = 0) -> timedelta:
    found = re.fullmatch(r"(\d{1,5})(s|min|h)", said, re.ASCII) if isinstance(said, str) else None
    if found is None or (seconds := int(found[1]) * _UNITS[found[2]]) > _LONGEST_S or seconds < least_s:
        raise ImpossiblePolicy(name, Text("flaw.callout_time"))
    return timedelta(seconds=seconds)


def _plan_written(plan: Plan) -> dict[str, Any]:
    return {
        "first": list(plan.first),
        "again": list(plan.again),
        "tries": plan.tries,
        "every": _written(plan.every),
        "steps": [
            {"what": step.what, "after": _written(step.after), "channels": list(step.channels)} for step in plan.steps
        ],
        "closes": _written(plan.closes),
        "report": None if plan.report is None else _written(plan.report),
    }


def _written(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    return next(f"{seconds // size}{unit}" for unit, size in reversed(_UNITS.items()) if seconds % size == 0)
