"""The door for the rules by which patrols are judged: as data, with their version."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.schemas.rules import RuleAnswer, RuleChangeSchema
from backend.api.shown import moment
from backend.context import house, now, today
from backend.domain.actions import Action
from backend.errors import BadInput, Conflict
from backend.services import rules
from backend.services import versions as books
from backend.store import rules as store

FURTHEST = timedelta(days=2 * 366)
"""A change is planned for a season, not for a life: nobody could bring in another one before it (our judgement)."""
door = Door("rules", "The dated rules (巡河规则): what a phone forecasts by and the server judges by.")


@door.get("/rules/current")
@needs(Action.SEE_RULES)
@door.response(200, RuleAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def current() -> Response:
    """The patrol rules in force now."""
    with house().database.reading() as session:
        rule = rules.patrol_rule_at(session, now())
    return answer({"kind": rules.PATROL, "version": rule.version, "body": rule.body()}, etag=f"rule-{rule.version}")


@door.get("/rules")
@needs(Action.SEE_RULES)
@door.response(200, RuleAnswer(many=True))
def versions() -> Response:
    """Every version of the patrol rules, the oldest first."""
    with house().database.reading() as session:
        rows = store.versions(session, rules.PATROL)
    zone = house().settings.zone
    return answer(
        [
            {
                "kind": rules.PATROL,
                "version": version,
                "valid_from": moment(begins, zone),
                "body": body,
                "reason": why,
            }
            for version, begins, body, why, _ in rows
        ]
    )


@door.post("/rules")
@needs(Action.CHANGE_RULES)
@door.arguments(RuleChangeSchema)
@door.response(201, RuleAnswer)
@fails(Conflict)
def change(proposed: dict[str, Any]) -> Response:
    """A new version, on record; walks that began before `valid_from` keep their judges."""
    with house().database.transaction() as session:
        books.require_newest(session, rules.PATROL, proposed.get("seen"))
        rule = rules.change(
            session,
            actor(),
            proposed["body"],
            valid_from=soon(proposed["valid_from"]),
            reason=proposed["reason"],
            today=today(),
            now=now(),
        )
    begins = moment(proposed["valid_from"], house().settings.zone)
    body = {"kind": rules.PATROL, "version": rule.version, "valid_from": begins, "body": rule.body()}
    return answer(body | {"reason": proposed["reason"]}, 201)


def soon(valid_from: datetime) -> datetime:
    """The beginning of a version, if it is not too far away; else BadInput."""
    if valid_from > now() + FURTHEST:
        raise BadInput.at("/valid_from", "flaw.too_far_ahead", days=FURTHEST.days)
    return valid_from
