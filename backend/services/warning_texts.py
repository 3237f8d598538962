"""What people are told by a warning: the call itself, what became of it, and whose silence they must see to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.domain.callout_plans import Rung, Step
from backend.domain.callouts import AFTER_ALL_REAL, CALLOUT, Move, is_inside, priority
from backend.domain.flood_warnings import WARNING, Level
from backend.domain.lanes import Lane
from backend.domain.notices import APP, ORDINARY, SMS, Wanted

CALLS = ("callout", "callout_report")
"""What is not sent any more to whoever has answered, or is called by a newer revision."""
MOST_NAMES = 5
"""Names in one text; of more the number is said."""


def call(row: Any, move: Move, person: UUID, *, is_again: bool) -> Wanted:
    """A call to somebody on the roll, or to whoever acts for them; `row`: a call-out with what its warning says."""
    key = "callout_report" if move.asks_report else CALLOUT
    number = row.calls + 1
    fact = f"callout:{row.id}:{row.warning_id}:{move.after.round}:{move.after.tries}"
    first = priority(is_inside=is_inside(row.priority), is_first=not is_again, is_drill=row.is_drill)
    return Wanted(
        person,
        fact,
        key,
        said_by_call(row),
        lane_of(Level(row.level)),
        move.call,
        (CALLOUT, row.id),
        number,
        is_drill=row.is_drill,
        priority=first,
    )


def said_by_call(row: Any) -> dict[str, Any]:
    """What a call says; `row`: a warning, or a call-out with what its warning says."""
    return _values(row) | {"warning": row.number, "headline": _with_level(row)}


def said_by_change(row: Any, before: str) -> dict[str, Any]:
    """What is said of a warning that says something else now; `before`: its level until then."""
    return _values(row) | {"before": {"key": f"warning.level.{before}"}}


def silence(person: UUID, silent: Sequence[tuple[Any, Step]], now: datetime) -> Wanted:
    """That people on the roll do not answer, to whoever sits above them: all of them in one text."""
    row = silent[0][0]
    rows = [each for each, _ in silent]
    channels = tuple(dict.fromkeys(channel for _, step in silent for channel in step.channels))
    names = "、".join(each.person for each in rows[:MOST_NAMES])
    is_substitute = silent[0][1].what == Rung.SUBSTITUTE
    key = "take_over" if is_substitute else "silent_one" if len(rows) == 1 else "silent"
    return Wanted(
        person,
        f"silent:{row.id if is_substitute else row.root_id}:{now.isoformat()}",
        key,
        _values(row) | {"names": names, "count": len(rows)},
        lane_of(Level(row.level)),
        channels,
        (CALLOUT, row.id),
        is_drill=row.is_drill,
        priority=_after(1, row),
    )


def updated(warning: Any, before: Any, rows: Iterable[Any]) -> list[Wanted]:
    """That a warning says something else now, to those who have answered it already."""
    key = "warning_corrected" if warning.because.get("kind") == "correct" else "warning_updated"
    values = said_by_change(warning, before.level)
    return [
        Wanted(
            row.person_id,
            f"updated:{warning.id}",
            key,
            values,
            Lane.URGENT,
            (APP, SMS),
            (CALLOUT, row.id),
            is_drill=warning.is_drill,
            priority=_after(0, warning),
        )
        for row in rows
    ]


def over(warning: Any, people: Iterable[UUID], key: str) -> list[Wanted]:
    """The all-clear, that it was a mistake, or that it is about them no more: at once, whatever else is silent."""
    return [
        Wanted(
            person,
            f"{key}:{warning.id}",
            key,
            _values(warning) | {"text": warning.ended_text or ""},
            Lane.URGENT,
            (APP, SMS),
            (WARNING, warning.root_id),
            is_drill=warning.is_drill,
            priority=_after(0, warning),
        )
        for person in people
    ]


def door(row: Any, person: UUID, *, is_passed: bool) -> Wanted:
    """That somebody is to knock at a door."""
    return Wanted(
        person,
        f"door:{row.id}:{row.round}:{'town' if is_passed else 'neighbour'}",
        "door_knock",
        _values(row) | {"name": row.person},
        Lane.URGENT,
        (APP, SMS),
        (CALLOUT, row.id),
        is_drill=row.is_drill,
        priority=_after(0, row),
    )


def asked_to_sign(warning: Any, people: Iterable[UUID]) -> list[Wanted]:
    """That a warning waits for a second signature, and until when."""
    values = _values(warning) | {"sign_by": {"at": warning.sign_by.isoformat()}}
    return [
        Wanted(
            person,
            f"sign:{warning.id}",
            "warning_sign",
            values,
            Lane.URGENT,
            (APP, SMS),
            (WARNING, warning.id),
            is_drill=warning.is_drill,
            priority=_after(ORDINARY, warning),
            expires_at=warning.sign_by,
        )
        for person in people
    ]


def prepared(warning: Any, people: Iterable[UUID]) -> list[Wanted]:
    """That a rule has written a draft, for the duty officer to send or to drop."""
    return [_to_desk(warning, person, "warning_prepared", f"prepared:{warning.id}") for person in people]


def cause_over(warning: Any, people: Iterable[UUID], event: int) -> list[Wanted]:
    """That what a warning was for is over: somebody must look, and give the all-clear."""
    return [_to_desk(warning, person, "warning_cause_over", f"cause_over:{warning.id}:{event}") for person in people]


def _to_desk(warning: Any, person: UUID, key: str, fact: str) -> Wanted:
    return Wanted(person, fact, key, _values(warning), Lane.URGENT, (APP, SMS), (WARNING, warning.id))


def lane_of(level: Level) -> Lane:
    """What presses goes out at once, day and night; the rest not at night."""
    return Lane.URGENT if level.presses else Lane.NORMAL


def _after(place: int, row: Any) -> int:
    """A place among those that wait; that of a drill lies behind all that is meant."""
    return place + AFTER_ALL_REAL if row.is_drill else place


def _with_level(row: Any) -> dict[str, Any]:
    """The headline behind its colour: the two are one in every text of a call, however short."""
    said = {"level": {"key": f"warning.level.{row.level}"}, "headline": row.headline}
    return {"key": "warning.said", "values": said}


def _values(row: Any) -> dict[str, Any]:
    until = {"at": row.expires_at.isoformat()} if row.expires_at else {"key": "warning.until_lifted"}
    return {
        "level": {"key": f"warning.level.{row.level}"},
        "headline": row.headline,
        "instruction": row.instruction,
        "number": row.number,
        "until": until,
        "contact": row.contact or {"key": "warning.ask_office"},
    }
