"""The board of a roll (叫应): who was called, reached and answered, region by region, and who is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.db import Session
from backend.domain.callouts import forecast
from backend.domain.flood_warnings import Level
from backend.domain.notices import VOICE
from backend.domain.regions import below_length
from backend.domain.ways import Ways
from backend.services.policies import CALLOUTS
from backend.store import regions, rolls

SHOWN_SILENT = 20
_SETTLED = 2
"""After so many times the length that the settings say of a call, even the long ones have ended."""
NAMES = 2
"""Of silent people in each place of a board; of more the number is said."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """How long one round of calls takes, from the issue until everybody has been called once."""

    lines: int
    call_s: float
    lasts: timedelta
    until: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """A roll as somebody sees it."""

    total: dict[str, int]
    places: list[tuple[Any, str]]
    """Numbers of each place with its name."""
    median_s: float | None
    slowest_s: float | None
    names: dict[str, list[str]]
    """The first silent people of each place."""
    silent: list[Any]
    """The first of those who do not answer."""
    forecast: Forecast | None


def version(session: Session, warning: Any) -> tuple[str, int]:
    """What changes whenever something on the board does, and how many people are on it."""
    is_new = warning.issued_at is None and warning.revision == 1
    total, people = (0, 0) if is_new else rolls.version(session, warning.root_id)
    return f"{warning.seq}-{warning.version}-{people}-{total}", people


def board(session: Session, warning: Any, parts: Sequence[str], ways: Ways, *, now: datetime) -> Board:
    """The numbers over some regions, split by what lies directly below them."""
    length = min(below_length(part) for part in parts)
    rows = rolls.tally(session, warning.root_id, parts, length)
    names = regions.names(session, [row.place for row in rows])
    total = {name: sum(getattr(row, name) for row in rows) for name in NUMBERS}
    timed = sum(row.timed for row in rows)
    slowest = max((float(row.slowest_s) for row in rows if row.timed), default=None)
    median = rolls.time_of(session, warning.root_id, parts, (timed - 1) // 2) if timed else None
    silent = listed(session, warning, parts, states=rolls.SILENT, limit=SHOWN_SILENT, after=None, now=now)
    places = [(row, names.get(row.place, row.place)) for row in rows]
    first: dict[str, list[str]] = {}
    for place, name in rolls.silent_names(session, warning.root_id, parts, length, most=NAMES):
        first.setdefault(place, []).append(name)
    cast = _forecast(session, warning, ways, now)
    return Board(total, places, median, slowest, first, silent[:SHOWN_SILENT], cast)


NUMBERS = (
    *("people", "called", "reached", "answered", "received", "acting", "unable", "unreached"),
    *("escalated", "door", "silent", "open"),
)


def _forecast(session: Session, warning: Any, ways: Ways, now: datetime) -> Forecast | None:
    """From the lines, from how long calls last, and from who still waits for a first one.

    None where nobody does, and where there are as many lines as one likes.
    """
    way = ways.get(VOICE)
    if way is None or way.lines is None or warning.issued_at is None:
        return None
    waiting = rolls.uncalled(session, warning.root_id)
    if not waiting:
        return None
    settled = now - _SETTLED * timedelta(seconds=way.lines.call_s)
    call_s = rolls.call_seconds(session, warning.root_id, settled) or way.lines.call_s
    until = now + forecast(waiting, way.lines.count, call_s)
    return Forecast(way.lines.count, call_s, until - warning.issued_at, until)


def listed(
    session: Session,
    warning: Any,
    parts: Sequence[str],
    *,
    states: Sequence[str],
    limit: int,
    after: tuple[int, str, int] | None,
    now: datetime,
) -> list[Any]:
    """People of a roll that one sees: those whose answer is late at `now` first, then by region."""
    plan = CALLOUTS.of_version(session, warning.policy_version).plans[Level(warning.level)]
    late_from = now - plan.answer_within
    return rolls.people(session, warning.root_id, parts, states=states, late_from=late_from, limit=limit, after=after)
