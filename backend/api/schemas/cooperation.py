"""Joint work as JSON: patrols, clues, meetings, suggestions and counts; shape only."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.digested import Digested
from backend.api.schemas.fields import Day, Length, Moment, RegionCode, about, text
from backend.api.schemas.inspections import FindingSchema
from backend.domain.cooperation import (
    MOST_PEOPLE,
    MOST_TASKS,
    ClueDraft,
    JointPatrolDraft,
    MeetingDraft,
    SuggestionDraft,
    Task,
)
from backend.domain.hazards import HazardDraft, Kind, Severity

_SOME_PEOPLE = Length(1, MOST_PEOPLE)
_PERSON = "0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c77"


class JointPatrolSchema(Digested):
    """The body of PUT /joint-patrols/{uuid}."""

    EXAMPLE: dict[str, Any] = {
        "segment": "TUHAI-371502-007",
        "day": "2025-07-02",
        "purpose": "联合查非法采砂",
        "people": [_PERSON],
    }

    segment = text(60, "Code or id of the reach.", required=True, least=1)
    day = Day(required=True)
    purpose = text(2_000, required=True, least=1)
    people = fields.List(
        fields.UUID(),
        required=True,
        validate=_SOME_PEOPLE,
        metadata=about("Each hands in a walk of their own, where they walk at all; it counts once, for them."),
    )


def joint_patrol_of(joint_id: UUID, loaded: dict[str, Any]) -> JointPatrolDraft:
    """The joint patrol as the rules know it."""
    said = {name: loaded[name] for name in ("body_sha256", "segment", "day", "purpose")}
    return JointPatrolDraft(id=joint_id, people=tuple(dict.fromkeys(loaded["people"])), **said)


class ClueSchema(Digested):
    """The body of PUT /clues/{uuid}: with `found` from the law, with `hazard` from an office."""

    EXAMPLE: dict[str, Any] = {
        "hazard": _PERSON,
        "return_on": "2025-07-20",
        "note": "请查明采砂船归属",
    }

    hazard = fields.UUID(metadata=about("A case that was handed over to the law."))
    found = fields.Nested(FindingSchema, metadata=about("What police or prosecutor found: a hazard from now on."))
    return_on = Day(required=True, metadata=about("By which day an answer is asked for."))
    note = text(5_000, required=True, least=1)


def clue_of(clue_id: UUID, loaded: dict[str, Any], draft_of: Any) -> ClueDraft:
    """The clue as the rules know it; `draft_of` makes the hazard that comes with it."""
    found = draft_of(loaded["found"]) if "found" in loaded else None
    hazard = found.id if found else loaded.get("hazard", UUID(int=0))
    return ClueDraft(clue_id, loaded["body_sha256"], hazard, loaded["return_on"], loaded["note"], found)


def found_of(each: dict[str, Any], loaded: dict[str, Any], at: Any, clue_id: UUID) -> HazardDraft:
    """The hazard of a clue, with the digest of the whole body and its own id."""
    return HazardDraft(
        id=each["id"],
        body_sha256=hashlib.sha256(loaded["body_sha256"] + each["id"].bytes).digest(),
        kind=Kind(each["kind"]),
        severity=Severity(each["severity"]),
        description=each["description"],
        observed_at=at,
        lonlat=each.get("location"),
        segment=each.get("segment"),
        patrol=None,
        photos=tuple(each["photos"]),
        report={"source": "clue", "clue": str(clue_id)},
    )


class SaidSchema(Schema):
    """An answer in words."""

    class Meta:
        unknown = RAISE

    EXAMPLE: dict[str, Any] = {"text": "已立案，船只已扣押。"}

    words = fields.String(data_key="text", required=True, validate=Length(1, 10_000))


class TaskSchema(Schema):
    """What a meeting asks for."""

    class Meta:
        unknown = RAISE

    words = fields.String(data_key="text", required=True, validate=Length(1, 2_000))
    due_on = Day(required=True)
    order = fields.UUID(metadata=about("The order by which it is done."))


class MeetingSchema(Digested):
    """The body of PUT /joint-meetings/{uuid}."""

    EXAMPLE: dict[str, Any] = {
        "region": "371502",
        "title": "三长联席会议",
        "place": "区政府",
        "at": "2025-07-02T09:00:00+08:00",
        "minutes": "通报上半年非法采砂案件。",
        "people": [_PERSON],
        "tasks": [{"text": "汛前完成清障", "due_on": "2025-07-20"}],
    }

    region = RegionCode(required=True)
    title = text(120, required=True, least=1)
    place = text(120)
    at = Moment(required=True)
    minutes = text(20_000, required=True, least=1)
    people = fields.List(fields.UUID(), required=True, validate=_SOME_PEOPLE)
    tasks = fields.List(fields.Nested(TaskSchema), load_default=[], validate=Length(max=MOST_TASKS))


def meeting_of(meeting_id: UUID, loaded: dict[str, Any]) -> MeetingDraft:
    """The meeting as the rules know it."""
    said = {name: loaded[name] for name in ("body_sha256", "region", "title", "at", "minutes")}
    tasks = tuple(Task(each["words"], each["due_on"], each.get("order")) for each in loaded["tasks"])
    people = tuple(dict.fromkeys(loaded["people"]))
    return MeetingDraft(id=meeting_id, place=loaded.get("place", ""), people=people, tasks=tasks, **said)


class SuggestionSchema(Digested):
    """The body of PUT /suggestions/{uuid}."""

    EXAMPLE: dict[str, Any] = {
        "hazard": _PERSON,
        "document": "聊东检行公建〔2025〕12号",
        "text": "建议依法清理河道内违法建筑。",
    }

    hazard = fields.UUID(required=True, metadata=about("A case that lies with one's prosecution."))
    document = text(120, "Its number (文号).", required=True, least=1)
    words = fields.String(data_key="text", required=True, validate=Length(1, 20_000))
    reply_by = Moment(metadata=about("By when a reply is due; two months from now, when nothing is said."))
    is_urgent = fields.Boolean(data_key="urgent", load_default=False, metadata=about("Fifteen days instead."))


def suggestion_of(suggestion_id: UUID, loaded: dict[str, Any]) -> SuggestionDraft:
    """The suggestion as the rules know it."""
    said = {name: loaded[name] for name in ("body_sha256", "hazard", "document", "is_urgent")}
    return SuggestionDraft(id=suggestion_id, text=loaded["words"], reply_by=loaded.get("reply_by"), **said)


class OfHazardArguments(PageArguments):
    """Which clues or suggestions."""

    hazard = fields.UUID(load_default=None, metadata=about("Those about one hazard."))
    waiting = fields.Boolean(load_default=False, metadata=about("Those that wait for an answer of one's own house."))


class CooperationArguments(Schema):
    """Of where, and of which days."""

    region = RegionCode(load_default=None)
    begin = Day(data_key="from", load_default=None, metadata=about("The first of this year, when nothing is said."))
    end = Day(data_key="to", load_default=None, metadata=about("Today, when nothing is said."))


class JointPatrolAnswer(Schema):
    """A joint patrol, with the walk of each who takes part."""

    id = fields.UUID()
    segment = fields.Dict()
    region = fields.String()
    day = fields.String()
    purpose = fields.String()
    made_by = fields.Dict()
    people = fields.List(fields.Dict(), metadata=about("`id`, `name`, and `patrol`: their walk of that day, or null."))
    walked = fields.Integer(metadata=about("How many walked, each counted once."))


class ClueAnswer(Schema):
    """A clue, and its answer."""

    id = fields.UUID()
    way = fields.String(metadata=about("`in`: from police or prosecutor; `out`: to them."))
    post = fields.String()
    law_region = fields.String(metadata=about("Of which region that police chief or prosecutor is."))
    hazard = fields.UUID()
    kind = fields.String()
    region = fields.String()
    return_on = fields.String()
    late = fields.Boolean()
    note = fields.String()
    made_by = fields.Dict()
    made_at = fields.String()
    answered_at = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)


class MeetingAnswer(Schema):
    """A joint meeting with its tasks."""

    id = fields.UUID()
    region = fields.String()
    title = fields.String()
    place = fields.String()
    at = fields.String()
    minutes = fields.String()
    made_by = fields.Dict()
    people = fields.List(fields.Dict())
    tasks = fields.List(fields.Dict())


class SuggestionAnswer(Schema):
    """A prosecutor's suggestion, and its reply."""

    id = fields.UUID()
    hazard = fields.UUID()
    kind = fields.String()
    region = fields.String()
    document = fields.String()
    text = fields.String()
    made_by = fields.Dict()
    made_at = fields.String()
    reply_by = fields.String()
    late = fields.Boolean()
    replied_at = fields.String(allow_none=True)
    replied_by = fields.String(allow_none=True)
    reply = fields.String(allow_none=True)


class JointPage(Schema):
    """A page of joint work, the newest first."""

    items = fields.List(fields.Dict())
    next = fields.String(allow_none=True)


class CooperationAnswer(Schema):
    """What was done together, by place and in all."""

    begin = fields.String(data_key="from")
    end = fields.String(data_key="to")
    region = fields.String()
    region_name = fields.String()
    rows = fields.List(fields.Dict())
    total = fields.Dict()
