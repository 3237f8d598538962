"""How campaigns, their answers and their ledger are shown; every number says where the list behind it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.api.door import BASE
from backend.api.shown import moment, named_photos
from backend.domain.campaigns import said_at, stage
from backend.domain.ledgers import NUMBERS, Fixed, Tally
from backend.domain.terms import Level
from backend.formats import phones
from backend.services.ledgers import Ledger, Row

_OF_HAZARDS = frozenset(each.value for each in Fixed)


def campaign(row: Any, places: Mapping[str, str | None], now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """A campaign as anybody sees it; `places`: its regions with their names."""
    return {
        "id": str(row.id),
        "name": row.name,
        "document": row.document,
        "text": row.text,
        "regions": list(places),
        "places": [{"code": code, "name": name} for code, name in places.items()],
        "level": Level(row.level).word if row.level is not None else None,
        "kinds": row.kinds,
        "stage": stage(row.begun_at is not None, row.deadline, row.ended_at is not None, now).value,
        "begins_at": moment(row.begins_at, zone),
        "deadline": moment(row.deadline, zone),
        "made_by": {"id": str(row.made_by_id), "name": row.made_by},
        "made_at": moment(row.made_at, zone),
        "ended": _ended(row, zone),
    }


def owed(row: Any) -> dict[str, Any]:
    """A segment of the reader's own, and whether it has answered."""
    return {
        "id": str(row.segment_id),
        "code": row.code,
        "name": row.name,
        "answered": row.answer_id is not None,
        "answer": str(row.answer_id) if row.answer_id else None,
        "found": row.is_found,
        "late": row.is_late,
        "excused": row.excused_at is not None,
    }


def reply(row: Any, deadline: datetime, photos: dict[str, str], zone: ZoneInfo) -> dict[str, Any]:
    """An answer with its receipt."""
    states = named_photos(photos)
    return {
        "id": str(row.id),
        "campaign": str(row.campaign_id),
        "segment": {"id": str(row.segment_id), "code": row.segment_code, "name": row.segment_name},
        "found": row.is_found,
        "hazards": row.hazards,
        "note": row.note,
        "at": moment(row.at, zone),
        "received_at": moment(row.received_at, zone),
        "late": row.is_late,
        "said_in_time": said_at(row.at, row.received_at) <= deadline,
        "on_behalf": row.is_on_behalf,
        "by": {"id": str(row.person_id), "name": row.person_name},
        "stands": bool(row.stands),
        "photos": states,
        "receipt": {"seq": row.seq, "body_sha256": row.body_sha256.hex(), "photos": states},
    }


def ledger(found: Ledger, campaign_id: UUID, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The ledger with its links."""
    whole = Row(found.region, "", found.total, is_alone=False)
    return {
        "campaign": str(campaign_id),
        "region": found.region or None,
        "at": moment(now, zone),
        "rows": [{"region": row.region, "name": row.name} | tally(row, campaign_id) for row in found.rows],
        "total": tally(whole, campaign_id),
    }


def tally(row: Row, campaign_id: UUID) -> dict[str, Any]:
    """The numbers of a row, what they come to, and where the list behind each of them is."""
    return numbers(row.tally) | {"links": {name: link(row, campaign_id, name) for name in NUMBERS}}


def numbers(tally: Tally) -> dict[str, Any]:
    """The numbers, and what they come to: answered of owed, fixed of found."""
    return {name: getattr(tally, name) for name in NUMBERS} | {"share": tally.share, "rate": tally.rate}


def link(row: Row, campaign_id: UUID, name: str) -> str:
    """The path of the list behind a number."""
    noun = "hazards" if name in _OF_HAZARDS else "segments"
    asked = {"region": row.region} if row.region else {}
    asked |= {"status": name} | ({"alone": "true"} if row.is_alone else {})
    return f"{BASE}/campaigns/{campaign_id}/{noun}?{urlencode(asked)}"


def asked_segment(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    """A segment that was asked, with whoever answered for it on the day on which the campaign began."""
    chief = {"id": str(row.chief_id), "name": row.chief_name, "phone": phones.masked(row.phone_head, row.phone_tail)}
    return {
        "segment": {"id": str(row.segment_id), "code": row.segment_code, "name": row.segment_name},
        "region": row.region_code,
        "region_name": row.region_name,
        "chief": chief if row.chief_id else None,
        "answer": str(row.answer_id) if row.answer_id else None,
        "answered_at": moment(row.answered_at, zone) if row.answered_at else None,
        "found": row.is_found,
        "late": row.is_late,
        "on_behalf": row.is_on_behalf,
        "excused": {"at": moment(row.excused_at, zone), "why": row.excuse} if row.excused_at else None,
    }


def found_hazard(row: Any, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """A hazard that was found, as far as a list of it goes."""
    return {
        "id": str(row.hazard_id),
        "kind": row.kind,
        "severity": row.severity,
        "state": row.state,
        "description": row.description,
        "segment": {"id": str(row.segment_id), "code": row.segment_code, "name": row.segment_name},
        "region": row.region_code,
        "region_name": row.region_name,
        "fixed": bool(row.is_fixed),
        "due_at": moment(row.due_at, zone) if row.due_at else None,
        "overdue": row.due_at is not None and row.due_at < now,
        "merged_into": str(row.merged_into_id) if row.merged_into_id else None,
        "hazard": f"{BASE}/hazards/{row.hazard_id}",
    }


def _ended(row: Any, zone: ZoneInfo) -> dict[str, Any] | None:
    if row.ended_at is None:
        return None
    return {"at": moment(row.ended_at, zone), "reason": row.ended_reason, "by": str(row.ended_by_id)}
