"""Dated policies of the flood window: the plans of call-outs and the rules for warnings, and how the next is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from backend.db import Session, lock
from backend.domain import callout_policies
from backend.domain import warning_rules as rules_of_warnings
from backend.domain.access import Action, Actor
from backend.domain.callout_plans import CalloutRule
from backend.domain.proposals import ImpossiblePolicy
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
    """A policy as data: which version holds when, and how an administrator makes the next."""

    kind: str
    default: Rule
    read: Callable[[int, Mapping[str, Any]], Rule]
    next: Callable[[Rule, int, Mapping[str, Any]], Rule]
    body_of: Callable[[Rule], dict[str, Any]]

    def at(self, session: Session, moment: datetime) -> Rule:
        """The version in force: the newest whose day had come; the built-in one before all of them."""
        begun = [rule for valid_from, rule in self._versions(session).values() if valid_from <= moment]
        return max(begun, key=lambda rule: rule.version, default=self.default)

    def of_version(self, session: Session, version: int) -> Rule:
        """The version of a number; the built-in one for 0. What began under one goes on under it."""
        known = self._versions(session).get(version)
        return known[1] if known else self.default

    def begun_at(self, session: Session, version: int) -> datetime | None:
        """From when a version holds; None for the built-in one, which holds before all others."""
        known = self._versions(session).get(version)
        return known[0] if known else None

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
        known = self._versions(session)
        if any(begins > valid_from for begins, _ in known.values()):
            raise Conflict("later_rule")
        version = max(known, default=0) + 1
        try:
            made = self.next(self.at(session, valid_from), version, body)
        except ImpossiblePolicy as wrong:
            raise BadInput(Flaw(f"/body/{wrong.name}", wrong.text)) from None

        by, whole = actor.person_id, self.body_of(made)
        rules.add(session, self.kind, version, whole, valid_from=valid_from, reason=reason, made_by=by, now=now)
        changes.record(session, now, by, "change_rule", "rule", f"{self.kind}:{version}", {"reason": reason})
        return made

    def _versions(self, session: Session) -> dict[int, tuple[datetime, Rule]]:
        rows = rules.versions(session, self.kind)
        return {row.version: (row.valid_from, self.read(row.version, row.body)) for row in rows}


PLANS = Policy(
    "callout", CalloutRule(), callout_policies.callout_rule, callout_policies.changed, callout_policies.body_of
)
"""By what, how often and for how long people are called."""
LINES = Policy(
    "warning",
    WarningRules(),
    rules_of_warnings.warning_rules,
    rules_of_warnings.changed,
    rules_of_warnings.body_of,
)
"""Which warning follows from what."""
