"""The board of a roll (叫应): who was called, reached and answered, region by region, and who is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.callouts import forecast
from backend.domain.flood_warnings import Level
from backend.domain.notices import VOICE
from backend.domain.regions import below_length
from backend.domain.ways import Ways
from backend.recent import Recent
from backend.services.policies import CALLOUTS
from backend.store import regions, rolls

SHOWN_SILENT = 20
MANY, FRESH_S = 1_000, 1.0
"""The board of more people than that is counted at most so often by a process, however many look at it."""
MOST_KEPT = 500
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
    """The first silent people of each place, those who are late before the others."""
    silent: list[Any]
    """The first of those who do not answer."""
    forecast: Forecast | None


Key = tuple[UUID, tuple[str, ...], str]
"""Which board: the warning, what of it lies where one looks, and the region that was asked for."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A warning with its board as it was shown."""

    etag: str
    body: dict[str, Any]
    at_s: float
    """By a clock that is never set."""


class ShownBoards:
    """Boards of many people as they were shown last, kept in the house."""

    def __init__(self, many: int = MANY, fresh_s: float = FRESH_S) -> None:
        self._many, self._fresh_s = many, fresh_s
        self._kept: Recent[Key, Shown] = Recent(MOST_KEPT)

    def fresh(self, key: Key, etag: str, people: int, at_s: float) -> Shown | None:
        """What was shown last, where it is still so or was counted just now; None for what is to be counted."""
        kept = self._kept.get(key) if people > self._many else None
        return kept if kept is not None and (kept.etag == etag or at_s - kept.at_s < self._fresh_s) else None

    def keep(self, key: Key, shown: Shown, people: int) -> None:
        """Keep it, where counting it anew is worth avoiding."""
        if people > self._many:
            self._kept.keep(key, shown)


def version(session: Session, warning: Any) -> tuple[str, int]:
    """What changes whenever something on the board does, and how many people are on it."""
    is_new = warning.issued_at is None and warning.revision == 1
    total, people = (0, 0) if is_new else rolls.version(session, warning.root_id)
    return f"{warning.seq}-{warning.version}-{people}-{total}", people


def board(session: Session, warning: Any, parts: Sequence[str], ways: Ways, *, now: datetime) -> Board:
    """The numbers over some regions, split by what lies directly below them."""
    length = min(below_length(part) for part in parts)
    late_from = _late_from(session, warning, now)
    rows = rolls.tally(session, warning.root_id, parts, length, late_from=late_from)
    names = regions.names(session, [row.place for row in rows])
    total = {name: sum(getattr(row, name) for row in rows) for name in NUMBERS}
    timed = sum(row.timed for row in rows)
    slowest = max((float(row.slowest_s) for row in rows if row.timed), default=None)
    median = rolls.time_of(session, warning.root_id, parts, (timed - 1) // 2) if timed else None
    silent = rolls.people(session, warning.root_id, parts, states=rolls.SILENT, late_from=late_from, limit=SHOWN_SILENT)
    places = [(row, names.get(row.place, row.place)) for row in rows]
    first: dict[str, list[str]] = {}
    for place, name in rolls.silent_names(session, warning.root_id, parts, length, late_from=late_from, most=NAMES):
        first.setdefault(place, []).append(name)
    cast = _forecast(session, warning, ways, now)
    return Board(total, places, median, slowest, first, silent[:SHOWN_SILENT], cast)


NUMBERS = (
    *("people", "called", "reached", "answered", "received", "acting", "unable", "unreached"),
    *("escalated", "door", "silent", "late", "open"),
)


def _late_from(session: Session, warning: Any, now: datetime) -> datetime:
    """Whoever was called by then and is silent still is late at `now`, by the plan under which the warning went out.

    The clockwork looks at each of them at that very moment and takes a step, by which the board becomes another one.
    """
    plan = CALLOUTS.of_version(session, warning.policy_version).plans[Level(warning.level)]
    return now - plan.answer_within


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
    late_from = _late_from(session, warning, now)
    return rolls.people(session, warning.root_id, parts, states=states, late_from=late_from, limit=limit, after=after)
