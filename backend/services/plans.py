"""Plans of call-outs: which version holds when, and how an administrator makes the next."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from backend.db import Session, lock
from backend.domain.access import Action, Actor
from backend.domain.callout_plans import CalloutRule
from backend.domain.callout_policies import body_of, callout_rule, changed
from backend.domain.proposals import ImpossiblePolicy
from backend.errors import BadInput, Conflict, Flaw
from backend.services import charge
from backend.store import changes, rules

CALLOUT = "callout"


def at(session: Session, moment: datetime) -> CalloutRule:
    """The plans in force: the newest version whose day had come; the built-in ones before all of them."""
    begun = [rule for valid_from, rule in _versions(session).values() if valid_from <= moment]
    return max(begun, key=lambda rule: rule.version, default=CalloutRule())


def of_version(session: Session, version: int) -> CalloutRule:
    """The plans of a number; the built-in ones for 0. A call-out keeps those under which it began."""
    known = _versions(session).get(version)
    return known[1] if known else CalloutRule()


def change(
    session: Session,
    actor: Actor,
    body: dict[str, Any],
    *,
    valid_from: datetime,
    reason: str,
    today: date,
    now: datetime,
) -> CalloutRule:
    """A new version, on record; BadInput names the part that cannot be meant, Conflict when a later one is planned."""
    charge.everywhere(session, actor, Action.CHANGE_RULES, today=today)
    lock(session, "rules")
    known = _versions(session)
    if any(begins > valid_from for begins, _ in known.values()):
        raise Conflict("later_rule")
    version = max(known, default=0) + 1
    try:
        made = changed(at(session, valid_from), version, body)
    except ImpossiblePolicy as wrong:
        raise BadInput(Flaw(f"/body/{wrong.name}", wrong.text)) from None

    by = actor.person_id
    rules.add(session, CALLOUT, version, body_of(made), valid_from=valid_from, reason=reason, made_by=by, now=now)
    changes.record(session, now, by, "change_rule", "rule", f"{CALLOUT}:{version}", {"reason": reason})
    return made


def _versions(session: Session) -> dict[int, tuple[datetime, CalloutRule]]:
    rows = rules.versions(session, CALLOUT)
    return {row.version: (row.valid_from, callout_rule(row.version, row.body)) for row in rows}
