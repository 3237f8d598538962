"""The door for the book of rules: every version of each, and what a proposed one would change (试算)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.rules import soon
from backend.api.schemas.estimates import (
    AssessmentEstimateAnswer,
    CalloutEstimateAnswer,
    EstimateSchema,
    HazardEstimateAnswer,
    PatrolEstimateAnswer,
    PointsEstimateAnswer,
    SeasonEstimateAnswer,
    TrainingEstimateAnswer,
    VersionsAnswer,
    WarningEstimateAnswer,
)
from backend.api.schemas.seasons import SeasonDatesSchema, season_of
from backend.api.shown import moment
from backend.context import house, now, today
from backend.domain.actions import Action
from backend.domain.duties import Frequency
from backend.domain.seasons import Dates
from backend.domain.warning_rules import Line
from backend.errors import Conflict, NotFound
from backend.services import assessments, estimates, points, seasons, training_coverage, versions
from backend.services.policies import ASSESSMENTS, CALLOUTS, HAZARDS, POINTS, RISK, TRAINING, WARNINGS
from backend.services.rules import PATROL
from backend.services.versions import Version

door = Door("estimates", "The book of rules (规则): the versions of each, and what a proposed one would change.")
NAMES = {
    "patrols": PATROL,
    "duty": "duty",
    "hazards": HAZARDS.kind,
    "callouts": CALLOUTS.kind,
    "warnings": WARNINGS.kind,
    "risk": RISK.kind,
    "training": TRAINING.kind,
    "assessment": ASSESSMENTS.kind,
    "points": POINTS.kind,
}
"""What each kind is called in an address."""
_NOBODY = UUID(int=0)


@door.get("/rules/<name>/versions")
@needs(Action.SEE_RULES)
@door.response(200, VersionsAnswer)
def every(name: str) -> Response:
    """Every version of a rule: `patrols`, `duty`, `hazards`, `callouts`, `warnings`, `risk`, `training`, `points` or
    `assessment`.
    """
    if name not in NAMES:
        raise NotFound()
    with house().database.reading() as session:
        found = versions.of_kind(session, NAMES[name], now=now())
    return answer({"kind": NAMES[name], "items": [_version(each) for each in found]})


@door.post("/rules/hazards/estimate")
@needs(Action.CHANGE_RULES)
@door.arguments(EstimateSchema)
@door.response(200, HazardEstimateAnswer)
@fails(Conflict)
def hazards(proposed: dict[str, Any]) -> Response:
    """How many open hazards would be due earlier or later, and climb earlier or later. Nothing is written."""
    with house().database.reading() as session:
        found = estimates.of_hazards(
            session, actor(), proposed["body"], **_when(proposed), now=now(), today=today(), zone=house().settings.zone
        )
    shown = ("open", "late", "extended", "earlier", "later", "hurried", "steps_earlier", "steps_later")
    return answer(
        {name: getattr(found, name) for name in shown}
        | {
            "body": HAZARDS.body_of(found.policy),
            "begins_at": _moment(found.begins_at),
            "first_step_at": _moment(found.first_step_at),
            "severities": [{"severity": each} | ways for each, ways in _ways(found.severities)],
            "counties": [
                {"region": each, "name": found.names.get(each)} | ways for each, ways in _ways(found.counties)
            ],
        }
    )


@door.post("/rules/patrols/estimate")
@needs(Action.CHANGE_RULES)
@door.arguments(EstimateSchema)
@door.response(200, PatrolEstimateAnswer)
def patrols(proposed: dict[str, Any]) -> Response:
    """How many walks of the last 30 days would come out otherwise. Nothing is written; they stay as they are."""
    with house().database.reading() as session:
        found = estimates.of_patrols(
            session, actor(), proposed["body"], **_when(proposed), now=now(), today=today(), zone=house().settings.zone
        )
    body = {"body": found.body, "days": estimates.LATELY.days, "walks": found.walks, "judged": found.judged}
    moves = [{"before": was, "after": will, "count": count} for (was, will), count in found.moves.most_common()]
    reasons = [{"code": code, "count": count} for code, count in found.reasons.most_common()]
    return answer(body | {"otherwise": found.otherwise, "moves": moves, "reasons": reasons})


@door.post("/rules/warnings/estimate")
@needs(Action.CHANGE_RULES)
@door.arguments(EstimateSchema)
@door.response(200, WarningEstimateAnswer)
@fails(Conflict)
def warnings(proposed: dict[str, Any]) -> Response:
    """From which events of the last year something else would have followed. Nothing is written."""
    with house().database.reading() as session:
        found = estimates.of_warnings(session, actor(), proposed["body"], **_when(proposed), now=now(), today=today())
    cases = [
        {"source": source, "step": step, "count": count, "before": _line(before), "after": _line(after)}
        for (source, step, before, after), count in found.cases.most_common()
    ]
    return answer({"body": WARNINGS.body_of(found.rules), "events": found.events, "cases": cases})


@door.post("/rules/callouts/estimate")
@needs(Action.CHANGE_RULES)
@door.arguments(EstimateSchema)
@door.response(200, CalloutEstimateAnswer)
@fails(Conflict)
def callouts(proposed: dict[str, Any]) -> Response:
    """The plans as they would be; warnings that are out go on as they began. Nothing is written."""
    with house().database.reading() as session:
        body, running = estimates.of_callouts(session, actor(), proposed["body"], **_when(proposed), today=today())
    return answer({"body": body, "running": dict(running)})


@door.post("/rules/assessment/estimate")
@needs(Action.CHANGE_RULES)
@door.arguments(EstimateSchema)
@door.response(200, AssessmentEstimateAnswer)
@fails(Conflict)
def assessment(proposed: dict[str, Any]) -> Response:
    """In how many places people would change in the newest assessment that is out. Nothing is written."""
    with house().database.reading() as session:
        found = assessments.reweighed(session, actor(), proposed["body"], **_when(proposed), today=today())
    shown = ("name", "people", "moved", "ranked", "ranked_before")
    return answer({name: getattr(found, name) for name in shown} | {"body": found.rule.body()})


@door.post("/rules/training/estimate")
@needs(Action.CHANGE_RULES)
@door.arguments(EstimateSchema)
@door.response(200, TrainingEstimateAnswer)
@fails(Conflict)
def training(proposed: dict[str, Any]) -> Response:
    """How many new chiefs would be reminded how often in the first 30 days. Nothing is written."""
    zone = house().settings.zone
    with house().database.reading() as session:
        found = training_coverage.estimate(session, actor(), proposed["body"], **_when(proposed), now=now(), zone=zone)
    shown = ("untrained", "people", "people_before", "reminders", "reminders_before")
    days = {"days": training_coverage.FIRST.days, "body": found.rule.body()}
    return answer({name: getattr(found, name) for name in shown} | days)


@door.post("/rules/points/estimate")
@needs(Action.CHANGE_RULES)
@door.arguments(EstimateSchema)
@door.response(200, PointsEstimateAnswer)
@fails(Conflict)
def of_points(proposed: dict[str, Any]) -> Response:
    """How many reports of the last 30 days would have earned points, and how many. Nothing is written."""
    with house().database.reading() as session:
        rule, reports = points.estimate(session, actor(), proposed["body"], **_when(proposed), now=now(), today=today())
    earned = reports * rule.per_report if rule.is_on else 0
    return answer({"body": rule.body(), "days": points.LATELY.days, "reports": reports, "points": earned})


@door.post("/flood/seasons/estimate")
@needs(Action.CHANGE_SEASON)
@door.arguments(SeasonDatesSchema)
@door.response(200, SeasonEstimateAnswer)
@fails(NotFound)
def season(loaded: dict[str, Any]) -> Response:
    """Which days would stand elsewhere by other dates, and for whom that matters. Nothing is written."""
    draft = season_of(_NOBODY, loaded)
    with house().database.reading() as session:
        found = seasons.estimate(session, actor(), draft, now=now(), zone=house().settings.zone)
    stretches = [
        {
            "begin": each.begin.isoformat(),
            "end": each.end.isoformat(),
            "before": each.before.value,
            "after": each.after.value,
            "posts": [
                {"post": of.post.value, "people": of.people, "before": _often(of.before), "after": _often(of.after)}
                for of in walkers
            ],
        }
        for each, walkers in found.stretches
    ]
    own = [{"region": code, "name": name} for code, name in found.own.items()]
    body = {"before": _dates(found.before), "stretches": stretches, "flood_hazards": found.flood_hazards, "own": own}
    return answer(body)


def _version(each: Version) -> dict[str, Any]:
    return {
        "version": each.number,
        "standing": each.standing.value,
        "valid_from": _moment(each.holding.since),
        "until": _moment(each.holding.until),
        "body": dict(each.body),
        "reason": each.reason,
        "made_by": {"id": str(each.made_by_id), "name": each.made_by} if each.made_by_id else None,
        "made_at": _moment(each.made_at),
    }


def _when(proposed: dict[str, Any]) -> dict[str, datetime]:
    return {"valid_from": soon(proposed["valid_from"])}


def _ways(counted: Counter[tuple[str, str]]) -> Iterable[tuple[str, dict[str, int]]]:
    """Each name with how many come earlier and how many later."""
    for name in sorted({name for name, _ in counted}):
        yield name, {way: counted[name, way] for way in ("earlier", "later")}


def _line(line: Line | None) -> dict[str, Any] | None:
    if line is None:
        return None
    within_s = line.within.total_seconds() if line.within else None
    return {"level": line.level.value, "mode": line.mode.value, "within_s": within_s}


def _often(frequency: Frequency) -> dict[str, Any]:
    return {"walks": frequency.walks, "span": frequency.span.value}


def _dates(dates: Dates) -> dict[str, str]:
    return {name: day.isoformat() for name, day in asdict(dates).items()}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else moment(at, house().settings.zone)
