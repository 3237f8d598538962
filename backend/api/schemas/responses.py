"""The shape of emergency responses."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from backend.api.paging import PageArguments
from backend.api.schemas.digested import Digested
from backend.api.schemas.fields import Length, Moment, RegionCode, about, one_of, text
from backend.api.schemas.patrols import ClientSchema
from backend.api.schemas.seasons import WhoAnswer
from backend.domain.responses import ENDS, MOST_PLACES, ResponseDraft, ResponseLevel
from backend.words import Text


class ResponseSchema(Digested):
    """The body of POST /flood/responses."""

    EXAMPLE = {
        "id": "0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c21",
        "regions": ["371502"],
        "level": "III",
        "reason": "上游来水超警戒",
        "document": "聊汛〔2025〕12号",
    }

    id = fields.UUID(required=True)
    level = one_of(*ResponseLevel, ENDS, required=True)
    region = RegionCode(metadata=about("The only region; or `regions`."))
    regions = fields.List(RegionCode(), validate=Length(1, MOST_PLACES), metadata=about("Each with all below it."))
    rivers = fields.List(
        text(60, least=1),
        load_default=[],
        validate=Length(max=MOST_PLACES),
        metadata=about("Codes of rivers, where it is about these alone."),
    )
    reason = text(500, required=True, least=1)
    document = text(120, "The number of the document that orders it (文号).", least=1)
    is_safe = fields.Boolean(
        data_key="is_safe_to_patrol",
        load_default=False,
        metadata=about(
            "Whether the instruction says that walking is safe; without it nobody owes a walk under II and I."
        ),
    )
    replaces = fields.UUID(metadata=about("The response that this one changes or ends, wherever it holds."))
    client = fields.Nested(ClientSchema)

    @validates_schema
    def _one_way(self, data: dict[str, Any], **_: Any) -> None:
        if "region" in data and "regions" in data:
            raise ValidationError({"region": [Text("flaw.region_twice")]})


def response_of(loaded: dict[str, Any]) -> ResponseDraft:
    """The act as the rules know it."""
    regions = [loaded["region"]] if "region" in loaded else loaded.get("regions", [])
    return ResponseDraft(
        id=loaded["id"],
        body_sha256=loaded["body_sha256"],
        level=None if loaded["level"] == ENDS else ResponseLevel(loaded["level"]),
        regions=tuple(dict.fromkeys(regions)),
        rivers=tuple(dict.fromkeys(loaded["rivers"])),
        reason=loaded["reason"],
        document=loaded.get("document"),
        is_safe=loaded["is_safe"],
        replaces=loaded.get("replaces"),
    )


class ResponseListArguments(PageArguments):
    """Which responses."""

    active = fields.Boolean(load_default=False, metadata=about("Only what is in force."))
    at = Moment(metadata=about("What was in force at that moment."))
    region = RegionCode(metadata=about("Only those that touch a region."))


class ResponseAnswer(Schema):
    """One act: a level over places, or the end of one (`none`)."""

    id = fields.UUID()
    level = fields.String()
    regions = fields.List(fields.String())
    places = fields.List(fields.Dict(), metadata=about("The regions with their names."))
    rivers = fields.List(fields.String())
    is_safe = fields.Boolean(data_key="is_safe_to_patrol")
    reason = fields.String()
    document = fields.String(allow_none=True)
    made_by = fields.Nested(WhoAnswer)
    begun_at = fields.String()
    ended_at = fields.String(allow_none=True)
    ended_by = fields.UUID(allow_none=True, metadata=about("The act that changed or ended it."))
    active = fields.Boolean()


class ResponsePage(Schema):
    """A page of responses."""

    items = fields.List(fields.Nested(ResponseAnswer))
    next = fields.String(allow_none=True)
