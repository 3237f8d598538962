"""Counting deadlines anew when policy, season or calendar has changed, on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.domain.alarms import Alarm
from backend.domain.deadlines import Setting, deadline, phase_of, recomputed, soonest
from backend.domain.hazards import Kind, Severity, State, Watch
from backend.domain.policies import HazardPolicy
from backend.domain.workdays import Calendar, Due
from backend.services import alarms, due_dates, timeline
from backend.services.policies import HAZARDS
from backend.store import hazards

BATCH = 1_000
RECOUNT = "recount"
"""The fact that a deadline was counted anew."""
LONGEST = timedelta(days=60)
"""The longest time that is given to anything: a listed major hazard."""
_YEARS = 50


def recount(session: Session, *, now: datetime, zone: ZoneInfo, limit: int = BATCH) -> int:
    """Count those anew that were counted otherwise than they would be now; how many.

    What was missed, and what was given more time, stays as it is.
    """
    policy, pressing = HAZARDS.at(session, now), due_dates.pressing(session, now, zone)
    setting = Setting(policy.deadlines, due_dates.calendar(session), zone)
    known_until = _known_until(setting.calendar, now, zone)
    _ask_for_year(session, known_until, now)
    rows = hazards.counted_otherwise(session, policy.version, pressing, now=now, known_until=known_until, limit=limit)
    counted = [(row, _counted(row, policy, replace(setting, is_pressing=bool(row.presses)), now)) for row in rows]
    happened = timeline.prepare([_fact(row, _why(new) | _before_after(row, new)) for row, new in counted], now=now)
    timeline.write(session, happened)
    for (row, columns), head in zip(counted, happened.heads, strict=True):
        hazards.change(session, row.seq, **columns, **timeline.columns(head))
    return len(rows)


def _ask_for_year(session: Session, known_until: datetime, now: datetime) -> None:
    """Alarm while deadlines given now may run into a year whose holidays are not known, and end it when they are."""
    if now + LONGEST >= known_until:
        year = known_until.year
        alarms.sound(session, Alarm.UNKNOWN_YEAR, str(year), now=now, year=year)
    else:
        alarms.end(session, Alarm.UNKNOWN_YEAR, now=now)


def _counted(row: Any, policy: HazardPolicy, setting: Setting, now: datetime) -> dict[str, Any]:
    severity, watch = Severity(row.severity), Watch(row.watch)
    phase = phase_of(State(row.state), severity)
    assert phase is not None
    fresh = deadline(phase, Kind(row.kind), severity, watch, row.phase_begun_at, setting)
    due = recomputed(Due(row.due_at, row.is_provisional), fresh, severity, now)
    step = due_dates.next_step(policy, severity, row.rung, row.phase_begun_at, due.at)
    return {
        "due_at": due.at,
        "is_provisional": due.is_provisional,
        "deadlines": row.deadlines | {phase.value: due.at.isoformat()},
        "policy_version": policy.version,
        "is_pressing": setting.is_pressing,
        "next_step_at": soonest(row.next_step_at, step, severity, now),
    }


def _fact(row: Any, body: dict[str, Any]) -> timeline.Happened:
    return timeline.Happened("hazard", row.id, timeline.head_of(row), RECOUNT, body)


def _why(new: dict[str, Any]) -> dict[str, Any]:
    return {"policy": new["policy_version"], "is_pressing": new["is_pressing"]}


def _before_after(row: Any, new: dict[str, Any]) -> dict[str, str]:
    return {"before": row.due_at.isoformat(), "after": new["due_at"].isoformat()}


def _known_until(calendar: Calendar, now: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the first year to come whose holidays are not known."""
    this = now.astimezone(zone).year
    year = next((each for each in range(this, this + _YEARS) if not calendar.is_known(each)), this + _YEARS)
    return datetime(year, 1, 1, tzinfo=zone)
