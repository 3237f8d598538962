"""One case of the table: a walk, how the walker stands, and what somebody who knows the rules expects of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.vectors.scenes import LINES
from tests.vectors.strolls import Row, Stroll

HOUR_MIN = 60.0
DAY_MIN = 24 * HOUR_MIN


@dataclass(frozen=True)
class Case:
    """`codes` and `metres` are written by hand: the table is not made when the judge disagrees by more than 15 m."""

    name: str
    rows: list[Row]
    metres: float
    codes: tuple[str, ...] = ()
    outcome: str = "valid"
    reach: str = "bends"
    rule: str = "first"
    level: str = "village"
    is_assigned: bool = True
    begins_min: float = 0.0
    """Minutes from the first position to when the phone says the walk began."""
    ends_min: float = 0.0
    """Minutes from the last position to when the phone says it ended."""
    sent_min: float = HOUR_MIN
    """Minutes from the end of the walk to its arrival."""


def walk(reach: str = "bends", at_m: float = 100.0, off_m: float = 15.0, accuracy_m: float | None = 8) -> Stroll:
    """Somebody who stands at a river with a phone."""
    return Stroll(LINES[reach], at_m, off_m, accuracy_m)


def invalid(name: str, stroll: Stroll | list[Row], metres: float, *codes: str, **rest: Any) -> Case:
    """A walk that will not count."""
    return _case(name, stroll, metres, codes, "invalid", rest)


def doubtful(name: str, stroll: Stroll | list[Row], metres: float, *codes: str, **rest: Any) -> Case:
    """A walk that counts until somebody has looked at it."""
    return _case(name, stroll, metres, codes, "doubtful", rest)


def valid(name: str, stroll: Stroll | list[Row], metres: float, *codes: str, **rest: Any) -> Case:
    """A walk that counts."""
    return _case(name, stroll, metres, codes, "valid", rest)


def _case(
    name: str, stroll: Stroll | list[Row], metres: float, codes: tuple[str, ...], outcome: str, rest: dict[str, Any]
) -> Case:
    rows = stroll.rows if isinstance(stroll, Stroll) else stroll
    return Case(name, rows, metres, codes, outcome, **rest)
