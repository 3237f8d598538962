"""The policy for hazards: which version holds when, and how an administrator makes the next."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from backend.db import Session, lock
from backend.domain.access import Action, Actor
from backend.domain.policies import HazardPolicy, body_of, changed, hazard_policy
from backend.domain.proposals import ImpossiblePolicy
from backend.errors import BadInput, Conflict, Flaw
from backend.services import charge
from backend.store import changes, rules

HAZARD = "hazard"


def at(session: Session, moment: datetime) -> HazardPolicy:
    """The policy in force: the newest version whose day had come; the built-in one before all of them."""
    begun = [policy for valid_from, policy in _versions(session).values() if valid_from <= moment]
    return max(begun, key=lambda policy: policy.version, default=HazardPolicy())


def every(session: Session) -> list[HazardPolicy]:
    """Every version, the built-in one first: hazards keep the one by which they were counted."""
    return [HazardPolicy(), *(policy for _, policy in _versions(session).values())]


def begun_at(session: Session, version: int) -> datetime | None:
    """From when a version holds; None for the built-in one, which holds before all others."""
    known = _versions(session).get(version)
    return known[0] if known else None


def of_version(session: Session, version: int) -> HazardPolicy:
    """The policy of a number; the built-in one for 0."""
    known = _versions(session).get(version)
    return known[1] if known else HazardPolicy()


def change(
    session: Session,
    actor: Actor,
    body: dict[str, Any],
    *,
    valid_from: datetime,
    reason: str,
    today: date,
    now: datetime,
) -> HazardPolicy:
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
    rules.add(session, HAZARD, version, body_of(made), valid_from=valid_from, reason=reason, made_by=by, now=now)
    changes.record(session, now, by, "change_rule", "rule", f"{HAZARD}:{version}", {"reason": reason})
    return made


def _versions(session: Session) -> dict[int, tuple[datetime, HazardPolicy]]:
    rows = rules.versions(session, HAZARD)
    return {row.version: (row.valid_from, hazard_policy(row.version, row.body)) for row in rows}
