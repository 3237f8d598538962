"""How drill lists, consent and the report on dead numbers are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from backend.api.shown import moment, moment_or_none
from backend.domain.drills import Unreached
from backend.formats import phones
from backend.formats.books import Sheet
from backend.words import Language, Text, say


def drill_list(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    """A list."""
    monthly = None
    if row.monthly_day is not None:
        monthly = {"day": row.monthly_day, "hour": row.monthly_hour}
    where = {"region": row.region_code, "region_name": row.region_name}
    return {"id": str(row.id), "name": row.name, "made_at": moment(row.made_at, zone), "monthly": monthly} | where


def counted_list(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    """A list with how many were asked, and how many take part."""
    return drill_list(row, zone) | {"asked": row.asked, "agreed": row.agreed}


def member(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    """What somebody has said to a list."""
    return {
        "list": str(row.list_id),
        "list_name": row.list_name,
        "person": str(row.person_id),
        "name": row.name,
        "asked_at": moment(row.asked_at, zone),
        "agreed_at": moment_or_none(row.agreed_at, zone),
        "left_at": moment_or_none(row.left_at, zone),
        "takes_part": row.agreed_at is not None and row.left_at is None,
        "said_by": str(row.said_by_id) if row.said_by_id else None,
        "note": row.note,
    }


def dead_numbers(warning: Any, found: Sequence[Unreached]) -> dict[str, Any]:
    """The report of a roll."""
    dead = sum(each.is_dead for each in found)
    items = [_unreached(each) for each in found]
    counts = {"dead": dead, "unanswered": len(found) - dead}
    return {"number": warning.number, "drill": warning.is_drill} | counts | {"items": items}


def sheet(found: Sequence[Unreached], language: Language) -> Sheet:
    """The same as a sheet."""

    def said(key: str) -> str:
        return say(Text(f"dead_numbers.{key}"), language)

    rows = [
        (
            each.region_code,
            each.name,
            phones.masked(each.phone_head, each.phone_tail) or "",
            said("dead" if each.is_dead else "unanswered"),
            "; ".join(f"{channel} {reason}" for channel, reason in each.failures),
        )
        for each in found
    ]
    return Sheet(said("title"), [said(name) for name in ("region", "name", "phone", "how", "failures")], rows)


def _unreached(each: Unreached) -> dict[str, Any]:
    phone = phones.masked(each.phone_head, each.phone_tail)
    return {
        "person": {"id": str(each.person_id), "name": each.name, "phone": phone},
        "post": each.post,
        "region": each.region_code,
        "dead": each.is_dead,
        "failures": [{"channel": channel, "reason": reason} for channel, reason in each.failures],
    }
