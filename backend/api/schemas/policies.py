"""The shape of a proposed policy, by what it is about."""

from __future__ import annotations

from typing import Any

from backend.api.schemas.rules import RuleChangeSchema


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


class RiskRuleChangeSchema(RuleChangeSchema):
    """A new version of the numbers of risk: only those that change, from when, and why."""

    EXAMPLE: dict[str, Any] = {
        "body": {"signal_red": 45, "unwalked_days": 3},
        "valid_from": "2025-07-01T00:00:00+08:00",
        "reason": "汛期加严",
    }


class TrainingRuleChangeSchema(RuleChangeSchema):
    """A new version of the numbers of training: only those that change, from when, and why."""

    EXAMPLE: dict[str, Any] = {
        "body": {"remind_after_days": 20, "near_m": 300},
        "valid_from": "2025-07-01T00:00:00+08:00",
        "reason": "新任河长尽快参训",
    }


class AssessmentRuleChangeSchema(RuleChangeSchema):
    """A new version of the indicator library: only what changes, from when, and why."""

    EXAMPLE: dict[str, Any] = {
        "body": {"weights": {"patrols": 70}, "least_size": 6},
        "valid_from": "2025-07-01T00:00:00+08:00",
        "reason": "下半年考核方案",
    }


class PointsRuleChangeSchema(RuleChangeSchema):
    """A new version of the numbers of points: only those that change, from when, and why."""

    EXAMPLE: dict[str, Any] = {
        "body": {"is_on": True, "per_report": 20},
        "valid_from": "2025-07-01T00:00:00+08:00",
        "reason": "碧水积分试行办法",
    }
