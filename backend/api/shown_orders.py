"""How orders, words and their board are shown; every number says where the people behind it are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.api.door import BASE
from backend.api.shown import moment, moment_or_none, named_photos
from backend.domain.order_boards import NUMBERS, Placed, Tally
from backend.domain.orders import Status
from backend.formats import phones
from backend.services.addressees import Reached
from backend.services.order_boards import Board

_BEHIND = {status.value: status.value for status in Status} | {"people": ""}
"""Numbers with a list of people behind them."""


def order(row: Any, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """An order as anybody sees it."""
    return {
        "id": str(row.id),
        "kind": row.kind,
        "wanted": row.wanted,
        "title": row.title,
        "document": row.document,
        "text": row.text,
        "by": {
            "id": str(row.made_by_id),
            "name": row.made_by,
            "post": row.post,
            "region": row.region_code,
            "region_name": row.region_name,
        },
        "to": row.asked,
        "segment": _segment(row.segment_id, row),
        "made_at": moment(row.made_at, zone),
        "due_at": moment(row.due_at, zone),
        "is_due": row.due_at <= now,
        "text_at": moment(row.text_at, zone),
        "people": row.people,
        "vacant": row.vacant,
        "part_of": str(row.part_of_id) if row.part_of_id else None,
        "withdrawn": _withdrawn(row, zone),
    }


def milestone(row: Any, tally: Tally, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """A milestone in its work points: what, by when, and how far everybody is."""
    named = {"id": str(row.id), "title": row.title, "path": f"{BASE}/orders/{row.id}"}
    dates = {"due_at": moment(row.due_at, zone), "is_due": row.due_at <= now, "withdrawn": _withdrawn(row, zone)}
    return named | dates | {"totals": numbers(tally) if tally.people else None}


def correction(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    """What was put right, when and why."""
    named = {"id": str(row.id), "at": moment(row.at, zone), "by": {"id": str(row.made_by_id), "name": row.made_by}}
    return named | {"reason": row.reason, "before": row.before, "after": row.after}


def addressee(each: Placed, zone: ZoneInfo) -> dict[str, Any]:
    """Somebody who got it, with the three dates: read, signed, done."""
    row, facts = each.row, each.standing
    is_instead = row.person_id != row.holder_id
    return {
        "person": {
            "id": str(row.person_id),
            "name": row.person,
            "phone": phones.masked(row.phone_head, row.phone_tail),
        },
        "for": {"id": str(row.holder_id), "name": row.holder} if is_instead else None,
        "post": row.post,
        "region": row.region_code,
        "region_name": row.region_name,
        "segment": _segment(row.segment_code, row),
        "read_at": moment_or_none(facts.read_at, zone),
        "signed_at": moment_or_none(facts.signed_at, zone),
        "done_at": moment_or_none(facts.done_at, zone),
        "late": facts.is_late,
        "overdue": facts.is_overdue,
        "patrol": str(row.patrol_id) if row.patrol_id else None,
        "answer": row.answer,
        "answered_at": moment_or_none(row.answered_at, zone),
    }


def word(row: Any, photos: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    """A word with its receipt."""
    states = named_photos(photos)
    return {
        "id": str(row.id),
        "order": str(row.order_id),
        "said": row.said,
        "text": row.text,
        "at": moment(row.at, zone),
        "received_at": moment(row.received_at, zone),
        "by": {"id": str(row.person_id), "name": row.person_name},
        "photos": states,
        "receipt": {"seq": row.seq, "body_sha256": row.body_sha256.hex(), "photos": states},
    }


def preview(found: Reached, names: Mapping[str, str], most: int) -> dict[str, Any]:
    """Whom an order would reach."""
    return {
        "people": len(found.people),
        "stood_in_for": found.stood_in_for,
        "without_reach": sum(each.segment_id is None for each in found.people),
        "vacant": [{"code": code, "name": names.get(code)} for code in found.vacant[:most]],
        "vacant_count": len(found.vacant),
    }


def board(found: Board, order_id: UUID, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The board with its links."""
    rows = [
        {"region": row.region, "name": row.name, "names": list(row.names)}
        | _linked(row.tally, order_id, row.region, is_alone=row.is_alone)
        for row in found.places
    ]
    total = _linked(found.total, order_id, found.region, is_alone=False)
    return {
        "order": str(order_id),
        "region": found.region or None,
        "at": moment(now, zone),
        "rows": rows,
        "total": total,
    }


def numbers(tally: Tally) -> dict[str, int]:
    """The numbers alone."""
    return {name: getattr(tally, name) for name in NUMBERS}


def _linked(tally: Tally, order_id: UUID, region: str, *, is_alone: bool) -> dict[str, Any]:
    where = ({"region": region} if region else {}) | ({"alone": "true"} if is_alone else {})
    return numbers(tally) | {"links": dict(_links(order_id, where))}


def _links(order_id: UUID, where: dict[str, str]) -> Iterable[tuple[str, str]]:
    for name in NUMBERS:
        if name in _BEHIND:
            asked = ({"status": _BEHIND[name]} if _BEHIND[name] else {}) | where
            yield name, f"{BASE}/orders/{order_id}/people" + (f"?{urlencode(asked)}" if asked else "")


def _segment(is_there: Any, row: Any) -> dict[str, Any] | None:
    return {"code": row.segment_code, "name": row.segment_name} if is_there else None


def _withdrawn(row: Any, zone: ZoneInfo) -> dict[str, Any] | None:
    if row.withdrawn_at is None:
        return None
    return {"at": moment(row.withdrawn_at, zone), "reason": row.withdrawn_reason, "by": str(row.withdrawn_by_id)}
