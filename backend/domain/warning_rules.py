"""Rules by which a warning follows from what happened to the water: a dated policy, for each scale and step of it.

A scale is never turned into another one by itself: that a red signal becomes a red warning stands here, as a line that
an administrator can change, and the warning says which line it was. The lines are our judgement.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from backend.domain.flood_events import Source, What
from backend.domain.flood_warnings import MOST_WAIT, SIGN_WITHIN, Level
from backend.domain.proposals import ImpossiblePolicy, members, some
from backend.words import Text

SCALES: Mapping[Source, Sequence[str]] = {
    Source.SIGNAL: ("blue", "yellow", "orange", "red"),
    Source.RESPONSE: ("IV", "III", "II", "I"),
    Source.STATION: ("warning", "guaranteed"),
    Source.RISK: ("low", "moderate", "high", "extreme"),
}
"""From the mildest; a season warns nobody, its own notices say it all."""
_MOST_LINES = 50
_OF_LINE = ("source", "at_least", "level", "mode", "within")


class Mode(StrEnum):
    """What a rule does with the warning that it writes."""

    AT_ONCE = "at_once"
    SIGN = "sign"
    """Asks for a second signature; without one it goes out by itself."""
    PREPARE = "prepare"
    """Leaves it as a draft for the duty officer."""


@dataclass(frozen=True, slots=True)
class Line:
    """What follows from a step of a scale, and from those above it that have no line of their own."""

    source: Source
    at_least: str
    level: Level
    mode: Mode
    within: timedelta | None = None
    """How long a signature is waited for; None: as the level has it."""


def _lines(source: Source, *steps: tuple[str, Level, Mode]) -> tuple[Line, ...]:
    return tuple(Line(source, *step) for step in steps)


DEFAULTS = (
    *_lines(
        Source.SIGNAL,
        ("blue", Level.BLUE, Mode.AT_ONCE),
        ("yellow", Level.YELLOW, Mode.AT_ONCE),
        ("orange", Level.ORANGE, Mode.SIGN),
        ("red", Level.RED, Mode.SIGN),
    ),
    *_lines(
        Source.RESPONSE,
        ("III", Level.YELLOW, Mode.AT_ONCE),
        ("II", Level.ORANGE, Mode.SIGN),
        ("I", Level.RED, Mode.SIGN),
    ),
    *_lines(
        Source.STATION,
        ("warning", Level.YELLOW, Mode.AT_ONCE),
        ("guaranteed", Level.ORANGE, Mode.SIGN),
    ),
    *_lines(Source.RISK, ("extreme", Level.ORANGE, Mode.SIGN)),
)


@dataclass(frozen=True)
class WarningRules:
    """One version of the lines."""

    version: int = 0
    """0: as built in, before anybody has written one."""
    lines: tuple[Line, ...] = DEFAULTS

    def of(self, source: Source, step: str | None) -> Line | None:
        """The line for a step of a scale: its own, or that of the next one below; None when there is none."""
        scale = SCALES.get(source, ())
        if step not in scale:
            return None
        own = {line.at_least: line for line in self.lines if line.source is source}
        return next((own[each] for each in reversed(scale[: scale.index(step) + 1]) if each in own), None)


class Follows(StrEnum):
    """What follows from an event."""

    NOTHING = "nothing"
    WARNING = "warning"
    END = "end"
    """What a warning was for is over, or so mild that no line speaks of it."""


def follows(rules: WarningRules, source: Source, what: What, step: str | None) -> tuple[Follows, Line | None]:
    """What follows from an event, by which line."""
    if what in (What.FELL_SILENT, What.HEARD_AGAIN) or source not in SCALES:
        return Follows.NOTHING, None
    line = None if what is What.ENDED else rules.of(source, step)
    return (Follows.END, None) if line is None else (Follows.WARNING, line)


def is_new_cause(source: Source, what: What) -> bool:
    """Whether an event can be the beginning of a warning: what falls only changes one that is there."""
    return what in (What.BEGAN, What.ROSE) or (what is What.CHANGED and source in (Source.SIGNAL, Source.RESPONSE))


def body_of(rules: WarningRules) -> dict[str, Any]:
    """The lines as they are stored and shown."""
    return {"lines": [_written(line) for line in rules.lines]}


def warning_rules(version: int, body: Mapping[str, Any]) -> WarningRules:
    """Read a stored or proposed version, which names every line. ImpossiblePolicy names the part."""
    members("", body, ("lines",))
    said = body.get("lines")
    if not isinstance(said, list) or len(said) > _MOST_LINES:
        raise ImpossiblePolicy("lines", Text.of("flaw.steps", most=_MOST_LINES))
    return WarningRules(version, tuple(_line(f"lines/{number}", each) for number, each in enumerate(said)))


def changed(rules: WarningRules, version: int, proposal: Mapping[str, Any]) -> WarningRules:
    """The next version: a list of lines is said whole."""
    return warning_rules(version, body_of(rules) | dict(members("", proposal, ("lines",))))


def _line(name: str, said: Any) -> Line:
    members(name, said, _OF_LINE)
    (source,) = some(f"{name}/source", [said.get("source")], SCALES)
    (at_least,) = some(f"{name}/at_least", [said.get("at_least")], SCALES[Source(source)])
    (level,) = some(f"{name}/level", [said.get("level")], Level)
    (mode,) = some(f"{name}/mode", [said.get("mode")], Mode)
    return Line(Source(source), at_least, Level(level), Mode(mode), _within(name, said.get("within"), Level(level)))


def _within(name: str, said: Any, level: Level) -> timedelta | None:
    if said is None:
        return SIGN_WITHIN[level]
    found = re.fullmatch(r"(\d{1,3})min", said, re.ASCII) if isinstance(said, str) else None
    wait = timedelta(minutes=int(found[1])) if found else None
    if wait is None or wait > MOST_WAIT[level]:
        most = int(MOST_WAIT[level].total_seconds() // 60)
        raise ImpossiblePolicy(f"{name}/within", Text.of("flaw.within", most=most))
    return wait


def _written(line: Line) -> dict[str, Any]:
    wait = line.within or SIGN_WITHIN[line.level]
    within = None if wait is None else f"{int(wait.total_seconds() // 60)}min"
    said = {"source": line.source.value, "at_least": line.at_least, "level": line.level.value}
    return said | {"mode": line.mode.value, "within": within}
