"""How a signal and a feed are shown: plain dictionaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from backend.api.door import BASE
from backend.api.shown import moment
from backend.domain.signals import RAIN, Colour, Danger


def signal(row: Any, names: Mapping[str, str], references: Iterable[Any], zone: ZoneInfo) -> dict[str, Any]:
    """A signal as it stands."""
    return {
        "id": str(row.id),
        "chain": str(row.chain_id),
        "sender": row.sender,
        "identifier": row.identifier,
        "sent": moment(row.sent, zone),
        "status": row.status,
        "type": row.kind,
        "is_exercise": row.is_exercise,
        "state": row.state,
        "ended_at": moment(row.ended_at, zone) if row.ended_at else None,
        "ended_by": str(row.ended_by_id) if row.ended_by_id else None,
        "conflicts_with": str(row.conflicts_with_id) if row.conflicts_with_id else None,
        "until": moment(row.over_at, zone),
        "infos": row.infos,
        "regions": [{"code": code, "name": names.get(code)} for code in row.regions],
        "segments": row.segments,
        "unmatched": row.unmatched,
        "references": [{**each.to, "id": str(each.to_id), "known": bool(each.is_known)} for each in references],
        "feed": row.feed,
        "entered_by": str(row.entered_by_id) if row.entered_by_id else None,
        "received_at": moment(row.received_at, zone),
        "document": f"{BASE}/flood/signals/{row.id}.xml",
        **_said(row),
    }


def _said(row: Any) -> dict[str, Any]:
    """What people read of it, and its colour with what it was read from."""
    rain = RAIN[Colour(row.colour)] if row.colour and row.danger == Danger.RAINSTORM else None
    return {
        "colour": row.colour,
        "colour_from": row.colour_from,
        "colour_said": row.said,
        "disagrees": len(set(row.said.values())) > 1,
        "danger": row.danger,
        "rain": {"mm": rain.mm, "hours": rain.hours} if rain else None,
        "event": row.shown["event"],
        "headline": row.shown["headline"],
        "description": row.shown["description"],
        "instruction": row.shown["instruction"],
        "sender_name": row.shown["sender"],
    }


def feed(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    """A feed and how it does; never its key."""
    return {
        "name": row.name,
        "title": row.title,
        "form": row.form,
        "url": row.url,
        "every_s": row.every_s,
        "silent_s": row.silent_s,
        "on": row.is_on,
        "has_key": row.key_sha256 is not None,
        "heard_at": moment(row.heard_at, zone) if row.heard_at else None,
        "due_at": moment(row.due_at, zone) if row.url and row.is_on else None,
        "failures": row.failures,
        "failure": row.failure,
    }
