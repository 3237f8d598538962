"""The dated rules of patrols: which is in force, and a new version by an administrator."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from backend.db import Session, lock
from backend.domain.access import Actor
from backend.domain.actions import Action
from backend.domain.patrols import PatrolDraft, Timing, timing
from backend.domain.rules import ImpossibleRule, PatrolRule, in_force, patrol_rule, planned
from backend.errors import BadInput, Flaw
from backend.services import charge
from backend.store import changes, rules

PATROL = "patrol"
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
    made = _planned(session, body, valid_from)

    for number, (begins, numbers) in enumerate(made, start=version):
        by = actor.person_id
        rules.add(session, PATROL, number, numbers, valid_from=begins, reason=reason, made_by=by, now=now)
        changes.record(session, now, by, "change_rule", "rule", f"{PATROL}:{number}", {"reason": reason})
    return patrol_rule(version, made[0][1])


def proposed(session: Session, body: dict[str, Any], *, valid_from: datetime) -> PatrolRule:
    """The version that a change would make, BadInput as for making it. Nothing is written."""
    return patrol_rule(rules.newest_version(session, PATROL) + 1, _planned(session, body, valid_from)[0][1])


def _planned(session: Session, body: dict[str, Any], valid_from: datetime) -> list[tuple[datetime, dict[str, Any]]]:
    try:
        return planned(patrol_rules(session), body, valid_from)
    except ImpossibleRule as wrong:
        raise BadInput(Flaw(f"/body/{wrong.name}", wrong.text)) from None
