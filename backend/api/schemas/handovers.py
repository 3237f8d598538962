"""The shape of handovers: what is wanted, what would go over, and what was agreed."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields

from backend.api.schemas.digested import Digested
from backend.api.schemas.fields import Day, Length, about, text
from backend.api.schemas.patrols import ClientSchema
from backend.services.handovers import Wish
from backend.words import Text

MOST_REACHES = 200
_GIVER = "Who answers for them now; left out for reaches that have no chief of their own."


class Codes(fields.Field[tuple[str, ...]]):
    """Codes of reaches with commas between."""

    DOCUMENT = {"type": "string", "description": "Codes of reaches with commas between; left out: all of the giver's."}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[str, ...]:
        codes = tuple(code for code in str(value).split(",") if code)
        if len(codes) > MOST_REACHES:
            raise ValidationError([Text.of("flaw.length", low=0, high=MOST_REACHES)])
        return codes


class HandoverArguments(Schema):
    """What a handover would be about."""

    giver = fields.UUID(load_default=None, metadata=about(_GIVER))
    taker = fields.UUID(required=True)
    since = Day(required=True, data_key="from")
    segments = Codes()


class HandoverListArguments(Schema):
    """Whose handovers."""

    person = fields.UUID(load_default=None, metadata=about("Who gave or took; oneself when it is not said."))


class HandoverSchema(Digested):
    """The body of POST /handovers."""

    EXAMPLE = {
        "id": "0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c31",
        "giver": "0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c32",
        "taker": "0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c33",
        "from": "2025-07-07",
        "segments": ["TUHAI-371502-001"],
        "reason": "换届接任",
    }

    id = fields.UUID(required=True, metadata=about("Made by the client, so that the same may be sent again."))
    giver = fields.UUID(allow_none=True, load_default=None, metadata=about(_GIVER))
    taker = fields.UUID(required=True)
    since = Day(required=True, data_key="from", metadata=about("The first day of the taker's; today at the earliest."))
    segments = fields.List(text(60, least=1), required=True, validate=Length(1, MOST_REACHES))
    reason = text(500, required=True, least=1)
    client = fields.Nested(ClientSchema)


def wish_of(said: dict[str, Any]) -> Wish:
    """What is wanted, as the rules know it."""
    return Wish(said["giver"], said["taker"], tuple(said.get("segments", ())), said["since"])


class PartyAnswer(Schema):
    """Somebody."""

    id = fields.UUID()
    name = fields.String()


class GivenReachAnswer(Schema):
    """A reach that goes over."""

    code = fields.String()
    name = fields.String()
    region = fields.String()
    region_name = fields.String()
    level = fields.String()
    length_m = fields.Float()
    duty = fields.String()
    post = fields.String(metadata=about("The taker's post by which it goes over."))
    open_hazards = fields.Integer()
    acting = fields.List(fields.Nested(PartyAnswer), metadata=about("Who acts for its chief, and no longer then."))


class HandoverPreviewAnswer(Schema):
    """What a handover would do; its ETag is what `If-Match` of the handover itself names."""

    giver = fields.Nested(PartyAnswer, allow_none=True)
    taker = fields.Nested(PartyAnswer)
    since = fields.Date(data_key="from")
    segments = fields.List(fields.Nested(GivenReachAnswer))
    stays = fields.List(fields.Dict(), metadata=about("`code` and `name` of what the giver would keep."))
    hazards = fields.List(fields.Dict(), metadata=about("Open hazards there that the giver has to mend: they go, too."))
    measures = fields.Integer(metadata=about("Interim measures there that the giver watches: they go, too."))


class HandoverAnswer(Schema):
    """A handover as it was agreed."""

    id = fields.UUID()
    giver = fields.Nested(PartyAnswer, allow_none=True)
    taker = fields.Nested(PartyAnswer)
    since = fields.Date(data_key="from")
    reason = fields.String()
    by = fields.Nested(PartyAnswer)
    at = fields.String()
    segments = fields.List(fields.Dict())
    hazards = fields.List(fields.String(), metadata=about("Ids of the hazards that went over."))
    settled_at = fields.String(allow_none=True, metadata=about("When these went over; null before the first day."))
