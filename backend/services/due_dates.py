"""When a hazard is due, by the policies of the day, the calendar and the season, and when it climbs next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.deadlines import Phase, Setting, deadline, phase_of
from backend.domain.duties import DutyRule, duty_rule
from backend.domain.escalation import next_look
from backend.domain.hazards import Kind, Severity, State, Watch
from backend.domain.policies import HazardPolicy
from backend.domain.workdays import Calendar, Due, YearOff
from backend.services import policies
from backend.store import rules

DUTY, CALENDAR = "duty", "calendar"


@dataclass(frozen=True, slots=True)
class Dated:
    """What a hazard waits for in its state, since when, until when, and when its ladder is looked at next."""

    phase: Phase | None
    begun_at: datetime
    due: Due | None
    next_step_at: datetime | None
    before: dict[str, Any] = field(default_factory=dict)
    """The deadlines of earlier phases."""
    policy_version: int = 0
    is_pressing: bool = False

    def columns(self) -> dict[str, Any]:
        """As it stands in the row; a phase begins at the foot of its ladder."""
        known = {self.phase.value: self.due.at.isoformat()} if self.phase and self.due else {}
        return {
            "phase_begun_at": self.begun_at,
            "due_at": self.due.at if self.due else None,
            "is_provisional": bool(self.due and self.due.is_provisional),
            "deadlines": self.before | known,
            "rung": 0,
            "next_step_at": self.next_step_at,
            "policy_version": self.policy_version,
            "is_pressing": self.is_pressing,
            "is_extended": False,
        }


def of_state(
    session: Session,
    state: State,
    kind: Kind,
    severity: Severity,
    watch: Watch,
    *,
    begun_at: datetime,
    zone: ZoneInfo,
    before: dict[str, Any] | None = None,
) -> Dated:
    """The phase that begins with a state, as the rules of that moment have it."""
    phase = phase_of(state, severity)
    policy, under = policies.at(session, begun_at), setting(session, begun_at, zone)
    if phase is None:
        return Dated(None, begun_at, None, None, before or {}, policy.version, under.is_pressing)
    due = deadline(phase, kind, severity, watch, begun_at, under)
    first = next_step(policy, severity, 0, begun_at, due.at)
    return Dated(phase, begun_at, due, first, before or {}, policy.version, under.is_pressing)


def next_step(
    policy: HazardPolicy, severity: Severity, rung: int, begun_at: datetime, due_at: datetime
) -> datetime | None:
    """When the next step of the ladder is due; None at its top."""
    return next_look(policy.ladders.ladders[severity], rung, begun_at, due_at)


def setting(session: Session, at: datetime, zone: ZoneInfo) -> Setting:
    """Under what a deadline is counted at a moment: that at which its phase began, or now when counted anew."""
    day = day_of(at, zone)
    opens, closes = _duty(session, at).window(day.year)
    is_pressing = opens <= day < closes
    return Setting(policies.at(session, at).deadlines, calendar(session), zone, is_pressing=is_pressing)


def calendar(session: Session) -> Calendar:
    """The calendar with the years that an administrator brought in; of several for one year the last."""
    years = {}
    for _version, begins, body, *_ in rules.versions(session, CALENDAR):
        days = {name: frozenset(_days(body[name])) for name in ("off", "worked")}
        # Kept with the first moment of its year in UTC, which in every zone is still or already within two days of it.
        years[(begins + timedelta(days=2)).year] = YearOff(**days)
    return Calendar(years)


def _days(texts: list[str]) -> list[Any]:
    return [datetime.fromisoformat(text).date() for text in texts]


def _duty(session: Session, at: datetime) -> DutyRule:
    """The duty of that moment, which knows the key window (七下八上)."""
    begun = [row for row in rules.versions(session, DUTY) if row.valid_from <= at]
    return duty_rule(begun[-1].version, begun[-1].body) if begun else DutyRule()
