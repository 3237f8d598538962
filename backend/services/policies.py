"""Dated policies: which version of one holds when, and how an administrator makes the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from backend.db import AnyRow, Session, lock
from backend.domain import callout_policies, warning_rules
from backend.domain import policies as hazard_policies
from backend.domain.access import Actor
from backend.domain.actions import Action
from backend.domain.assessment_rules import AssessmentRule, assessment_rule
from backend.domain.callout_plans import CalloutRule
from backend.domain.points_rules import PointsRule, points_rule
from backend.domain.policies import HazardPolicy
from backend.domain.proposals import ImpossiblePolicy
from backend.domain.risk_rules import RiskRule, risk_rule
from backend.domain.training_rules import TrainingRule, training_rule
from backend.domain.warning_rules import WarningRules
from backend.errors import BadInput, Conflict, Flaw
from backend.services import charge
from backend.store import changes, rules


class Versioned(Protocol):
    """What every version of a policy has."""

    @property
    def version(self) -> int:
        """0: as built in, before anybody has written one."""


Rule = TypeVar("Rule", bound=Versioned)


@dataclass(frozen=True)
class Policy(Generic[Rule]):
    """A policy as data; the functions of its rules say how a version is read, written and made from the one before."""

    kind: str
    """What it is called in the database and to whoever asks."""
    default: Rule
    read: Callable[[int, Mapping[str, Any]], Rule]
    changed: Callable[[Rule, int, Mapping[str, Any]], Rule]
    """The next version, from what it follows and what is proposed. ImpossiblePolicy names what cannot be meant."""
    body_of: Callable[[Rule], Mapping[str, Any]]

    def at(self, session: Session, moment: datetime) -> Rule:
        """The version in force: the newest whose day had come; the built-in one before all of them."""
        begun = [row for row in self._rows(session) if row.valid_from <= moment]
        return self._read(begun[-1]) if begun else self.default

    def of_version(self, session: Session, version: int) -> Rule:
        """The version of a number; the built-in one for 0. What began under one goes on under it."""
        known = self._row(session, version)
        return self._read(known) if known else self.default

    def every(self, session: Session) -> list[Rule]:
        """Every version, the built-in one first."""
        return [self.default, *map(self._read, self._rows(session))]

    def begun_at(self, session: Session, version: int) -> datetime | None:
        """From when a version holds; None for the built-in one, which holds before all others."""
        known = self._row(session, version)
        return known.valid_from if known else None

    def change(
        self,
        session: Session,
        actor: Actor,
        body: Mapping[str, Any],
        *,
        valid_from: datetime,
        reason: str,
        today: date,
        now: datetime,
    ) -> Rule:
        """A new version, on record; BadInput names what cannot be meant, Conflict when a later one is planned."""
        charge.everywhere(session, actor, Action.CHANGE_RULES, today=today)
        lock(session, "rules")
        made = self.proposed(session, body, valid_from=valid_from)

        by, whole, version = actor.person_id, dict(self.body_of(made)), made.version
        rules.add(session, self.kind, version, whole, valid_from=valid_from, reason=reason, made_by=by, now=now)
        changes.record(session, now, by, "change_rule", "rule", f"{self.kind}:{version}", {"reason": reason})
        return made

    def proposed(self, session: Session, body: Mapping[str, Any], *, valid_from: datetime) -> Rule:
        """The version that a change would make; BadInput and Conflict as for making it. Nothing is written."""
        known = self._rows(session)
        if any(row.valid_from > valid_from for row in known):
            raise Conflict("later_rule")
        version = known[-1].version + 1 if known else 1
        try:
            return self.changed(self.at(session, valid_from), version, body)
        except ImpossiblePolicy as wrong:
            raise BadInput(Flaw(f"/body/{wrong.name}", wrong.text)) from None

    def _rows(self, session: Session) -> list[AnyRow]:
        """Every version that was written, in order."""
        return rules.versions(session, self.kind)

    def _row(self, session: Session, version: int) -> AnyRow | None:
        return next((row for row in self._rows(session) if row.version == version), None)

    def _read(self, row: AnyRow) -> Rule:
        return self.read(row.version, row.body)


HAZARDS = Policy(
    kind="hazard",
    default=HazardPolicy(),
    read=hazard_policies.hazard_policy,
    changed=hazard_policies.changed,
    body_of=hazard_policies.body_of,
)
"""How long each phase of a hazard may take, and whom a late one reaches."""
CALLOUTS = Policy(
    kind="callout",
    default=CalloutRule(),
    read=callout_policies.callout_rule,
    changed=callout_policies.changed,
    body_of=callout_policies.body_of,
)
"""By what, how often and for how long people are called."""
WARNINGS = Policy(
    kind="warning",
    default=WarningRules(),
    read=warning_rules.warning_rules,
    changed=warning_rules.changed,
    body_of=warning_rules.body_of,
)
"""Which warning follows from what."""


def _numbers(kind: str, default: Any, read: Callable[..., Any]) -> Policy[Any]:
    """A policy of plain numbers: a proposed version is read as a stored one is, on top of the one before."""
    return Policy(
        kind=kind,
        default=default,
        read=read,
        changed=lambda before, version, body: read(version, body, before),
        body_of=type(default).body,
    )


RISK: Policy[RiskRule] = _numbers("risk", RiskRule(), risk_rule)
"""The numbers by which the risk of a reach is weighed; all is weighed anew when the day of a version has come."""
TRAINING: Policy[TrainingRule] = _numbers("training", TrainingRule(), training_rule)
"""When new chiefs without training are reminded, and how far from the place of a session one may sign in."""
ASSESSMENTS: Policy[AssessmentRule] = _numbers("assessment", AssessmentRule(), assessment_rule)
"""What each indicator of an assessment weighs; what is computed already stays as it is."""
POINTS: Policy[PointsRule] = _numbers("points", PointsRule(), points_rule)
"""Whether citizens earn points for what they report, and how many; what is earned already stays as it is."""
