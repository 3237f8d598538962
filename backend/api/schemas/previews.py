"""Previews of warnings as JSON: what is typed so far, and what would come of it; shape only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from backend.api.schemas.fields import Length, about, one_of, text
from backend.api.schemas.flood_warnings import SaidSchema
from backend.domain.flood_warnings import HEADLINE_LENGTH, INSTRUCTION_LENGTH, MOST_SEGMENTS, Level, WarningDraft
from backend.domain.terms import Post

_KINDS = ("update", "correct")
NOBODY = UUID(int=0)


class PreviewSchema(SaidSchema):
    """The body of POST /flood/warnings/preview."""

    EXAMPLE = {
        "level": "red",
        "headline": "徒骇河超警戒，转移低洼户",
        "instruction": "立即上堤巡查，组织低洼处群众转移",
        "regions": ["371502001"],
    }

    level = one_of(*Level, required=True)
    headline = text(HEADLINE_LENGTH, "What is the matter, in a few words; as far as it is typed.")
    instruction = text(INSTRUCTION_LENGTH, "What to do; as far as it is typed.")
    segments = fields.List(text(60, least=1), validate=Length(1, MOST_SEGMENTS), metadata=about("Codes or ids."))
    drill_list = fields.UUID(metadata=about("Of a drill (演练): the list of those who take part."))
    drill = fields.Boolean(load_default=False, metadata=about("Of a drill whose list is not chosen yet, too."))
    of = fields.UUID(metadata=about("The warning that would be updated or corrected."))
    kind = one_of(*_KINDS)


class ChannelAnswer(Schema):
    """What a channel would say."""

    channel = fields.String()
    title = fields.String()
    text = fields.String()
    length = fields.Integer(metadata=about("In letters, with the signature of the channel."))
    most = fields.Integer(allow_none=True, metadata=about("So many letters go in one message."))


class PreviewPlaceAnswer(Schema):
    """How many would be called there."""

    region = fields.String()
    name = fields.String()
    people = fields.Integer()
    at = fields.List(
        fields.Float(), allow_none=True, metadata=about("Longitude and latitude of the middle of its reaches.")
    )


class PreviewAnswer(Schema):
    """What would come of it; nothing is written."""

    number = fields.String(metadata=about("The number it would get, if nobody writes before."))
    texts = fields.List(fields.Nested(ChannelAnswer), metadata=about("The first call."))
    told = fields.List(
        fields.Nested(ChannelAnswer), metadata=about("Of a change that is not graver: to those who have answered.")
    )
    people = fields.Integer(metadata=about("Who would be called."))
    places = fields.List(fields.Nested(PreviewPlaceAnswer))
    area = fields.Dict(allow_none=True, metadata=about("Of what is typed: where it would hold, a GeoJSON geometry."))
    first = fields.List(fields.String(), metadata=about("Channels of the first call."))
    again = fields.List(fields.String(), metadata=about("Channels of each further one."))
    tries = fields.Integer()
    begins_at = fields.String(metadata=about("Blue and yellow wait for the end of the quiet hours."))
    sign_within_s = fields.Float(
        allow_none=True, metadata=about("So long a second signature is waited for; none is needed without it.")
    )
    round_s = fields.Float(allow_none=True, metadata=about("How long one round of calls takes with the lines."))


def draft_of(loaded: dict[str, Any]) -> WarningDraft:
    """What is typed so far, as the rules know it."""
    return WarningDraft(
        id=NOBODY,
        body_sha256=b"",
        level=Level(loaded["level"]),
        headline=loaded.get("headline", ""),
        instruction=loaded.get("instruction", ""),
        regions=tuple(dict.fromkeys(loaded.get("regions", ()))),
        segments=tuple(dict.fromkeys(loaded.get("segments", ()))),
        focus=tuple(dict.fromkeys(loaded.get("focus", ()))),
        posts=tuple(Post(each) for each in dict.fromkeys(loaded.get("posts", ()))),
        expires_at=loaded.get("expires_at"),
        contact=loaded.get("contact", ""),
        drill_list=loaded.get("drill_list"),
    )
