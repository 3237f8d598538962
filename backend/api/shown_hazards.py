"""How a hazard is shown: where it stands in one sentence, its deadline, and what the reader may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from backend.api.shown import moment, named_photos
from backend.api.shown_timelines import fact
from backend.clock import in_words
from backend.domain.deadlines import phase_of
from backend.domain.hazards import Act, Severity, State
from backend.domain.kinds import KindRule, given
from backend.domain.photos import Kind
from backend.domain.public_reports import PUBLIC
from backend.domain.terms import Level
from backend.services.securing import WITHIN
from backend.services.timeline import Told
from backend.words import Language, Text, say

HELP = (Act.ASK_COORDINATION.value, Act.ANSWER_COORDINATION.value)


@dataclass(frozen=True)
class Around:
    """What is told beside a hazard: its files, open ones like it, its measures, and the acts allowed."""

    files: Mapping[Kind, Mapping[str, str]] = field(default_factory=dict)
    """Its photos and recordings by digest."""
    similar: Sequence[tuple[Any, float]] = ()
    interim: Sequence[Any] = ()
    timeline: Sequence[Told] = ()
    rule: KindRule | None = None
    help: Mapping[str, Told] = field(default_factory=dict)
    """The last words with which help was asked for and given."""
    into: Any = None
    """The hazard that it was merged into, of which its reporter hears where it stands."""
    lacking: Sequence[Sequence[Text]] = ()
    """Of each photo of the mended place, why it proves nothing."""
    allowed: Sequence[Act] | None = None
    public: Sequence[Any] = ()
    """Reports of citizens about it."""


def hazard(row: Any, beside: Around, now: datetime, zone: ZoneInfo, language: Language) -> dict[str, Any]:
    """A hazard with its deadline and receipt; in a list without what only its own page tells."""
    photos, recordings = (named_photos(beside.files.get(kind, {})) for kind in Kind)
    shown = {
        "id": str(row.id),
        "kind": row.kind,
        "kind_name": say(Text(f"hazard.kind.{row.kind}"), language),
        "severity": row.severity,
        "state": row.state,
        "sentence": _sentence(row, now, zone, language),
        "description": row.description,
        "segment": {"id": str(row.segment_id), "code": row.segment_code, "name": row.segment_name},
        "region": row.region_code,
        "region_name": row.region_name,
        "river": row.river_code,
        "location": [row.lon, row.lat] if row.lon is not None else None,
        "chainage_m": row.chainage_m,
        "source": "public" if _is_public(row) else row.report.get("source", "staff"),
        "reporter": {"id": str(row.reporter_id), "name": _reporter(row, language)},
        "patrol": str(row.patrol_id) if row.patrol_id else None,
        "observed_at": moment(row.observed_at, zone),
        "reported_at": moment(row.reported_at, zone),
        "unit": {"code": row.unit_code, "name": row.unit_name} if row.unit_code else None,
        "assignee": {"id": str(row.assignee_id), "name": row.assignee_name} if row.assignee_id else None,
        "claim": _claim(row, now, zone),
        "watch": row.watch,
        "handed_to": row.handed_to,
        "merged_into": str(row.merged_into_id) if row.merged_into_id else None,
        "returns": row.returns,
        "rebounds": row.rebounds,
        "extension": _extension(row, zone),
        "interim_needed_by": moment(row.unsafe_since + WITHIN, zone) if row.unsafe_since else None,
        "coordination": _coordination(row, beside.help, zone),
        "deadlines": _deadlines(row, now, zone),
        "photos": photos,
        "recordings": recordings,
        "done_photos": row.done,
        "receipt": _receipt(row, photos, recordings),
    }
    return shown if beside.allowed is None else shown | _of_its_page(row, beside, now, zone, language)


def _is_public(row: Any) -> bool:
    return bool(row.reporter_id == PUBLIC.person_id)


def _reporter(row: Any, language: Language) -> str:
    return say("report.public", language) if _is_public(row) else row.reporter_name


def _of_public(reports: Sequence[Any]) -> dict[str, int] | None:
    """How many citizens told of it, left a number, and what they said after it was closed; who, nobody is told."""
    if not reports:
        return None
    return {
        "reports": len(reports),
        "phones": sum(each.phone_sealed is not None for each in reports),
        "satisfied": sum(each.is_satisfied is True for each in reports),
        "unsatisfied": sum(each.is_satisfied is False for each in reports),
    }


def _receipt(row: Any, photos: list[dict[str, str]], recordings: list[dict[str, str]]) -> dict[str, Any]:
    """With the end of its chain: whoever keeps the receipt can prove later what was here at that moment."""
    proved = {"chain_hash": row.head.hex()} if row.head else {}
    digest = row.body_sha256.hex()
    return {"seq": row.seq, "body_sha256": digest, "photos": photos, "recordings": recordings} | proved


def _of_its_page(row: Any, beside: Around, now: datetime, zone: ZoneInfo, language: Language) -> dict[str, Any]:
    return {
        "interim": [
            {
                "id": str(each.id),
                "what": each.what,
                "watcher": str(each.watcher_id),
                "every_h": each.every_h,
                "next_check_at": moment(each.next_check_at, zone) if each.next_check_at else None,
                "is_late": each.next_check_at is not None and each.next_check_at <= now,
            }
            for each in beside.interim
        ],
        "done_photos": [
            photo | {"proves": not why, "lacking": [say(text, language) for text in why]}
            for photo, why in zip(row.done, beside.lacking, strict=True)
        ],
        "similar": [
            {"id": str(each.id), "description": each.description, "state": each.state, "distance_m": metres}
            for each, metres in beside.similar
        ],
        **(_asked(beside.rule, row, language) if beside.rule else {}),
        "merged_with": _merged(beside.into, language),
        "public": _of_public(beside.public),
        "timeline": [fact(each, zone, language) for each in beside.timeline],
        "allowed": [act.value for act in beside.allowed or ()],
    }


def _merged(into: Any, language: Language) -> dict[str, Any] | None:
    """Where the other one stands, whether the reader may see more of it or not."""
    if into is None:
        return None
    return {"id": str(into.id), "state": into.state, "state_name": say(Text(f"hazard.state.{into.state}"), language)}


def _asked(rule: KindRule, row: Any, language: Language) -> dict[str, Any]:
    """What its kind asks for at the report and at the closing, and the law behind it."""
    stages = (("report", rule.report, len(row.report.get("photos", []))), ("closing", rule.closing, len(row.done)))
    return {
        "evidence": [
            {
                "key": each.value,
                "text": say(Text(f"evidence.{each}"), language),
                "needed_at": at,
                "is_given": is_given,
            }
            for at, wanted, photos in stages
            for each, is_given in given(wanted, photos)
        ],
        "legal_basis": [say(Text(f"law.{law}"), language) for law in rule.law],
    }


def _deadlines(row: Any, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    phase = phase_of(State(row.state), Severity(row.severity))
    return {
        "phase": phase.value if phase else None,
        "since": moment(row.phase_begun_at, zone),
        "due_at": moment(row.due_at, zone) if row.due_at else None,
        "is_late": row.due_at is not None and row.due_at <= now,
        "is_provisional": row.is_provisional,
        "all": {name: moment(datetime.fromisoformat(at), zone) for name, at in row.deadlines.items()},
    }


def _coordination(row: Any, words: Mapping[str, Told], zone: ZoneInfo) -> dict[str, Any] | None:
    """Whose help was asked for last, and what came of it; what was said only on its own page."""
    if not row.helps:
        return None
    asked, answered = (words.get(act) for act in HELP)
    is_answered = row.help_answered_at is not None
    shown = {
        "level": Level(row.helped_by_level).name.lower(),
        "by": str(row.help_asked_by_id),
        "asked_at": moment(row.help_asked_at, zone),
        "answered_at": moment(row.help_answered_at, zone) if is_answered else None,
        "times": row.helps,
    }
    if asked is None:
        return shown
    said = answered if is_answered else None
    answer = {"answered_by": str(said.by), "answer": said.personal["note"]} if said else {}
    return shown | {"note": asked.personal["note"], "answered_by": None, "answer": None} | answer


def _claim(row: Any, now: datetime, zone: ZoneInfo) -> dict[str, Any] | None:
    """Who is at it right now."""
    if row.claimed_until is None or row.claimed_until <= now:
        return None
    by = {"id": str(row.claimed_by_id), "name": row.claimed_by_name}
    return {"by": by, "since": moment(row.claimed_since, zone), "until": moment(row.claimed_until, zone)}


def _extension(row: Any, zone: ZoneInfo) -> dict[str, Any] | None:
    if row.extension_until is None:
        return None
    return {"until": moment(row.extension_until, zone), "by": str(row.extension_by_id)}


def _sentence(row: Any, now: datetime, zone: ZoneInfo, language: Language) -> str:
    """Where it stands and by when what is waited for."""
    state = say(Text(f"hazard.state.{row.state}"), language)
    if row.due_at is None:
        return state
    key = "hazard.late" if row.due_at <= now else "hazard.due"
    return say(Text.of(key, state=state, at=in_words(row.due_at, zone)), language)
