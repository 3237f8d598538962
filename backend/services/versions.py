"""The versions of the dated rules as a book: what held when, what holds now, and what is planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.db import Session, lock
from backend.domain.duties import DutyRule
from backend.domain.duty_rules import body_of as duty_body
from backend.domain.rules import PatrolRule
from backend.domain.versions import Holding, Standing, holdings
from backend.errors import Conflict
from backend.services.flood_days import DUTY
from backend.services.policies import ASSESSMENTS, CALLOUTS, HAZARDS, POINTS, RISK, TRAINING, WARNINGS
from backend.services.rules import PATROL
from backend.store import rules

_BUILT_IN: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    PATROL: lambda: PatrolRule().body(),
    DUTY: lambda: duty_body(DutyRule()),
    HAZARDS.kind: lambda: HAZARDS.body_of(HAZARDS.default),
    CALLOUTS.kind: lambda: CALLOUTS.body_of(CALLOUTS.default),
    WARNINGS.kind: lambda: WARNINGS.body_of(WARNINGS.default),
    RISK.kind: lambda: RISK.body_of(RISK.default),
    TRAINING.kind: lambda: TRAINING.body_of(TRAINING.default),
    POINTS.kind: lambda: POINTS.body_of(POINTS.default),
    ASSESSMENTS.kind: lambda: ASSESSMENTS.body_of(ASSESSMENTS.default),
}
"""Of each kind what holds before anybody has written anything."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a rule, and when it holds."""

    number: int
    """0: as built in, before anybody has written one."""
    holding: Holding
    standing: Standing
    body: Mapping[str, Any]
    reason: str
    made_at: datetime | None
    made_by_id: UUID | None
    made_by: str | None


def require_newest(session: Session, kind: str, seen: int | None) -> None:
    """Conflict where there is a newer version than was seen; nobody makes another until the transaction ends."""
    lock(session, "rules")
    if seen not in (None, rules.newest_version(session, kind)):
        raise Conflict("newer_version")


def of_kind(session: Session, kind: str, *, now: datetime) -> list[Version]:
    """Every version of a rule, the built-in one first where it ever held."""
    rows = rules.signed_versions(session, kind)
    written = [(row.version, row.valid_from) for row in rows]
    # The first version of the patrol rules is written down as it is built in.
    begins = [] if written and kind == PATROL else [(0, None)]
    held = holdings([*begins, *written])
    found = [Version(0, held[0], held[0].at(now), _BUILT_IN[kind](), "", None, None, None) for _ in begins]
    return found + [
        Version(
            row.version,
            held[row.version],
            held[row.version].at(now),
            row.body,
            row.reason,
            row.made_at,
            row.made_by_id,
            row.made_by,
        )
        for row in rows
    ]
