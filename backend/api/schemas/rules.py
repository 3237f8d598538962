"""The shape of a proposed rule."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import Moment, text


class RuleChangeSchema(Schema):
    """A new version: only the numbers that change, from when, and why."""

    body = fields.Dict(required=True)
    valid_from = Moment(required=True)
    reason = text(2000, required=True, least=1)


class RuleAnswer(Schema):
    """A version of the judging rules."""

    kind = fields.String()
    version = fields.Integer()
    valid_from = fields.String()
    body = fields.Dict()
    reason = fields.String()
