"""Fields of forms of rules: what a form shows in its tables, and how what is typed there is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from backend.web.exports import word

SPARE = 2
"""Empty rows at the end of a table, for what is added."""
MOST_ROWS = 30
Typed = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Control:
    """One field: a number, a choice, or several ticks; its label is read aloud where the table shows it."""

    name: str
    label: str
    kind: str = "number"
    options: Sequence[tuple[str, str]] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a form."""

    label: str
    controls: Sequence[Control]


@dataclass(frozen=True, slots=True)
class Table:
    """Lines under one heading."""

    title: str
    rows: Sequence[Row]


def named(prefix: str, names: Iterable[str]) -> list[tuple[str, str]]:
    """Names of a closed list with their words."""
    return [(str(each), word(f"{prefix}.{each}")) for each in names]


def period(name: str, label: str, units: Sequence[str]) -> list[Control]:
    """A number and its unit."""
    choice = [(each, word(f"rules.in.{each}")) for each in units]
    return [Control(name, label), Control(f"{name}-unit", word("rules.unit"), "choice", choice)]


def split(name: str, said: str) -> dict[str, str]:
    """`10wd` as two fields."""
    amount = said.rstrip("smindwh")
    return {name: amount, f"{name}-unit": said[len(amount) :]}


def joined(typed: Typed, name: str) -> str:
    """The same as one, as it is typed."""
    return typed.get(name, "").strip() + typed.get(f"{name}-unit", "")


def number(said: str, parts: int = 1) -> Any:
    """A number, or what was typed where it is none: the API says why it is refused."""
    try:
        return float(Decimal(said.strip()) / parts)
    except ArithmeticError:
        return said


def filled(typed: Typed, first: str) -> int:
    """How many rows say something, after they were moved together."""
    return sum(bool(typed.get(f"{first}-{row}")) for row in range(MOST_ROWS))


def rows(typed: Typed, first: str) -> int:
    """How many rows are shown: those that are typed, and some empty ones."""
    last = max((row for row in range(MOST_ROWS) if typed.get(f"{first}-{row}")), default=-1)
    return min(last + 1 + SPARE, MOST_ROWS)


def compact(typed: Typed, first: str, rest: Sequence[str]) -> None:
    """Leave out rows that say nothing, so that rows are numbered as the API numbers them."""
    kept = [row for row in range(MOST_ROWS) if typed.get(f"{first}-{row}")]
    fields = {name: [typed.getlist(at(name, row)) for row in kept] for name in (first, *rest)}
    for name, values in fields.items():
        for row in range(MOST_ROWS):
            typed.setlist(at(name, row), values[row] if row < len(values) else [])


def at(name: str, row: int) -> str:
    """The name of a field in a row; that of a unit ends with it."""
    return f"{name.removesuffix('-unit')}-{row}-unit" if name.endswith("-unit") else f"{name}-{row}"
