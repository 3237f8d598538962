"""The shape of posts that are given and ended."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import RegionCode, one_of, text
from backend.domain.terms import Post


class AppointmentSchema(Schema):
    """A post to be given."""

    id = fields.UUID(required=True)
    post = one_of(*Post, required=True)
    region = RegionCode(required=True)
    since = fields.Date(required=True, data_key="from")
    unit = text(40)
    segments = fields.List(text(60, least=1))
    substitute = fields.UUID()


class ClosingSchema(Schema):
    """The first day on which a post is no longer held, and why."""

    until = fields.Date(required=True)
    reason = text(2000, required=True, least=1)


class AppointmentAnswer(Schema):
    """A post that was given."""

    id = fields.UUID()


class PassedAnswer(Schema):
    """Who has each segment now; null is an orphan."""

    passed_to = fields.Dict()
