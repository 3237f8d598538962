"""How warnings, boards, call-outs and door-knocks are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from backend.api.door import BASE
from backend.api.shown import moment, moment_or_none
from backend.domain.flood_warnings import State, possible
from backend.formats import phones
from backend.services.rolls import NUMBERS, Board

_PLAIN = ("number", "revision", "state", "level", "headline", "instruction", "contact", "regions", "segments")
_TIMES = ("expires_at", "made_at", "signed_at", "sign_by", "issued_at", "ended_at")


def warning(row: Any, names: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    """A warning as anybody sees it, without its board; with the names of its regions."""
    return (
        {"id": str(row.id), "root": str(row.root_id)}
        | {name: getattr(row, name) for name in _PLAIN}
        | {name: moment_or_none(getattr(row, name), zone) for name in _TIMES}
        | {
            "allowed": [act.value for act in possible(State(row.state))],
            "places": [{"region": code, "name": names.get(code, code)} for code in row.regions],
            "focus": row.focus,
            "posts": row.posts,
            "drill": row.is_drill,
            "drill_list": str(row.drill_list_id) if row.drill_list_id else None,
            "because": row.because,
            "made_by": row.made_by,
            "made_by_id": str(row.made_by_id) if row.made_by_id else None,
            "asked_at": moment_or_none(row.asked_at, zone),
            "signed_by": row.signed_by,
            "issued_how": row.issued_how,
            "ended_text": row.ended_text,
        }
    )


def brief(row: Any) -> dict[str, Any]:
    """Which warning a list is about."""
    named = {name: getattr(row, name) for name in ("number", "revision", "state", "level", "headline")}
    return {"id": str(row.id), "drill": row.is_drill} | named


def board(row: Any, found: Board, zone: ZoneInfo) -> dict[str, Any]:
    """The board of its roll."""
    cast = found.forecast
    return {
        "total": found.total,
        "places": [
            {"region": place.place, "name": name, "names": found.names.get(place.place, [])}
            | {number: getattr(place, number) for number in NUMBERS}
            for place, name in found.places
        ],
        "median_s": found.median_s,
        "slowest_s": found.slowest_s,
        "silent": [called(each, zone) for each in found.silent],
        "forecast": None
        if cast is None
        else {
            "lines": cast.lines,
            "call_s": round(cast.call_s, 1),
            "round_s": round(cast.lasts.total_seconds(), 1),
            "until": moment(cast.until, zone),
        },
        "closed_at": moment_or_none(row.closed_at, zone),
        "people": f"{BASE}/flood/warnings/{row.id}/people",
    }


def called(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    """Somebody on a roll."""
    return {
        "id": str(row.id),
        "person": {
            "id": str(row.person_id),
            "name": row.person,
            "phone": phones.masked(row.phone_head, row.phone_tail),
        },
        "post": row.post,
        "region": row.region_code,
        "place": row.place,
        "state": row.state,
        "called_at": moment_or_none(row.called_at, zone),
        "reached_at": moment_or_none(row.reached_at, zone),
        "answered_at": moment_or_none(row.answered_at, zone),
        "how": row.how,
        "calls": row.calls,
        "late": not row.in_time,
    }


def callout(row: Any, answers: Iterable[Any], steps: Iterable[Any], zone: ZoneInfo) -> dict[str, Any]:
    """A call-out with everything that was done and said about it."""
    return {
        "id": str(row.id),
        "warning": str(row.warning_id),
        "number": row.number,
        "drill": row.is_drill,
        "level": row.level,
        "headline": row.headline,
        "instruction": row.instruction,
        "contact": row.contact,
        "expires_at": moment_or_none(row.expires_at, zone),
        "warning_state": row.warning_state,
        "person": {
            "id": str(row.person_id),
            "name": row.person,
            "phone": phones.masked(row.phone_head, row.phone_tail),
        },
        "post": row.post,
        "region": row.region_code,
        "place": row.place,
        "state": row.state,
        "round": row.round,
        "begun_at": moment(row.begun_at, zone),
        "said_at": moment_or_none(row.said_at, zone),
        "how": row.how,
        "answers": [_answer(each, zone) for each in answers],
        "steps": [_step(each, zone) for each in steps],
    }


def door(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    """A door to knock at."""
    return {
        "id": str(row.door_id),
        "callout": str(row.id),
        "person": {"id": str(row.person_id), "name": row.person},
        "region": row.region_code,
        "place": row.place,
        "given_to": row.given_to,
        "given_at": moment(row.given_at, zone),
        "passed_at": moment_or_none(row.passed_at, zone),
        "done_at": moment_or_none(row.done_at, zone),
        "outcome": row.outcome,
        "note": row.note,
        "state": row.state,
    }


def _answer(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "status": row.answer,
        "how": row.how,
        "by": row.by,
        "note": row.note,
        "at": moment(row.at, zone),
        "received_at": moment(row.received_at, zone),
        "stands": row.stands,
    }


def _step(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    times = {"due_at": moment(row.due_at, zone), "at": moment(row.at, zone)}
    return {"what": row.what, "number": row.number, "round": row.round, "person": row.person} | times
