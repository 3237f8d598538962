"""The dated rules: which is in force, and a new version by an administrator."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from backend.db import Session, lock
from backend.domain.access import Action, Actor
from backend.domain.patrols import PatrolDraft, Timing, timing
from backend.domain.proposals import ImpossiblePolicy
from backend.domain.risk_rules import RiskRule, risk_rule
from backend.domain.rules import ImpossibleRule, PatrolRule, in_force, patrol_rule, planned
from backend.errors import BadInput, Conflict, Flaw
from backend.services import charge
from backend.store import changes, rules

PATROL = "patrol"
RISK = "risk"
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)

_read: dict[str, tuple[int, list[tuple[datetime, PatrolRule]]]] = {}
"""What this process has read, by database, with its newest version: rules are never altered, only added."""


def patrol_rules(session: Session, newest: int | None = None) -> list[tuple[datetime, PatrolRule]]:
    """Every version with the moment from which it holds; the built-in one where the database has none.

    `newest`: the number of the newest version, from whoever has asked it already.
    """
    key = str(session.get_bind().engine.url)
    newest = rules.newest_version(session, PATROL) if newest is None else newest
    if key not in _read or _read[key][0] != newest:
        rows = rules.versions(session, PATROL)
        found = [(valid_from, patrol_rule(version, body)) for version, valid_from, body, *_ in rows]
        _read[key] = (newest, found or [(_BEGINNING, PatrolRule())])
    return _read[key][1]


def patrol_rule_at(session: Session, at: datetime) -> PatrolRule:
    """The rule by which a walk of that moment is judged."""
    return in_force(patrol_rules(session), at)


def of_walk(
    session: Session, draft: PatrolDraft, received_at: datetime, newest: int | None = None
) -> tuple[PatrolRule, Timing]:
    """The rule that judges a new walk, that of the day it was walked on, and when that was.

    Whether the phone's clock is believed is a question of the day of receipt.
    """
    known = patrol_rules(session, newest)
    when = timing(draft, in_force(known, received_at), received_at)
    return in_force(known, when.walked_at), when


def ensure_defaults(session: Session, *, now: datetime) -> None:
    """Write the first version where there is none, so that it can be seen and changed."""
    lock(session, "rules")
    if not rules.newest_version(session, PATROL):
        rules.add(
            session,
            PATROL,
            1,
            PatrolRule().body(),
            valid_from=_BEGINNING,
            reason="first version",
            made_by=None,
            now=now,
        )


def change(
    session: Session,
    actor: Actor,
    body: dict[str, Any],
    *,
    valid_from: datetime,
    reason: str,
    today: date,
    now: datetime,
) -> PatrolRule:
    """A new version of the patrol rules, on record; BadInput names the number that cannot be meant.

    Versions that are planned for later are made anew with it, so that neither undoes the other.
    """
    charge.everywhere(session, actor, Action.CHANGE_RULES, today=today)
    lock(session, "rules")
    version = rules.newest_version(session, PATROL) + 1
    try:
        made = planned(patrol_rules(session), body, valid_from)
    except ImpossibleRule as wrong:
        raise BadInput(Flaw(f"/body/{wrong.name}", wrong.text)) from None

    for number, (begins, numbers) in enumerate(made, start=version):
        by = actor.person_id
        rules.add(session, PATROL, number, numbers, valid_from=begins, reason=reason, made_by=by, now=now)
        changes.record(session, now, by, "change_rule", "rule", f"{PATROL}:{number}", {"reason": reason})
    return patrol_rule(version, made[0][1])


def risk_rule_at(session: Session, at: datetime) -> RiskRule:
    """The numbers by which risk is weighed at a moment: the newest version whose day had come, or the built-in one."""
    begun = [row for row in rules.versions(session, RISK) if row.valid_from <= at]
    return risk_rule(begun[-1].version, begun[-1].body) if begun else RiskRule()


def change_risk(
    session: Session,
    actor: Actor,
    body: dict[str, Any],
    *,
    valid_from: datetime,
    reason: str,
    today: date,
    now: datetime,
) -> RiskRule:
    """A new version of these numbers, on record; BadInput names what cannot be meant, Conflict: a later one is planned.

    Everything is weighed anew when its day has come.
    """
    charge.everywhere(session, actor, Action.CHANGE_RULES, today=today)
    lock(session, "rules")
    if any(row.valid_from > valid_from for row in rules.versions(session, RISK)):
        raise Conflict("later_rule")
    version = rules.newest_version(session, RISK) + 1
    try:
        made = risk_rule(version, body, risk_rule_at(session, valid_from))
    except ImpossiblePolicy as wrong:
        raise BadInput(Flaw(f"/body/{wrong.name}", wrong.text)) from None

    by = actor.person_id
    rules.add(session, RISK, version, made.body(), valid_from=valid_from, reason=reason, made_by=by, now=now)
    changes.record(session, now, by, "change_rule", "rule", f"{RISK}:{version}", {"reason": reason})
    return made
