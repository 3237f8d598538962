"""The dated rules: which is in force, and a new version by an administrator."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from backend.db import Session, lock
from backend.domain.access import Action, Actor
from backend.domain.rules import ImpossibleRule, PatrolRule, in_force, patrol_rule
from backend.errors import BadInput
from backend.services import charge
from backend.store import changes, rules

PATROL = "patrol"
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)

_read: dict[str, tuple[int, list[tuple[datetime, PatrolRule]]]] = {}
"""What this process has read, by database, with its newest version: rules are never altered, only added."""


def patrol_rules(session: Session) -> list[tuple[datetime, PatrolRule]]:
    """Every version with the moment from which it holds; the built-in one where the database has none."""
    key = str(session.get_bind().engine.url)
    newest = rules.newest_version(session, PATROL)
    if key not in _read or _read[key][0] != newest:
        rows = rules.versions(session, PATROL)
        found = [(valid_from, patrol_rule(version, body)) for version, valid_from, body, *_ in rows]
        _read[key] = (newest, found or [(_BEGINNING, PatrolRule())])
    return _read[key][1]


def patrol_rule_at(session: Session, at: datetime) -> PatrolRule:
    """The rule by which a walk of that moment is judged."""
    return in_force(patrol_rules(session), at)


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
    """A new version of the patrol rules, on record; BadInput names the number that cannot be meant."""
    charge.everywhere(session, actor, Action.CHANGE_RULES, today=today)
    lock(session, "rules")
    newest = max((rule for _, rule in patrol_rules(session)), key=lambda rule: rule.version)
    version = rules.newest_version(session, PATROL) + 1
    try:
        rule = patrol_rule(version, newest.body() | body)
    except ImpossibleRule as wrong:
        raise BadInput.at(f"/body/{wrong.name}", "flaw.rule", low=wrong.low, high=wrong.high) from None

    rules.add(
        session,
        PATROL,
        version,
        rule.body(),
        valid_from=valid_from,
        reason=reason,
        made_by=actor.person_id,
        now=now,
    )
    changes.record(session, now, actor.person_id, "change_rule", "rule", f"{PATROL}:{version}", {"reason": reason})
    return rule
