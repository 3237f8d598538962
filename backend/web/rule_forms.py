"""Forms of rules: what is typed as a proposal to the API, and the present version as what would be typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from werkzeug.datastructures import MultiDict

from backend.domain.assessment_rules import Indicator
from backend.domain.deadlines import Phase
from backend.domain.hazards import Severity
from backend.domain.rules import BOUNDS, MINIMUM_BOUNDS
from backend.domain.training_rules import BOUNDS as TRAINING_BOUNDS
from backend.web import rule_fields
from backend.web.exports import word
from backend.web.forms import whole
from backend.web.rule_fields import Control, Row, Table, Typed
from backend.web.rule_steps import Callouts, Ladders, Warnings
from backend.web.rule_words import Body, shown, unit_of


class Shape(Protocol):
    """How the form of one subject looks."""

    def typed(self, part: str, body: Body) -> Typed:
        """A version as somebody would have typed it."""

    def tables(self, typed: Typed) -> list[Table]:
        """Its fields."""

    def proposal(self, part: str, typed: Typed, body: Body) -> dict[str, Any]:
        """What is proposed to the API."""


def typed_of(subject: str, part: str, body: Body) -> Typed:
    """A version as somebody would have typed it."""
    return _SHAPES[subject].typed(part, body)


def tables_of(subject: str, typed: Typed) -> list[Table]:
    """The fields of a form, as many rows as are typed and some."""
    return _SHAPES[subject].tables(typed)


def proposal_of(subject: str, part: str, typed: Typed, body: Body) -> dict[str, Any]:
    """What is proposed: of a version with `body` only what is typed otherwise. What is no number goes as it is."""
    return _SHAPES[subject].proposal(part, typed, body)


def field_of(pointer: str) -> str:
    """The name of the field that a pointer of the API names."""
    parts = pointer.removeprefix("/body/").strip("/").split("/")
    number = next((place for place, each in enumerate(parts) if each.isdigit()), None)
    if number is not None:
        what = parts[number + 1] if len(parts) > number + 1 else ("late" if parts[0] == "ladders" else "after")
        return f"{ {'share': 'late'}.get(what, what) }-{parts[number]}"
    if parts[0] in ("plans", "ladders"):
        return parts[-1] if len(parts) > 2 else "after-0"
    return "-".join(parts)


class Patrols:
    """Numbers, each by its own name."""

    def typed(self, _part: str, body: Body) -> Typed:
        """A version as somebody would have typed it."""
        found = {name: shown(name, body[name]) for name in BOUNDS}
        for level, least in body["minimums"].items():
            found |= {f"minimums-{level}-{name}": f"{least[name]:g}" for name in MINIMUM_BOUNDS}
        return MultiDict(found)

    def tables(self, _typed: Typed) -> list[Table]:
        """Its fields."""
        least = [
            Row(
                word(f"post.{level}_chief"),
                [
                    Control(f"minimums-{level}-{name}", word(f"rules.patrols.{name}"), unit=word(f"rules.in.{name}"))
                    for name in MINIMUM_BOUNDS
                ],
            )
            for level in ("village", "town", "county", "city")
        ]
        numbers = [
            Row(
                word(f"rules.patrols.{name}"),
                [Control(name, word(f"rules.patrols.{name}"), unit=word(f"rules.in.{unit_of(name)}"))],
            )
            for name in BOUNDS
        ]
        return [Table(word("rules.patrols.minimums"), least), Table(word("rules.patrols.numbers"), numbers)]

    def proposal(self, _part: str, typed: Typed, body: Body) -> dict[str, Any]:
        """What is proposed to the API."""
        found: dict[str, Any] = {}
        for name in BOUNDS:
            value = rule_fields.number(typed.get(name, ""), 100 if name.endswith("_share") else 1)
            if value != body[name]:
                found[name] = value
        for level, least in body["minimums"].items():
            values = {name: rule_fields.number(typed.get(f"minimums-{level}-{name}", "")) for name in MINIMUM_BOUNDS}
            if other := {name: value for name, value in values.items() if value != least[name]}:
                found.setdefault("minimums", {})[level] = other
        return found


class Deadlines:
    """Periods, each a number and its unit."""

    UNITS = ("min", "d", "wd")

    def typed(self, _part: str, body: Body) -> Typed:
        """A version as somebody would have typed it."""
        found: Typed = MultiDict(rule_fields.split("listed", body["listed"]))
        for name, phase, severity in self._cells():
            found.update(rule_fields.split(name, body["periods"][phase][severity]))
        return found

    def tables(self, _typed: Typed) -> list[Table]:
        """Its fields."""
        rows: dict[str, list[Row]] = {}
        for name, phase, severity in self._cells():
            label = word(f"hazard.severity.{severity}")
            rows.setdefault(phase, []).append(Row(label, rule_fields.period(name, label, self.UNITS)))
        label = word("rules.deadlines.listed")
        rows[Phase.FIX].append(Row(label, rule_fields.period("listed", label, self.UNITS)))
        return [Table(word(f"rules.phase.{phase}"), each) for phase, each in rows.items()]

    def proposal(self, _part: str, typed: Typed, body: Body) -> dict[str, Any]:
        """What is proposed to the API."""
        found: dict[str, Any] = {}
        for name, phase, severity in self._cells():
            said = rule_fields.joined(typed, name)
            if said != body["periods"][phase][severity]:
                found.setdefault("periods", {}).setdefault(phase, {})[severity] = said
        if (listed := rule_fields.joined(typed, "listed")) != body["listed"]:
            found["listed"] = listed
        return found

    @staticmethod
    def _cells() -> list[tuple[str, str, str]]:
        cells = [(phase, severity) for phase in Phase for severity in Severity]
        kept = [each for each in cells if each[0] is not Phase.START or each[1] is Severity.CRITICAL]
        return [(f"periods-{phase}-{severity}", phase.value, severity.value) for phase, severity in kept]


class Assessments:
    """What each indicator weighs, and from how many on people are compared."""

    REST = ("least_size", "appeal_days")

    def typed(self, _part: str, body: Body) -> Typed:
        """A version as somebody would have typed it."""
        weights = {f"weights-{name}": f"{value:g}" for name, value in body["weights"].items()}
        return MultiDict(weights | {name: str(body[name]) for name in self.REST})

    def tables(self, _typed: Typed) -> list[Table]:
        """Its fields."""
        weights = [
            Row(
                word(f"assessment.indicator.{name}"), [Control(f"weights-{name}", word(f"assessment.indicator.{name}"))]
            )
            for name in Indicator
        ]
        rest = [
            Row(word(f"rules.assessment.{each}"), [Control(each, word(f"rules.assessment.{each}"))])
            for each in self.REST
        ]
        return [Table(word("rules.assessment.weights"), weights), Table(word("rules.assessment.rest"), rest)]

    def proposal(self, _part: str, typed: Typed, body: Body) -> dict[str, Any]:
        """What is proposed to the API."""
        said = {name: rule_fields.number(typed.get(f"weights-{name}", "")) for name in body["weights"]}
        weights = {name: value for name, value in said.items() if value != body["weights"][name]}
        found: dict[str, Any] = {"weights": weights} if weights else {}
        rest = {name: rule_fields.number(typed.get(name, "")) for name in self.REST}
        return found | {name: value for name, value in rest.items() if value != body[name]}


class Training:
    """Days and metres, each by its own name."""

    def typed(self, _part: str, body: Body) -> Typed:
        """A version as somebody would have typed it."""
        return MultiDict({name: str(body[name]) for name in TRAINING_BOUNDS})

    def tables(self, _typed: Typed) -> list[Table]:
        """Its fields."""
        labels = {name: word(f"rules.training.{name}") for name in TRAINING_BOUNDS}
        rows = [
            Row(label, [Control(name, label, unit=word(f"rules.in.{unit_of(name)}"))]) for name, label in labels.items()
        ]
        return [Table(word("rules.training.numbers"), rows)]

    def proposal(self, _part: str, typed: Typed, body: Body) -> dict[str, Any]:
        """What is proposed to the API."""
        said = {name: whole(typed.get(name, "")) for name in TRAINING_BOUNDS}
        return {name: value for name, value in said.items() if value != body[name]}


class Points:
    """Whether there are any, and how many a report earns."""

    def typed(self, _part: str, body: Body) -> Typed:
        """A version as somebody would have typed it."""
        return MultiDict({"is_on": "on" if body["is_on"] else "off", "per_report": str(body["per_report"])})

    def tables(self, _typed: Typed) -> list[Table]:
        """Its fields."""
        is_on, each = word("rules.points.is_on"), word("rules.points.per_report")
        switch = Control("is_on", is_on, "choice", rule_fields.named("rules.points", ("off", "on")))
        rows = [Row(is_on, [switch]), Row(each, [Control("per_report", each, unit=word("rules.in.points"))])]
        return [Table(word("rules.points.numbers"), rows)]

    def proposal(self, _part: str, typed: Typed, body: Body) -> dict[str, Any]:
        """What is proposed to the API."""
        said = {"is_on": typed.get("is_on") == "on", "per_report": whole(typed.get("per_report", ""))}
        return {name: value for name, value in said.items() if value != body[name]}


_SHAPES: Mapping[str, Shape] = {
    "patrols": Patrols(),
    "deadlines": Deadlines(),
    "ladders": Ladders(),
    "callouts": Callouts(),
    "warnings": Warnings(),
    "training": Training(),
    "points": Points(),
    "assessment": Assessments(),
}
