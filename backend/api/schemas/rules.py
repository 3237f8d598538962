"""The shape of a proposed rule."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from backend.api.schemas.fields import Between, Moment, about, text

SEEN = "The newest version that was seen: where somebody has made another meanwhile, it is refused."


class RuleChangeSchema(Schema):
    """A new version: only the numbers that change, from when, and why."""

    EXAMPLE: dict[str, Any] = {
        "body": {"minimums": {"village": {"metres": 300}}},
        "valid_from": "2025-07-01T00:00:00+08:00",
        "reason": "汛期加严",
    }

    body = fields.Dict(required=True)
    valid_from = Moment(required=True)
    reason = text(2000, required=True, least=1)
    seen = fields.Integer(strict=True, validate=Between(0, 2**31 - 1), metadata=about(SEEN))


class DutyChangeSchema(RuleChangeSchema):
    """A new version of the duty: only the parts that change, from when, and why."""

    EXAMPLE = {
        "body": {"usual": {"village_chief": {"walks": 2, "span": "week"}}},
        "valid_from": "2025-07-01T00:00:00+08:00",
        "reason": "汛期加密",
    }


class RuleAnswer(Schema):
    """A version of the judging rules."""

    kind = fields.String()
    version = fields.Integer()
    valid_from = fields.String(allow_none=True)
    body = fields.Dict()
    reason = fields.String()
