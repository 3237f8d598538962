"""How a call-out stands, between its row and the rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.domain.callouts import Standing, State

_KEPT = ("called_at", "calls", "last_notice_id", "climbed_at", "door_at", "warning_id")


def standing_of(row: Any) -> Standing:
    """A row as the rules know it."""
    return Standing(row.begun_at, row.climbs_from, State(row.state), row.round, row.tries, row.taken, row.said_at)


def as_row(row: Any, standing: Standing, next_at: datetime | None) -> dict[str, Any]:
    """How it stands, with the columns that a look may change: all rows of a statement name the same ones."""
    return {name: getattr(row, name) for name in _KEPT} | {
        "seq": row.seq,
        "state": standing.state.value,
        "round": standing.round,
        "begun_at": standing.begun_at,
        "climbs_from": standing.climbs_from,
        "tries": standing.tries,
        "taken": standing.taken,
        "said_at": standing.said_at,
        "next_at": next_at,
    }
