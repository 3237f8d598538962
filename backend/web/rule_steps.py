"""Forms of rules that are made of steps, one in each row: ladders, plans of call-outs, lines for warnings."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from backend.domain.callout_plans import DOOR
from backend.domain.callout_plans import Rung as Told
from backend.domain.escalation import Channel, Rung
from backend.domain.flood_warnings import Level as Warned
from backend.domain.hazards import Watch
from backend.domain.warning_rules import SCALES, Mode
from backend.web import rule_fields
from backend.web.exports import word
from backend.web.forms import whole
from backend.web.rule_fields import Control, Row, Table, Typed
from backend.web.rule_words import Body


class Ladders:
    """Steps, each a row: whom, by what, when, and under whose eyes it comes."""

    def typed(self, part: str, body: Body) -> Typed:
        """A version as somebody would have typed it."""
        found: Typed = MultiDict()
        for row, step in enumerate(body["ladders"][part]):
            found.setlist(f"tell-{row}", step["tell"])
            found.setlist(f"channels-{row}", step["channels"])
            found[f"watch-{row}"] = step["watch"]
            said = {f"late-{row}": f"{step['share'] * 100:.10g}", f"late-{row}-unit": "share"}
            found.update(said if step["share"] < 1 else rule_fields.split(f"late-{row}", step["late"]))
        return found

    def tables(self, typed: Typed) -> list[Table]:
        """Its fields."""
        units = [(each, word(f"rules.ladders.unit.{each}")) for each in ("share", "min", "d")]
        watches = [(each.value, word(f"rules.watch.{each}")) for each in Watch]
        rows = []
        for row in range(rule_fields.rows(typed, "tell")):
            controls = [
                Control(f"tell-{row}", word("rules.ladders.tell"), "ticks", rule_fields.named("escalation.rung", Rung)),
                Control(
                    f"channels-{row}", word("rules.channels"), "ticks", rule_fields.named("system.channel", Channel)
                ),
                Control(f"late-{row}", word("rules.ladders.when")),
                Control(f"late-{row}-unit", word("rules.unit"), "choice", units),
                Control(f"watch-{row}", word("rules.ladders.watched"), "choice", watches),
            ]
            rows.append(Row(word("rules.step", number=row + 1), controls))
        return [Table(word("rules.steps"), rows)]

    def proposal(self, part: str, typed: Typed, _body: Body) -> dict[str, Any]:
        """What is proposed to the API."""
        rule_fields.compact(typed, "tell", ("channels", "late", "late-unit", "watch"))
        return {"ladders": {part: [self._step(typed, row) for row in range(rule_fields.filled(typed, "tell"))]}}

    @staticmethod
    def _step(typed: Typed, row: int) -> dict[str, Any]:
        unit, said = typed.get(f"late-{row}-unit", "share"), typed.get(f"late-{row}", "").strip()
        when = (
            {"share": rule_fields.number(said, 100)}
            if unit == "share"
            else {"share": 1.0, "late": f"{said or '0'}{unit}"}
        )
        if when.get("late") in ("0min", "0d"):
            when["late"] = "0d"
        step = {"tell": typed.getlist(f"tell-{row}"), "channels": typed.getlist(f"channels-{row}")}
        return step | when | {"watch": typed.get(f"watch-{row}", "none")}


class Callouts:
    """A plan: by what, how often, who hears of silence when, and when it closes."""

    UNITS = ("s", "min", "h")
    TIMES = ("every", "closes", "report")

    def typed(self, part: str, body: Body) -> Typed:
        """A version as somebody would have typed it."""
        plan = body["plans"][part]
        found: Typed = MultiDict({"tries": str(plan["tries"])})
        for name in ("first", "again"):
            found.setlist(name, plan[name])
        for name in self.TIMES:
            found.update(rule_fields.split(name, plan[name] or "min"))
        for row, step in enumerate(plan["steps"]):
            found[f"what-{row}"] = step["what"]
            found.setlist(f"channels-{row}", step["channels"])
            found.update(rule_fields.split(f"after-{row}", step["after"]))
        return found

    def tables(self, typed: Typed) -> list[Table]:
        """Its fields."""
        ways = rule_fields.named("system.channel", Channel)
        plan = [
            Row(word("rules.callouts.first"), [Control("first", word("rules.callouts.first"), "ticks", ways)]),
            Row(word("rules.callouts.again"), [Control("again", word("rules.callouts.again"), "ticks", ways)]),
            Row(word("rules.callouts.tries"), [Control("tries", word("rules.callouts.tries"))]),
        ]
        plan += [
            Row(word(f"rules.callouts.{each}"), rule_fields.period(each, word(f"rules.callouts.{each}"), self.UNITS))
            for each in self.TIMES
        ]
        whom = [("", word("rules.callouts.no_step")), *rule_fields.named("rules.rung", (*Told, DOOR))]
        steps = [
            Row(
                word("rules.step", number=row + 1),
                [
                    Control(f"what-{row}", word("rules.callouts.what"), "choice", whom),
                    *rule_fields.period(f"after-{row}", word("rules.callouts.after"), self.UNITS),
                    Control(f"channels-{row}", word("rules.channels"), "ticks", ways),
                ],
            )
            for row in range(rule_fields.rows(typed, "what"))
        ]
        return [Table(word("rules.callouts.plan"), plan), Table(word("rules.callouts.steps"), steps)]

    def proposal(self, part: str, typed: Typed, _body: Body) -> dict[str, Any]:
        """What is proposed to the API."""
        rule_fields.compact(typed, "what", ("channels", "after", "after-unit"))
        steps = [
            {
                "what": typed[f"what-{row}"],
                "after": rule_fields.joined(typed, f"after-{row}"),
                "channels": typed.getlist(f"channels-{row}"),
            }
            for row in range(rule_fields.filled(typed, "what"))
        ]
        times: dict[str, str | None] = {name: rule_fields.joined(typed, name) for name in self.TIMES}
        if not typed.get("report", "").strip():
            times["report"] = None
        if not typed.get("every", "").strip():
            times["every"] = "0s"
        plan = {name: typed.getlist(name) for name in ("first", "again")} | times
        return {"plans": {part: plan | {"tries": whole(typed.get("tries", "")), "steps": steps}}}


class Warnings:
    """Lines, each a row: from which step of which scale what follows."""

    def typed(self, _part: str, body: Body) -> Typed:
        """A version as somebody would have typed it."""
        found: Typed = MultiDict()
        for row, line in enumerate(body["lines"]):
            found[f"at_least-{row}"] = f"{line['source']}.{line['at_least']}"
            found[f"level-{row}"], found[f"mode-{row}"] = line["level"], line["mode"]
            found[f"within-{row}"] = (line["within"] or "").removesuffix("min")
        return found

    def tables(self, typed: Typed) -> list[Table]:
        """Its fields."""
        levels, modes = rule_fields.named("warning_rule.step.signal", Warned), rule_fields.named("rules.mode", Mode)
        steps = [("", word("rules.warnings.no_line"))]
        for source, scale in SCALES.items():
            named = word(f"rules.source.{source}")
            steps += [(f"{source}.{each}", f"{named} · {word(f'warning_rule.step.{source}.{each}')}") for each in scale]
        rows = [
            Row(
                word("rules.line", number=row + 1),
                [
                    Control(f"at_least-{row}", word("rules.warnings.at_least"), "choice", steps),
                    Control(f"level-{row}", word("rules.warnings.level"), "choice", levels),
                    Control(f"mode-{row}", word("rules.warnings.mode"), "choice", modes),
                    Control(f"within-{row}", word("rules.warnings.within"), unit=word("rules.in.min")),
                ],
            )
            for row in range(rule_fields.rows(typed, "at_least"))
        ]
        return [Table(word("rules.warnings.lines"), rows)]

    def proposal(self, _part: str, typed: Typed, _body: Body) -> dict[str, Any]:
        """What is proposed to the API."""
        rule_fields.compact(typed, "at_least", ("level", "mode", "within"))
        lines = []
        for row in range(rule_fields.filled(typed, "at_least")):
            source, _, step = typed[f"at_least-{row}"].partition(".")
            said = typed.get(f"within-{row}", "").strip()
            line: dict[str, Any] = {"source": source, "at_least": step, "level": typed.get(f"level-{row}", "")}
            lines.append(line | {"mode": typed.get(f"mode-{row}", ""), "within": f"{said}min" if said else None})
        return {"lines": lines}
