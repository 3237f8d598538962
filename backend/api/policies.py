"""The door for the dated policies: hazards, call-outs, warnings and risk, each as data and each change on record."""

from __future__ import annotations

from typing import Any

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.rules import soon
from backend.api.schemas.policies import (
    AssessmentRuleChangeSchema,
    FloodPolicyChangeSchema,
    HazardPolicyChangeSchema,
    PointsRuleChangeSchema,
    RiskRuleChangeSchema,
    TrainingRuleChangeSchema,
)
from backend.api.schemas.rules import RuleAnswer
from backend.api.shown import moment
from backend.clock import day_of
from backend.context import house, now
from backend.domain.actions import Action
from backend.errors import Conflict
from backend.services import versions
from backend.services.policies import ASSESSMENTS, CALLOUTS, HAZARDS, POINTS, RISK, TRAINING, WARNINGS, Policy

door = Door("policies", "Policies as data: of hazards, call-outs, warnings and risk, each change on record.")


@door.get("/rules/hazards")
@needs(Action.SEE_RULES)
@door.response(200, RuleAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def hazards() -> Response:
    """The policy for hazards in force now: how long each phase may take, and the ladder of a late one."""
    return _in_force(HAZARDS)


@door.post("/rules/hazards")
@needs(Action.CHANGE_RULES)
@door.arguments(HazardPolicyChangeSchema)
@door.response(201, RuleAnswer)
@fails(Conflict)
def change_hazards(proposed: dict[str, Any]) -> Response:
    """A new version, on record; deadlines to come are counted anew within minutes, missed ones stay missed."""
    return _changed(HAZARDS, proposed)


@door.get("/rules/callouts")
@needs(Action.SEE_RULES)
@door.response(200, RuleAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def callouts() -> Response:
    """The plans of call-outs in force now: for each level by what people are called, and who hears of silence when."""
    return _in_force(CALLOUTS)


@door.post("/rules/callouts")
@needs(Action.CHANGE_RULES)
@door.arguments(FloodPolicyChangeSchema)
@door.response(201, RuleAnswer)
@fails(Conflict)
def change_callouts(proposed: dict[str, Any]) -> Response:
    """A new version, on record; who is called already is called on as the plan of their warning had it."""
    return _changed(CALLOUTS, proposed)


@door.get("/rules/warnings")
@needs(Action.SEE_RULES)
@door.response(200, RuleAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def warnings() -> Response:
    """The rules in force now by which warnings follow from signals, responses, gauges and risk."""
    return _in_force(WARNINGS)


@door.post("/rules/warnings")
@needs(Action.CHANGE_RULES)
@door.arguments(FloodPolicyChangeSchema)
@door.response(201, RuleAnswer)
@fails(Conflict)
def change_warnings(proposed: dict[str, Any]) -> Response:
    """A new version, on record; its list of lines is said whole."""
    return _changed(WARNINGS, proposed)


@door.get("/rules/risk")
@needs(Action.SEE_RULES)
@door.response(200, RuleAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def risk() -> Response:
    """The numbers by which risk is weighed now; version 0 is the built-in one."""
    return _in_force(RISK)


@door.post("/rules/risk")
@needs(Action.CHANGE_RULES)
@door.arguments(RiskRuleChangeSchema)
@door.response(201, RuleAnswer)
@fails(Conflict)
def change_risk(proposed: dict[str, Any]) -> Response:
    """A new version, on record; every reach is weighed anew when its day has come."""
    return _changed(RISK, proposed)


@door.get("/rules/training")
@needs(Action.SEE_RULES)
@door.response(200, RuleAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def training() -> Response:
    """When new chiefs without training are reminded now, and how far from its place one may sign in to a session."""
    return _in_force(TRAINING)


@door.post("/rules/training")
@needs(Action.CHANGE_RULES)
@door.arguments(TrainingRuleChangeSchema)
@door.response(201, RuleAnswer)
@fails(Conflict)
def change_training(proposed: dict[str, Any]) -> Response:
    """A new version, on record; reminders of the days from then on go by it."""
    return _changed(TRAINING, proposed)


@door.get("/rules/assessment")
@needs(Action.SEE_RULES)
@door.response(200, RuleAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def assessment() -> Response:
    """What each indicator of an assessment weighs now, and from how many on people are compared."""
    return _in_force(ASSESSMENTS)


@door.post("/rules/assessment")
@needs(Action.CHANGE_RULES)
@door.arguments(AssessmentRuleChangeSchema)
@door.response(201, RuleAnswer)
@fails(Conflict)
def change_assessment(proposed: dict[str, Any]) -> Response:
    """A new version, on record; assessments that are counted already stay as they are."""
    return _changed(ASSESSMENTS, proposed)


@door.get("/rules/points")
@needs(Action.SEE_RULES)
@door.response(200, RuleAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def points() -> Response:
    """Whether citizens earn points now for what they report, and how many for a report that was true."""
    return _in_force(POINTS)


@door.post("/rules/points")
@needs(Action.CHANGE_RULES)
@door.arguments(PointsRuleChangeSchema)
@door.response(201, RuleAnswer)
@fails(Conflict)
def change_points(proposed: dict[str, Any]) -> Response:
    """A new version, on record; points that are earned already stay."""
    return _changed(POINTS, proposed)


def _in_force(policy: Policy[Any]) -> Response:
    with house().database.reading() as session:
        rule = policy.at(session, now())
        begins = policy.begun_at(session, rule.version)
    since = moment(begins, house().settings.zone) if begins else None
    body = {"kind": policy.kind, "version": rule.version, "valid_from": since, "body": policy.body_of(rule)}
    return answer(body, etag=f"{policy.kind}-{rule.version}")


def _changed(policy: Policy[Any], proposed: dict[str, Any]) -> Response:
    zone, reason, begins = house().settings.zone, proposed["reason"], soon(proposed["valid_from"])
    today = day_of(now(), zone)
    with house().database.transaction() as session:
        versions.require_newest(session, policy.kind, proposed.get("seen"))
        rule = policy.change(
            session, actor(), proposed["body"], valid_from=begins, reason=reason, today=today, now=now()
        )
    body = {"kind": policy.kind, "version": rule.version, "valid_from": moment(begins, zone)}
    return answer(body | {"body": policy.body_of(rule), "reason": reason}, 201)
