"""The shape of posts that are given and ended."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import RegionCode, about, one_of, text
from backend.domain.terms import Post


class AppointmentSchema(Schema):
    """A post to be given."""

    EXAMPLE = {
        "id": "0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c12",
        "post": "village_chief",
        "region": "371502101247",
        "from": "2025-07-07",
        "segments": ["TUHAI-371502-001"],
    }

    id = fields.UUID(required=True, metadata=about("Made by the client, so that the same may be sent again."))
    post = one_of(*Post, required=True)
    region = RegionCode(required=True)
    since = fields.Date(required=True, data_key="from", metadata=about("The first day."))
    unit = text(40, "The code of the responsible unit, for a unit liaison.")
    segments = fields.List(text(60, least=1), metadata=about("Codes or ids of the segments that come with the post."))
    substitute = fields.UUID(metadata=about("The person who stands in when the post falls vacant."))


class ClosingSchema(Schema):
    """The first day on which a post is no longer held, and why."""

    EXAMPLE = {"until": "2025-07-07", "reason": "调任"}

    until = fields.Date(required=True, metadata=about("The first day without it."))
    reason = text(2000, required=True, least=1)


class AppointmentAnswer(Schema):
    """A post that was given."""

    id = fields.UUID()


class PassedAnswer(Schema):
    """Who has each segment now; null is an orphan."""

    passed_to = fields.Dict()
