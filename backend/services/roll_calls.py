"""Monthly roll-calls (每月点名): the drill of each list that is missing this month is written and let out by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from backend.db import Session
from backend.domain.drills import LASTS, Monthly, due_month, roll_call_id
from backend.domain.flood_warnings import CALLED, Level
from backend.services import flood_warnings
from backend.services.calling import Calling
from backend.store import drills
from backend.store import flood_warnings as store
from backend.words import LANGUAGES, Text, say

LEVEL = Level.YELLOW
"""App and text, then a call where they are silent, and nobody is sent to a door: what finds a dead number, no more."""


def hold_one(session: Session, calling: Calling, *, now: datetime) -> bool:
    """Let out one roll-call that is missing; whether there was any. None while people there are called in earnest."""
    for row, month in _missing(session, calling, now):
        values = _drill(row, month, now) | {
            "number": flood_warnings.next_number(session, is_drill=True, now=now, zone=calling.zone)
        }
        if flood_warnings.add(session, values, (row.region_code,), by=None, now=now):
            calling.ask(session, store.existing(session, values["id"]), by=None, now=now, at_once=True)
            return True
    return False


def _missing(session: Session, calling: Calling, now: datetime) -> Iterator[tuple[Any, str]]:
    for row in drills.monthly(session):
        monthly, since = Monthly(row.monthly_day, row.monthly_hour), row.monthly_since.astimezone(calling.zone)
        month = due_month(monthly, since, now.astimezone(calling.zone))
        if month is None or store.existing(session, roll_call_id(row.id, month)) is not None:
            continue
        if not store.is_pressing(session, row.region_code):
            yield row, month


def _drill(row: Any, month: str, now: datetime) -> dict[str, Any]:
    warning_id = roll_call_id(row.id, month)
    return {
        "id": warning_id,
        "root_id": warning_id,
        "revision": 1,
        "body_sha256": b"",
        "level": LEVEL.value,
        "headline": say(Text("drill.headline"), LANGUAGES[0]),
        "instruction": say(Text("drill.instruction"), LANGUAGES[0]),
        "contact": "",
        "regions": [row.region_code],
        "segments": [],
        "focus": [],
        "posts": sorted(CALLED),
        "drill_list_id": row.id,
        "is_drill": True,
        "because": {"kind": "roll_call", "month": month},
        "expires_at": now + LASTS,
    }
