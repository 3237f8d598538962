"""How a patrol and a person are shown: plain dictionaries made by hand, for this is the busiest answer of the house."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from backend.domain.access import Seat
from backend.domain.terms import Outcome
from backend.domain.verdicts import reasons_of
from backend.formats import phones
from backend.words import Language, Text, say


def moment(at: datetime, zone: ZoneInfo) -> str:
    """RFC 3339 in the business zone; the last hours of the calendar stay in UTC."""
    try:
        return at.astimezone(zone).isoformat()
    except OverflowError:
        return at.isoformat()


def moment_or_none(at: datetime | None, zone: ZoneInfo) -> str | None:
    """A moment that may not have come."""
    return None if at is None else moment(at, zone)


def named_photos(states: Mapping[str, str]) -> list[dict[str, str]]:
    """Photos (or recordings) that something names, and whether they have come."""
    return [{"sha256": sha256, "state": state} for sha256, state in states.items()]


def segments(features: list[dict[str, Any]], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Segments with their moments in the business zone."""
    for properties in (each["properties"] for each in features):
        at = properties["last_patrol_at"]
        properties["last_patrol_at"] = moment(at, zone) if at else None
    return features


def person(row: Any, seats: Iterable[Seat], names: dict[str, str]) -> dict[str, Any]:
    """A person with a masked number and the posts of today."""
    return {
        "id": str(row.id),
        "name": row.name,
        "phone": phones.masked(row.phone_head, row.phone_tail),
        "posts": [
            {
                "post": seat.post.value,
                "region": seat.region,
                "region_name": names.get(seat.region),
                "unit": seat.unit,
            }
            for seat in seats
        ],
    }


def patrol(row: Any, photos: dict[str, str], zone: ZoneInfo, language: Language) -> dict[str, Any]:
    """A patrol with its verdict, review and receipt."""
    states = named_photos(photos)
    return {
        "id": str(row.id),
        "segment": {"id": str(row.segment_id), "code": row.segment_code, "name": row.segment_name},
        "named_segment": str(row.named_segment_id),
        "person": {"id": str(row.person_id), "name": row.person_name},
        "duty_of": str(row.duty_of_id) if row.duty_of_id else None,
        "entered_by": str(row.entered_by_id) if row.entered_by_id else None,
        "post": row.post,
        "region": row.region_code,
        "river": row.river_code,
        "started_at": moment(row.started_at, zone),
        "ended_at": moment(row.ended_at, zone),
        "walked_at": moment(row.walked_at, zone),
        "received_at": moment(row.received_at, zone),
        "points": row.points,
        "crs": row.crs,
        "report": {key: value for key, value in row.report.items() if key != "client"},
        "verdict": verdict(row, zone, language),
        "review": _review(row, zone),
        "withdrawn": _withdrawn(row, zone),
        "photos": states,
        "receipt": {"seq": row.seq, "body_sha256": row.body_sha256.hex(), "photos": states},
    }


def verdict(row: Any, zone: ZoneInfo, language: Language) -> dict[str, Any]:
    """The server's decision: codes for machines, one sentence for a person, figures for both.

    The sentence says what holds now: a withdrawal or a review has the last word in it, as in `counts`.
    """
    figures = row.verdict["figures"]
    reasons = reasons_of(row.verdict)
    details = [
        {
            "code": r.reason.value,
            "outcome": r.outcome.value,
            "sentence": say(r.text, language),
            "values": r.values,
        }
        for r in reasons
    ]
    return {
        "outcome": row.outcome,
        "counts": row.counts,
        "sentence": _sentence(row, details, figures, language),
        "reasons": [detail["code"] for detail in details],
        "details": details,
        **figures,
        "gaps": [_gap(gap, zone) for gap in figures["gaps"]],
        "rule_version": row.rule_version,
    }


def _sentence(row: Any, details: list[dict[str, Any]], figures: dict[str, Any], language: Language) -> str:
    if row.withdrawn_at is not None:
        return say(Text.of("verdict.withdrawn", reason=row.withdrawn_reason), language)
    if row.review_outcome is not None:
        return say(Text(f"verdict.reviewed.{row.review_outcome}", {"note": row.review_note}), language)
    if row.outcome == Outcome.INVALID:
        return say(Text.of("verdict.invalid", reason=details[0]["sentence"]), language)
    walked = {"metres": int(figures["covered_m"]), "minutes": int(figures["near_s"] // 60)}
    if row.outcome == Outcome.DOUBTFUL:
        return say(Text.of("verdict.doubtful", reason=details[0]["sentence"], **walked), language)
    return say(Text.of("verdict.valid", **walked), language)


def _gap(gap: list[Any], zone: ZoneInfo) -> dict[str, Any]:
    begin, end, seconds, bridged = gap
    return {
        "from": moment(datetime.fromtimestamp(begin / 1000, UTC), zone),
        "to": moment(datetime.fromtimestamp(end / 1000, UTC), zone),
        "seconds": seconds,
        "bridged": bridged,
    }


def _review(row: Any, zone: ZoneInfo) -> dict[str, Any] | None:
    if row.review_outcome is None:
        return None
    return {
        "outcome": row.review_outcome,
        "note": row.review_note,
        "by": str(row.reviewed_by_id),
        "at": moment(row.reviewed_at, zone),
    }


def _withdrawn(row: Any, zone: ZoneInfo) -> dict[str, Any] | None:
    if row.withdrawn_at is None:
        return None
    by = str(row.withdrawn_by_id)
    return {"reason": row.withdrawn_reason, "by": by, "at": moment(row.withdrawn_at, zone)}
