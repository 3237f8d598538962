"""The judging rules as data: what an administrator can change, and within which bounds.

The defaults are the policy of the city that asked (the patrol rules of its river chief office); a bound only
keeps out what cannot be meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from backend.domain.terms import Level
from backend.words import Text
from geo.track import Limits


@dataclass(frozen=True, slots=True)
class Minimum:
    """What a patrol of one level must reach: minutes in the corridor and metres of river."""

    minutes: float
    metres: float


class ImpossibleRule(ValueError):
    """A rule that cannot be meant; `name` says which number, `text` why."""

    def __init__(self, name: str, text: Text) -> None:
        super().__init__(name)
        self.name, self.text = name, text


BOUNDS: dict[str, tuple[float, float]] = {
    "near_m": (5, 500),
    "near_most_m": (5, 1000),
    "good_accuracy_m": (1, 200),
    "presence_accuracy_m": (1, 1000),
    "driven_kmh": (5, 120),
    "driven_share": (0, 1),
    "jump_kmh": (30, 1000),
    "walking_kmh": (2, 20),
    "gap_s": (10, 3600),
    "gap_share": (0, 1),
    "still_end_min": (10, 1440),
    "clock_ahead_min": (1, 1440),
    "note_age_days": (1, 365),
    "late_age_days": (1, 365),
    "apart_h": (0, 48),
    "length_share": (0, 1),
}
MINIMUM_BOUNDS: dict[str, tuple[float, float]] = {"minutes": (0, 600), "metres": (0, 20_000)}


@dataclass(frozen=True, slots=True)
class PatrolRule:
    """One version of the rules by which a patrol is judged."""

    version: int = 1
    near_m: float = 50.0
    near_most_m: float = 150.0
    good_accuracy_m: float = 30.0
    presence_accuracy_m: float = 100.0
    driven_kmh: float = 25.0
    driven_share: float = 0.5
    """More than this part of the way driven: it does not count."""
    jump_kmh: float = 120.0
    walking_kmh: float = 7.0
    gap_s: float = 120.0
    gap_share: float = 0.3
    still_end_min: float = 180.0
    clock_ahead_min: float = 10.0
    note_age_days: float = 7.0
    late_age_days: float = 30.0
    apart_h: float = 4.0
    """Two patrols of one person on one river closer than this: one counts."""
    length_share: float = 0.8
    """The length never asks more than this share of the segment."""
    minimums: dict[Level, Minimum] = field(
        default_factory=lambda: {
            Level.VILLAGE: Minimum(10, 200),
            Level.TOWN: Minimum(15, 300),
            Level.COUNTY: Minimum(10, 200),
            Level.CITY: Minimum(10, 200),
        }
    )

    @property
    def limits(self) -> Limits:
        """The numbers that geometry needs."""
        return Limits(
            good_accuracy_m=self.good_accuracy_m,
            presence_accuracy_m=self.presence_accuracy_m,
            near_m=self.near_m,
            near_most_m=self.near_most_m,
            driven_kmh=self.driven_kmh,
            jump_kmh=self.jump_kmh,
            walking_kmh=self.walking_kmh,
            gap_s=self.gap_s,
            still_end_min=self.still_end_min,
        )

    def needed_m(self, level: Level, segment_length_m: float) -> float:
        """The metres a patrol of that level must cover on a segment of that length."""
        return min(self.minimums[level].metres, self.length_share * segment_length_m)

    def body(self) -> dict[str, Any]:
        """The numbers as they are stored and as a phone fetches them."""
        numbers = {each.name: getattr(self, each.name) for each in fields(self) if each.name in BOUNDS}
        return numbers | {"minimums": {level.word: asdict(least) for level, least in self.minimums.items()}}


def patrol_rule(version: int, body: dict[str, Any]) -> PatrolRule:
    """Read a stored or proposed version; what it does not name keeps its default.

    Raises ImpossibleRule for a number out of bounds or a name that no rule has.
    """
    alone = {name: value for name, value in body.items() if name != "minimums"}
    numbers = _numbers("", alone, BOUNDS)
    minimums = PatrolRule().minimums
    levels = {level.word: level for level in minimums}
    for word, least in _named("minimums", body.get("minimums", {}), levels).items():
        changed = _numbers(f"minimums/{word}", least, MINIMUM_BOUNDS)
        minimums[levels[word]] = Minimum(**(asdict(minimums[levels[word]]) | changed))
    return PatrolRule(version=version, minimums=minimums, **numbers)


def in_force(rules: list[tuple[datetime, PatrolRule]], at: datetime) -> PatrolRule:
    """The newest version whose day had come at that moment; the oldest for anything before all of them."""
    begun = [(valid_from, rule) for valid_from, rule in rules if valid_from <= at]
    if not begun:
        return min(rules, key=lambda each: (each[0], each[1].version))[1]
    return max(begun, key=lambda each: each[1].version)[1]


def planned(
    rules: list[tuple[datetime, PatrolRule]], change: dict[str, Any], valid_from: datetime
) -> list[tuple[datetime, dict[str, Any]]]:
    """The versions that a change makes, each whole, with the moment from which it holds: its own, and those planned.

    What is changed stays so until a later version changes that same number; everything else is as it would have
    been on that day. Raises ImpossibleRule for what cannot be meant.
    """
    patrol_rule(0, change)
    before = _flat(in_force(rules, valid_from).body())
    numbers = before | _flat(change)
    made = [(valid_from, _body(numbers))]
    for moment in sorted({begins for begins, _ in rules if begins > valid_from}):
        after = _flat(in_force(rules, moment).body())
        news = {place: value for place, value in after.items() if value != before[place]}
        if news:
            numbers = numbers | news
            made.append((moment, _body(numbers)))
        before = after
    return made


def _flat(body: dict[str, Any]) -> dict[tuple[str, ...], float]:
    """Every number by its place."""
    alone = {(name,): value for name, value in body.items() if name != "minimums"}
    levels = body.get("minimums", {}).items()
    return alone | {("minimums", word, key): value for word, least in levels for key, value in least.items()}


def _body(numbers: dict[tuple[str, ...], float]) -> dict[str, Any]:
    body: dict[str, Any] = {"minimums": {}}
    for (name, *way), value in numbers.items():
        if way:
            word, key = way
            body["minimums"].setdefault(word, {})[key] = value
        else:
            body[name] = value
    return body


def _numbers(place: str, said: Any, bounds: dict[str, tuple[float, float]]) -> dict[str, float]:
    """The numbers that stand in one place, each within its bounds."""
    way = f"{place}/" if place else ""
    return {name: _number(way + name, value, *bounds[name]) for name, value in _named(place, said, bounds).items()}


def _named(place: str, said: Any, known: Iterable[str]) -> dict[str, Any]:
    """What stands in one place, every name of it known."""
    if not isinstance(said, dict):
        raise ImpossibleRule(place, Text("Not a valid mapping type."))
    for name in said.keys() - set(known):
        raise ImpossibleRule(f"{place}/{name}".lstrip("/"), Text("flaw.unknown_name", {"known": ", ".join(known)}))
    return said


def _number(name: str, value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ImpossibleRule(name, Text("Not a valid number."))
    if not low <= value <= high:
        raise ImpossibleRule(name, Text("flaw.between", {"low": low, "high": high}))
    return float(value)
