"""Campaigns as JSON: orders, answers, lists and the ledger; shape only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.digested import Digested, DigestedWhole
from backend.api.schemas.fields import Length, Moment, RegionCode, about, alone, one_of, text
from backend.api.schemas.hazards import pictures
from backend.api.schemas.patrols import ClientSchema
from backend.domain.campaigns import MOST_HAZARDS, MOST_REGIONS, SOUGHT, AnswerDraft, CampaignDraft
from backend.domain.ledgers import Answered, Fixed
from backend.domain.terms import Level

_LEVELS = {level.word: level for level in Level if level is not Level.PROVINCE}


class CampaignSchema(Digested):
    """The body of PUT /campaigns/{uuid}."""

    EXAMPLE = {
        "name": "汛前防洪隐患大排查",
        "document": "聊河长办〔2025〕6号",
        "text": "逐河段排查，没有发现问题的也要零报告。",
        "regions": ["371502"],
        "kinds": ["flood", "four_illegal.dump"],
        "deadline": "2025-07-10T18:00:00+08:00",
    }

    name = text(120, "What it is called.", required=True, least=1)
    document = text(120, "The number of the document that orders it (文号).", least=1)
    words = fields.String(data_key="text", validate=Length(0, 5000), metadata=about("What is to be done."))
    regions = fields.List(
        RegionCode(), required=True, validate=Length(1, MOST_REGIONS), metadata=about("Each with all below it.")
    )
    level = one_of(*_LEVELS)
    kinds = fields.List(
        one_of(*SOUGHT),
        load_default=[],
        validate=Length(max=len(SOUGHT)),
        metadata=about("Kinds of hazard or groups of them; none: all."),
    )
    begins_at = Moment(metadata=about("When the segments that must answer are written down; now when not said."))
    deadline = Moment(required=True, metadata=about("Until when every segment must answer."))
    client = fields.Nested(ClientSchema)


def campaign_of(campaign_id: UUID, loaded: dict[str, Any]) -> CampaignDraft:
    """The campaign as the rules know it."""
    return CampaignDraft(
        id=campaign_id,
        body_sha256=loaded["body_sha256"],
        name=loaded["name"],
        document=loaded.get("document"),
        text=loaded.get("words", ""),
        regions=tuple(dict.fromkeys(loaded["regions"])),
        level=_LEVELS[loaded["level"]] if "level" in loaded else None,
        kinds=tuple(dict.fromkeys(loaded["kinds"])),
        begins_at=loaded.get("begins_at"),
        deadline=loaded["deadline"],
    )


class ReplySchema(DigestedWhole):
    """The body of PUT /campaigns/{id}/answers/{uuid}."""

    EXAMPLE = {
        "segment": "TUHAI-371502-001",
        "found": False,
        "note": "全段走了一遍，没有发现问题",
        "at": "2025-07-03T09:20:00+08:00",
    }

    segment = text(60, "Code or id of the segment that is answered for.", required=True, least=1)
    found = fields.Boolean(required=True, metadata=about("false: nothing found (零报告), which is an answer."))
    hazards = fields.List(
        fields.UUID(),
        load_default=[],
        validate=Length(max=MOST_HAZARDS),
        metadata=about("The hazards found, each handed in before as a hazard of its own."),
    )
    note = text(5000)
    photos = pictures()
    at = Moment(required=True, metadata=about("When it was answered, by the phone's clock."))
    client = fields.Nested(ClientSchema)


def answer_of(answer_id: UUID, loaded: dict[str, Any]) -> AnswerDraft:
    """The answer as the rules know it."""
    original = loaded["original"]
    return AnswerDraft(
        id=answer_id,
        body_sha256=loaded["body_sha256"],
        segment=loaded["segment"],
        is_found=loaded["found"],
        at=loaded["at"],
        hazards=tuple(dict.fromkeys(loaded["hazards"])),
        note=loaded.get("note", ""),
        photos=tuple(loaded["photos"]),
        report={name: original[name] for name in ("photos", "client") if name in original},
    )


class AnswerItemSchema(Schema):
    """What an answer in a batch says beside itself."""

    class Meta:
        unknown = EXCLUDE

    campaign = fields.UUID(required=True)


class EndSchema(Schema):
    """Why a campaign ends early."""

    EXAMPLE = {"reason": "与市里的排查合并"}

    reason = text(2000, required=True, least=1)


class CampaignListArguments(PageArguments):
    """Which campaigns."""

    owing = fields.Boolean(load_default=False, metadata=about("Only those that wait for an answer of one's own."))


class AnswerListArguments(PageArguments):
    """Whose answers."""

    segment = text(60, "Code or id of a segment.", least=1)


class _PartArguments(PageArguments):
    region = RegionCode()
    alone = alone()


class SegmentListArguments(_PartArguments):
    """Which of the segments that were asked."""

    status = one_of(*Answered)


class FoundListArguments(_PartArguments):
    """Which of the hazards that were found."""

    status = one_of(*Fixed)


class LedgerArguments(Schema):
    """Of which region, and in which form."""

    region = RegionCode()
    format = one_of("json", "xlsx")


class CampaignAnswer(Schema):
    """A campaign as it is now."""

    id = fields.UUID()
    name = fields.String()
    document = fields.String(allow_none=True)
    text = fields.String()
    regions = fields.List(fields.String())
    places = fields.List(fields.Dict(), metadata=about("The same with their names."))
    level = fields.String(allow_none=True)
    kinds = fields.List(fields.String())
    stage = fields.String(metadata=about("planned, running, expired or ended."))
    begins_at = fields.String()
    deadline = fields.String()
    made_by = fields.Dict()
    made_at = fields.String()
    ended = fields.Dict(allow_none=True)
    totals = fields.Dict(allow_none=True, metadata=about("Over what the reader sees of it."))
    mine = fields.List(fields.Dict(), metadata=about("The reader's own segments that were asked."))
    ledger = fields.String(allow_none=True, metadata=about("Where its ledger is, for whoever may see it."))


class CampaignPreviewAnswer(Schema):
    """What an order would wait for."""

    segments = fields.Integer(metadata=about("How many have to answer."))
    vacant = fields.Integer(metadata=about("Of these nobody answers for so many today."))


class CampaignPage(Schema):
    """A page of campaigns, the newest first."""

    items = fields.List(fields.Nested(CampaignAnswer))
    next = fields.String(allow_none=True)


class ReplyAnswer(Schema):
    """An answer as it was given, and whether it stands."""

    id = fields.UUID()
    campaign = fields.UUID()
    segment = fields.Dict()
    found = fields.Boolean()
    hazards = fields.List(fields.UUID())
    note = fields.String()
    at = fields.String(metadata=about("As the phone said."))
    received_at = fields.String()
    late = fields.Boolean(metadata=about("It came after the deadline."))
    said_in_time = fields.Boolean(metadata=about("By the phone's clock it was given before the deadline."))
    on_behalf = fields.Boolean(metadata=about("By the town chief or the office."))
    by = fields.Dict()
    stands = fields.Boolean(metadata=about("No later answer has replaced it."))
    photos = fields.List(fields.Dict())
    receipt = fields.Dict()


class ReplyPage(Schema):
    """A page of answers, the newest first."""

    items = fields.List(fields.Nested(ReplyAnswer))
    next = fields.String(allow_none=True)


class LedgerPage(Schema):
    """The ledger: rows by region that add up to the total; `links` says where the list behind each number is."""

    campaign = fields.UUID()
    region = fields.String(allow_none=True)
    at = fields.String()
    rows = fields.List(fields.Dict())
    total = fields.Dict()


class RowPage(Schema):
    """A page of what stands behind a number."""

    items = fields.List(fields.Dict())
    next = fields.String(allow_none=True)
