"""What is shown of a played night: the roll as it fills, and the report at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from backend.words import aloud

_COUNTY = 6
"""Digits of its code."""
_COLUMNS = ("people", "called", "reached", "answered", "escalated", "door", "unreached")


@dataclass(frozen=True, slots=True)
class Result:
    """What a night came to; times in seconds, those of providers in real ones and all others on the drill's clock."""

    board: Mapping[str, Any]
    names: Mapping[str, str]
    """Of city and counties."""
    books: Mapping[str, Any]
    accepted: Mapping[str, Sequence[float | None]]
    """By channel the median and the 99th of a hundred."""
    forecast_s: float | None
    round_s: float | None


def by_county(places: Sequence[Mapping[str, Any]]) -> dict[str, Counter[str]]:
    """The numbers of places, summed by the county in which they lie; what belongs to the whole city stands alone."""
    found: dict[str, Counter[str]] = {}
    for place in places:
        county = found.setdefault(str(place["region"])[:_COUNTY], Counter())
        county.update({name: place[name] for name in _COLUMNS})
    return found


def line(at: datetime, total: Mapping[str, int], voice: Mapping[str, Any]) -> None:
    """One line of the roll."""
    numbers = {name: total[name] for name in ("people", "called", "reached", "answered", "silent", "door")}
    lines = {"in_use": voice["in_use"], "lines": voice["lines"]}
    _say(aloud("drill.line", clock=f"{at:%H:%M:%S}", **numbers, **lines))


def report(found: Result) -> None:
    """The report at the end."""
    board, voice = found.board, found.books["voice"]
    headings = [aloud(f"drill.column.{name}") for name in ("place", *_COLUMNS)]
    table = Table(*headings, title=aloud("drill.report"))
    for code, numbers in by_county(board["places"]).items():
        table.add_row(found.names.get(code, code), *(str(numbers[name]) for name in _COLUMNS))
    table.add_row(aloud("drill.total"), *(str(board["total"][name]) for name in _COLUMNS), style="bold")
    Console().print(table)
    for channel, (median, slowest) in found.accepted.items():
        said = {"channel": aloud(f"drill.channel.{channel}"), "p50": _seconds(median), "p99": _seconds(slowest)}
        _say(aloud("drill.accepted", **said))
    idle = "–" if voice["idle_share"] is None else f"{voice['idle_share']:.1%}"
    most = {"most": voice["most"], "lines": voice["lines"]}
    _say(aloud("drill.voice", calls=voice["calls"], exceeded=voice["exceeded"], idle=idle, **most))
    _say(aloud("drill.forecast", forecast=_seconds(found.forecast_s), real=_seconds(found.round_s)))
    _say(aloud("drill.times", median=_seconds(board["median_s"]), slowest=_seconds(board["slowest_s"])))


def _say(text: str) -> None:
    Console().print(text, highlight=False, markup=False, soft_wrap=True)


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"
