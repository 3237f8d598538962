"""The shape of a proposed rule."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from backend.api.schemas.fields import Moment, text


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


class DutyChangeSchema(RuleChangeSchema):
    """A new version of the duty: only the parts that change, from when, and why."""

    EXAMPLE = {
        "body": {"usual": {"village_chief": {"walks": 2, "span": "week"}}},
        "valid_from": "2025-07-01T00:00:00+08:00",
        "reason": "汛期加密",
    }


class HazardPolicyChangeSchema(RuleChangeSchema):
    """A new version of the policy for hazards: only the periods and whole ladders that change, from when, and why."""

    EXAMPLE = {
        "body": {
            "periods": {"fix": {"minor": "2d", "ordinary": "7wd"}},
            "ladders": {
                "minor": [
                    {"tell": ["owner"], "channels": ["app"], "share": 0.8},
                    {"tell": ["owner", "town_chief"], "channels": ["app", "sms"]},
                    {"tell": ["county_office"], "channels": ["app", "sms"], "late": "2d", "watch": "ordinary"},
                ]
            },
            "kinds": {"four_illegal.dump": {"report": ["whole_view", "size"]}},
        },
        "valid_from": "2025-07-01T00:00:00+08:00",
        "reason": "汛期从严",
    }


class FloodPolicyChangeSchema(RuleChangeSchema):
    """A new version of a policy of the flood window: what changes, from when, and why."""

    EXAMPLE = {"body": {}, "valid_from": "2025-07-01T00:00:00+08:00", "reason": "入汛前核定"}


class RuleAnswer(Schema):
    """A version of the judging rules."""

    kind = fields.String()
    version = fields.Integer()
    valid_from = fields.String(allow_none=True)
    body = fields.Dict()
    reason = fields.String()
