"""Rules in plain words: what a version says, line by line, and in which lines two versions differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.domain.deadlines import Phase
from backend.domain.flood_warnings import Level as Warned
from backend.domain.hazards import Severity
from backend.domain.rules import BOUNDS
from backend.domain.training_rules import BOUNDS as TRAINING_BOUNDS
from backend.domain.warning_rules import SCALES
from backend.web.exports import word

Body = Mapping[str, Any]
UNITS = {"_kmh": "kmh", "_share": "share", "_min": "min", "_days": "days", "_m": "m", "_s": "s", "_h": "h"}
"""In what the numbers of the patrol rules are counted, by the end of their names."""
_PERIOD = re.compile(r"(\d+)(s|min|h|wd|d)")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a rule says."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together; `part` is what of the rule is changed in a form of its own."""

    title: str
    lines: Sequence[Line]
    part: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A line that differs between two versions; nothing on a side that has no such line."""

    where: str
    before: str
    after: str


def groups_of(subject: str, body: Body) -> list[Group]:
    """What a version says."""
    return _SAY[subject](body)


def changes(subject: str, before: Body, after: Body) -> list[Change]:
    """Where two versions differ, in the order of the newer one; what is left out comes last."""
    old, new = _flat(subject, before), _flat(subject, after)
    names = [*new, *(name for name in old if name not in new)]
    return [
        Change(name, old.get(name, ""), new.get(name, "")) for name in names if old.get(name, "") != new.get(name, "")
    ]


def _flat(subject: str, body: Body) -> dict[str, str]:
    return {f"{each.title} · {line.name}": line.says for each in groups_of(subject, body) for line in each.lines}


def unit_of(name: str) -> str:
    """In what a number of the patrol rules is counted."""
    return next(unit for end, unit in UNITS.items() if name.endswith(end))


def shown(name: str, value: float) -> str:
    """A number of the patrol rules as one types it: shares in per cent."""
    return f"{value * 100:.10g}" if name.endswith("_share") else f"{value:.10g}"


def period(said: str | None) -> str:
    """`10wd` as one reads it."""
    found = _PERIOD.fullmatch(said or "")
    return word(f"rules.period.{found[2]}", count=found[1]) if found else "—"


def channels(said: Sequence[str]) -> str:
    """By what people are reached."""
    return word("rules.and").join(word(f"system.channel.{each}") for each in said) or "—"


def _patrols(body: Body) -> list[Group]:
    least = [
        Line(word(f"post.{level}_chief"), word("rules.patrols.least", **{each: f"{said[each]:g}" for each in said}))
        for level, said in body["minimums"].items()
    ]
    numbers = [
        Line(word(f"rules.patrols.{name}"), word(f"rules.unit.{unit_of(name)}", count=shown(name, body[name])))
        for name in BOUNDS
    ]
    return [Group(word("rules.patrols.minimums"), least), Group(word("rules.patrols.numbers"), numbers)]


def _deadlines(body: Body) -> list[Group]:
    found = []
    for phase in Phase:
        lines = [
            Line(word(f"hazard.severity.{severity}"), period(body["periods"][phase][severity])) for severity in Severity
        ]
        if phase is Phase.START:  # of what is critical alone
            lines = lines[-1:]
        if phase is Phase.FIX:
            lines.append(Line(word("rules.deadlines.listed"), period(body["listed"])))
        found.append(Group(word(f"rules.phase.{phase}"), lines))
    return found


def _ladders(body: Body) -> list[Group]:
    return [
        Group(
            word(f"hazard.severity.{severity}"),
            [
                Line(word("rules.step", number=number), _step(step))
                for number, step in enumerate(body["ladders"][severity], start=1)
            ],
            severity.value,
        )
        for severity in Severity
    ]


def _step(step: Body) -> str:
    whom = word("rules.and").join(word(f"escalation.rung.{each}") for each in step["tell"])
    values = {"whom": whom, "channels": channels(step["channels"])}
    if step["share"] < 1:
        said = word("rules.ladders.before", percent=f"{step['share'] * 100:.10g}", **values)
    elif step["late"] == "0d":
        said = word("rules.ladders.due", **values)
    else:
        said = word("rules.ladders.late", late=period(step["late"]), **values)
    if step["watch"] != "none":
        said += word("rules.ladders.watch", watch=word(f"hazards.watch.{step['watch']}"))
    return said


def _callouts(body: Body) -> list[Group]:
    named = {each: word(f"warning_rule.step.signal.{each}") for each in reversed(Warned)}
    return [Group(name, _plan(body["plans"][each]), each.value) for each, name in named.items()]


def _plan(plan: Body) -> list[Line]:
    lines = [Line(word("rules.callouts.first"), channels(plan["first"]))]
    if plan["tries"] > 1:
        again = word(
            "rules.callouts.again.is",
            channels=channels(plan["again"]),
            every=period(plan["every"]),
            tries=plan["tries"],
        )
        lines.append(Line(word("rules.callouts.again"), again))
    for step in plan["steps"]:
        says = word("rules.callouts.step", after=period(step["after"]), channels=channels(step["channels"]))
        if step["what"] == "door":
            says = word("rules.callouts.door", after=period(step["after"]))
        lines.append(Line(word(f"rules.rung.{step['what']}"), says))
    if plan["report"]:
        says = word("rules.callouts.report.is", after=period(plan["report"]))
        lines.append(Line(word("rules.callouts.report"), says))
    lines.append(Line(word("rules.callouts.closes"), period(plan["closes"])))
    return lines


def _warnings(body: Body) -> list[Group]:
    by_source: dict[str, list[Line]] = {}
    for line in body["lines"]:
        name = word("rules.warnings.from", step=word(f"warning_rule.step.{line['source']}.{line['at_least']}"))
        by_source.setdefault(line["source"], []).append(Line(name, follows(line)))
    every = {source.value: by_source.get(source.value, []) for source in SCALES}
    return [
        Group(word(f"rules.source.{source}"), lines or [Line("—", word("rules.warnings.nothing"))])
        for source, lines in every.items()
    ]


def follows(line: Body | None) -> str:
    """What a line lets follow; of none, that nothing does."""
    if line is None:
        return word("rules.warnings.nothing")
    level = word(f"warning_rule.step.signal.{line['level']}")
    within = line.get("within") or (f"{int(line['within_s'])}s" if line.get("within_s") else None)
    if line["mode"] == "sign" and within:
        return word("rules.warnings.sign", level=level, within=period(_in_minutes(within)))
    return word(f"rules.warnings.{line['mode']}", level=level)


def _in_minutes(said: str) -> str:
    """Seconds that are whole minutes are said as these."""
    seconds = int(said[:-1]) if said.endswith("s") else 0
    return f"{seconds // 60}min" if seconds and seconds % 60 == 0 else said


def _assessment(body: Body) -> list[Group]:
    weights = [
        Line(word(f"assessment.indicator.{name}"), word("rules.assessment.weight", weight=f"{value:g}"))
        for name, value in body["weights"].items()
    ]
    rest = [
        Line(word("rules.assessment.least_size"), word("rules.assessment.least_size.is", count=body["least_size"])),
        Line(word("rules.assessment.appeal_days"), word("rules.unit.days", count=body["appeal_days"])),
    ]
    return [Group(word("rules.assessment.weights"), weights), Group(word("rules.assessment.rest"), rest)]


def _training(body: Body) -> list[Group]:
    lines = [
        Line(word(f"rules.training.{name}"), word(f"rules.unit.{unit_of(name)}", count=body[name]))
        for name in TRAINING_BOUNDS
    ]
    return [Group(word("rules.training.numbers"), lines)]


def _points(body: Body) -> list[Group]:
    is_on = word("rules.points.on" if body["is_on"] else "rules.points.off")
    each = word("rules.points.per_report.is", count=body["per_report"])
    return [
        Group(
            word("rules.points.numbers"),
            [Line(word("rules.points.is_on"), is_on), Line(word("rules.points.per_report"), each)],
        )
    ]


_SAY: Mapping[str, Callable[[Body], list[Group]]] = {
    "patrols": _patrols,
    "deadlines": _deadlines,
    "ladders": _ladders,
    "callouts": _callouts,
    "warnings": _warnings,
    "training": _training,
    "points": _points,
    "assessment": _assessment,
}
SUBJECTS: Mapping[str, str] = {
    "patrols": "patrols",
    "deadlines": "hazards",
    "ladders": "hazards",
    "callouts": "callouts",
    "warnings": "warnings",
    "training": "training",
    "points": "points",
    "assessment": "assessment",
}
"""What there is a page of, with what the API calls the rule in which it stands."""
PARTED = frozenset({"ladders", "callouts"})
"""Subjects that are changed part by part."""
