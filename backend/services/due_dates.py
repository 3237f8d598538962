"""When a hazard is due, by the policies of the day, the calendar and the season, and when it climbs next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session, lock
from backend.domain.deadlines import Phase, Setting, deadline, phase_of
from backend.domain.escalation import next_look
from backend.domain.flood_days import Place, Pressing
from backend.domain.hazards import Kind, Severity, State, Watch
from backend.domain.policies import HazardPolicy
from backend.domain.workdays import Calendar, Due, YearOff
from backend.services import flood_days
from backend.services.policies import HAZARDS
from backend.store import changes, rules

CALENDAR = "calendar"


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
    place: Place,
    *,
    begun_at: datetime,
    zone: ZoneInfo,
    before: dict[str, Any] | None = None,
) -> Dated:
    """The phase that begins with a state, as the rules of that moment have it."""
    phase = phase_of(state, severity)
    policy, under = HAZARDS.at(session, begun_at), setting(session, begun_at, zone, place)
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


def setting(session: Session, at: datetime, zone: ZoneInfo, place: Place) -> Setting:
    """Under what a deadline in a place is counted at a moment: that at which its phase began."""
    region, river = place
    is_pressing = pressing(session, at, zone, region).holds(region, river)
    return Setting(HAZARDS.at(session, at).deadlines, calendar(session), zone, is_pressing=is_pressing)


def pressing(session: Session, at: datetime, zone: ZoneInfo, region: str | None = None) -> Pressing:
    """Where the water presses at a moment; near a region, if one is named."""
    rule = flood_days.duty_rule_at(session, at)
    return flood_days.known(session, rule, day_of(at, zone), zone, region).pressing(at)


def calendar(session: Session) -> Calendar:
    """The calendar with the years that an administrator brought in; of several for one year the last."""
    return Calendar({body["year"]: _year(body) for _version, _begins, body, *_ in rules.versions(session, CALENDAR)})


def bring_in(session: Session, year: int, days: YearOff, *, reason: str, now: datetime, zone: ZoneInfo) -> None:
    """Write what a notice says of a year, on record; it holds from now on, and deadlines are counted anew by it."""
    lock(session, "rules")
    version = rules.newest_version(session, CALENDAR) + 1
    body = {"year": year, **{name: sorted(map(date.isoformat, getattr(days, name))) for name in ("off", "worked")}}
    begins = datetime(year, 1, 1, tzinfo=zone)
    rules.add(session, CALENDAR, version, body, valid_from=begins, reason=reason, made_by=None, now=now)
    changes.record(session, now, None, "change_rule", "rule", f"{CALENDAR}:{version}", {"reason": reason})


def _year(body: dict[str, Any]) -> YearOff:
    return YearOff(*(frozenset(map(date.fromisoformat, body[name])) for name in ("off", "worked")))
