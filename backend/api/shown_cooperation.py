"""How joint patrols, clues, meetings and suggestions are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.api.shown import moment, moment_or_none
from backend.domain.cooperation import COUNTS


def patrol(row: Any, people: Iterable[Any], walks: Mapping[tuple[UUID, UUID], UUID]) -> dict[str, Any]:
    """A joint patrol, with the walk of each."""
    shown = [{"id": str(one.person_id), "name": one.name, "patrol": _walk(row.id, one, walks)} for one in people]
    return {
        "id": str(row.id),
        "segment": {"id": str(row.segment_id), "code": row.segment_code, "name": row.segment_name},
        "region": row.region_code,
        "day": row.day.isoformat(),
        "purpose": row.purpose,
        "made_by": _by(row),
        "people": shown,
        "walked": sum(each["patrol"] is not None for each in shown),
    }


def clue(row: Any, today: date, zone: ZoneInfo) -> dict[str, Any]:
    """A clue; late once its day is over without an answer."""
    return {
        "id": str(row.id),
        "way": row.way,
        "post": row.post,
        "law_region": row.law_region,
        "hazard": str(row.hazard_id),
        "kind": row.kind,
        "region": row.region_code,
        "return_on": row.return_on.isoformat(),
        "late": row.answered_at is None and row.return_on < today,
        "note": row.note,
        "made_by": _by(row),
        "made_at": moment(row.made_at, zone),
        "answered_at": moment_or_none(row.answered_at, zone),
        "answer": row.answer,
    }


def meeting(row: Any, people: Iterable[Any], tasks: Iterable[Any], zone: ZoneInfo) -> dict[str, Any]:
    """A meeting with its tasks."""
    return {
        "id": str(row.id),
        "region": row.region_code,
        "title": row.title,
        "place": row.place,
        "at": moment(row.at, zone),
        "minutes": row.minutes,
        "made_by": _by(row),
        "people": [{"id": str(one.person_id), "name": one.name} for one in people],
        "tasks": [
            {
                "number": task.number,
                "text": task.text,
                "due_on": task.due_on.isoformat(),
                "order": str(task.order_id) if task.order_id else None,
                "done_at": moment_or_none(task.done_at, zone),
            }
            for task in tasks
        ],
    }


def suggestion(row: Any, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """A suggestion; late where it is, or was, answered after its time."""
    return {
        "id": str(row.id),
        "hazard": str(row.hazard_id),
        "kind": row.kind,
        "region": row.region_code,
        "document": row.document,
        "text": row.text,
        "made_by": _by(row),
        "made_at": moment(row.made_at, zone),
        "reply_by": moment(row.reply_by, zone),
        "late": (row.replied_at or now) > row.reply_by,
        "replied_at": moment_or_none(row.replied_at, zone),
        "replied_by": row.replied_by,
        "reply": row.reply,
    }


def counts(
    found: Mapping[str, Mapping[str, int]], names: Mapping[str, str]
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The numbers by place, and their sums."""
    sums = {name: sum(each.get(name, 0) for each in found.values()) for name in COUNTS}
    rows = [
        {"region": place, "name": names.get(place, place)} | {name: found[place].get(name, 0) for name in COUNTS}
        for place in sorted(found)
    ]
    return rows, sums


def _walk(joint: UUID, one: Any, walks: Mapping[tuple[UUID, UUID], UUID]) -> str | None:
    walk = walks.get((joint, one.person_id))
    return str(walk) if walk else None


def _by(row: Any) -> dict[str, str]:
    return {"id": str(row.made_by_id), "name": row.made_by}
