"""The shape of seasons."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from backend.api.schemas.digested import Digested
from backend.api.schemas.fields import Between, Day, RegionCode, about, text
from backend.api.schemas.patrols import ClientSchema
from backend.api.schemas.rules import SEEN
from backend.domain.seasons import Dates, Phase, SeasonDraft

_YEAR = Between(1970, 9997)


class SeasonDatesSchema(Digested):
    """The body of POST /flood/seasons/estimate: where, which year, and its dates."""

    EXAMPLE: dict[str, Any] = {
        "region": "371502",
        "year": 2025,
        "begin": "2025-06-01",
        "end": "2025-09-30",
        "window_begin": "2025-07-21",
        "window_end": "2025-08-20",
    }

    region = RegionCode(required=True, metadata=about("With everything below it that has no dates of its own."))
    year = fields.Integer(required=True, strict=True, validate=_YEAR)
    begin = Day(required=True, metadata=about("The first day of the flood season (汛期)."))
    end = Day(required=True, metadata=about("Its last day."))
    window_begin = Day(required=True, metadata=about("The first day of the key window (七下八上)."))
    window_end = Day(required=True, metadata=about("Its last day."))


class SeasonSchema(SeasonDatesSchema):
    """The body of PUT /flood/seasons/{uuid}."""

    EXAMPLE = SeasonDatesSchema.EXAMPLE | {"reason": "副热带高压北抬，关键期延长十天", "document": "聊汛〔2025〕8号"}

    reason = text(2000, required=True, least=1)
    document = text(120, "The number of the document that orders it (文号).", least=1)
    seen = fields.Integer(strict=True, validate=Between(0, 2**31 - 1), metadata=about(SEEN))
    client = fields.Nested(ClientSchema)


def season_of(season_id: UUID, loaded: dict[str, Any]) -> SeasonDraft:
    """The year as the rules know it."""
    return SeasonDraft(
        id=season_id,
        body_sha256=loaded["body_sha256"],
        region=loaded["region"],
        year=loaded["year"],
        dates=Dates(loaded["begin"], loaded["end"], loaded["window_begin"], loaded["window_end"]),
        reason=loaded.get("reason", ""),
        document=loaded.get("document"),
        seen=loaded.get("seen"),
    )


class SeasonArguments(Schema):
    """Where and when: one's own region and this year when nothing is said."""

    region = RegionCode(metadata=about("Whose season."))
    year = fields.Integer(validate=_YEAR)


class WhoAnswer(Schema):
    """Somebody by name."""

    id = fields.UUID()
    name = fields.String()


class SeasonVersionAnswer(Schema):
    """One version of a year."""

    id = fields.UUID()
    region = fields.String()
    region_name = fields.String(allow_none=True)
    year = fields.Integer()
    version = fields.Integer()
    begin = fields.Date()
    end = fields.Date()
    window_begin = fields.Date()
    window_end = fields.Date()
    reason = fields.String()
    document = fields.String(allow_none=True)
    made_by = fields.Nested(WhoAnswer)
    made_at = fields.String()


class TurnAnswer(Schema):
    """The next day on which it stands elsewhere."""

    phase = fields.String(metadata=about(", ".join(Phase)))
    day = fields.Date()
    days_to_go = fields.Integer()


class SeasonAnswer(Schema):
    """What holds in a region today, and the versions of the year."""

    region = fields.String()
    region_name = fields.String(allow_none=True)
    year = fields.Integer()
    begin = fields.Date()
    end = fields.Date()
    window_begin = fields.Date()
    window_end = fields.Date()
    decided_by = fields.UUID(allow_none=True, metadata=about("The version that decides; null: the rule's default."))
    phase = fields.String(metadata=about(f"Where today stands: {', '.join(Phase)}."))
    response = fields.String(allow_none=True, metadata=about("The highest response over the whole region now."))
    next = fields.Nested(TurnAnswer, allow_none=True)
    versions = fields.List(fields.Nested(SeasonVersionAnswer))
