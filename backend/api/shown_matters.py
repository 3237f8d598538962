"""How things that wait for somebody are shown: what each is, where it is found, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from backend.api.door import BASE
from backend.api.shown import moment_or_none
from backend.services.matters import Matter

_FIRST_LETTERS = 40


def matter(each: Matter, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """One thing that waits, of whatever type."""
    deadline = {
        "deadline": moment_or_none(each.due_at, zone),
        "is_late": each.due_at is not None and each.due_at <= now,
    }
    return {"type": each.type} | _SHOWN[each.type](each.row, each.what) | deadline


def _hazard(row: Any, what: str) -> dict[str, Any]:
    named = {"id": str(row.id), "what": what, "kind": row.kind, "severity": row.severity}
    return named | {"about": _begin(row.description), "segment": row.segment, "path": f"{BASE}/hazards/{row.id}"}


def _order(row: Any, what: str) -> dict[str, Any]:
    named = {"id": str(row.order_id), "name": row.title, "kind": row.kind, "what": what}
    return named | {"segment": row.segment_code, "path": f"{BASE}/orders/{row.order_id}"}


def _campaign(row: Any, _: str) -> dict[str, Any]:
    return {"id": str(row.id), "name": row.name, "segment": row.segment_code}


def _letter(row: Any, _: str) -> dict[str, Any]:
    return {"id": str(row.id), "name": _begin(row.name), "hazard": str(row.hazard_id)}


def _door(row: Any, _: str) -> dict[str, Any]:
    return {"id": str(row.id), "name": row.name}


def _begin(text: str) -> str:
    """The first letters, by which one is told from another."""
    line = " ".join(text.split())
    return line if len(line) <= _FIRST_LETTERS else f"{line[:_FIRST_LETTERS]}…"


_SHOWN = {
    "hazard": _hazard,
    "order": _order,
    "campaign": _campaign,
    "suggestion": _letter,
    "clue": _letter,
    "door": _door,
}
