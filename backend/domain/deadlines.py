"""By when something has to be done about a hazard: one deadline at a time, that of the phase it is in.

Periods are the defaults of the city that asked; where it says nothing (handing out what was accepted, mending what is
critical) they are our judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from backend.domain.hazards import Kind, Severity, State, Watch
from backend.domain.workdays import Calendar, Due, Period, Unit, due


class Phase(StrEnum):
    """What is waited for."""

    ACCEPT = "accept"
    ASSIGN = "assign"
    START = "start"
    """Of what is critical alone: somebody is on the spot."""
    FIX = "fix"
    VERIFY = "verify"


_PHASES: Mapping[State, Phase] = {
    State.REPORTED: Phase.ACCEPT,
    State.ACCEPTED: Phase.ASSIGN,
    State.ASSIGNED: Phase.FIX,
    State.IN_HAND: Phase.FIX,
    State.DONE_REPORTED: Phase.VERIFY,
    State.VERIFIED: Phase.VERIFY,
}


def phase_of(state: State, severity: Severity) -> Phase | None:
    """What is waited for in a state; None when nothing is."""
    if state is State.ASSIGNED and severity is Severity.CRITICAL:
        return Phase.START
    return _PHASES.get(state)


def _each(period: Period, **others: Period) -> dict[Severity, Period]:
    return {severity: others.get(severity.value, period) for severity in Severity}


_HALF_HOUR = Period(30, Unit.MINUTES)
_WORKDAY = Period(1, Unit.WORKDAYS)
_SIXTY_DAYS = Period(60, Unit.DAYS)


@dataclass(frozen=True)
class DeadlineRule:
    """One version of the periods."""

    version: int = 0
    periods: Mapping[Phase, Mapping[Severity, Period]] = field(
        default_factory=lambda: {
            Phase.ACCEPT: _each(_WORKDAY, critical=_HALF_HOUR),
            Phase.ASSIGN: _each(_WORKDAY, critical=_HALF_HOUR),
            Phase.START: _each(_WORKDAY, critical=Period(120, Unit.MINUTES)),
            Phase.FIX: {
                Severity.MINOR: Period(3, Unit.DAYS),
                Severity.ORDINARY: Period(10, Unit.WORKDAYS),
                Severity.MAJOR: Period(20, Unit.WORKDAYS),
                Severity.CRITICAL: Period(3, Unit.DAYS),
            },
            Phase.VERIFY: _each(Period(5, Unit.WORKDAYS)),
        }
    )
    listed: Period = _SIXTY_DAYS
    """To mend a major one that is listed (挂牌督办)."""

    def period(self, phase: Phase, severity: Severity, watch: Watch) -> Period:
        """How long there is for it."""
        if phase is Phase.FIX and severity is Severity.MAJOR and watch is Watch.LISTED:
            return self.listed
        return self.periods[phase][severity]


@dataclass(frozen=True, slots=True)
class Setting:
    """Under what a deadline is counted: the rule of the day, the calendar, and whether the water presses."""

    rule: DeadlineRule
    calendar: Calendar
    zone: ZoneInfo
    is_pressing: bool = False
    """The key window (七下八上) or a response: flood hazards have half the time."""


def deadline(phase: Phase, kind: Kind, severity: Severity, watch: Watch, begun_at: datetime, setting: Setting) -> Due:
    """When the phase that began then is due."""
    period = setting.rule.period(phase, severity, watch)
    if setting.is_pressing and kind.is_flood:
        period = period.halved()
    return due(begun_at, period, setting.calendar, setting.zone)


_NOTICE = timedelta(hours=24)
_SHORT_NOTICE = timedelta(minutes=15)


def recomputed(old: Due, new: Due, severity: Severity, now: datetime) -> Due:
    """The deadline after policy, season or response changed: fair to those it falls on, and no way out.

    One that was missed stays missed; nobody is given less than a day (a quarter of an hour when critical), unless
    there was less already.
    """
    if old.at <= now:
        return old
    return Due(max(new.at, min(old.at, _earliest(severity, now))), new.is_provisional)


def soonest(old: datetime | None, new: datetime | None, severity: Severity, now: datetime) -> datetime | None:
    """When the next step of the ladder is due after such a change: not before that notice, unless it was before."""
    if new is None:
        return None
    earliest = _earliest(severity, now)
    return max(new, earliest if old is None else min(old, earliest))


def notice(severity: Severity) -> timedelta:
    """How long beforehand people hear of a step that a change has brought forward."""
    return _SHORT_NOTICE if severity is Severity.CRITICAL else _NOTICE


def _earliest(severity: Severity, now: datetime) -> datetime:
    return now + notice(severity)
