"""The auditor: recomputes from policy and timeline which steps must have been taken, and says so when they were not.

It asks neither the column by which the sweep finds what is due nor the one that counts its steps: what is wrong with
these must not stay hidden by them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from backend.db import Session
from backend.domain.alarms import Alarm
from backend.domain.callouts import expected as steps_expected
from backend.domain.deadlines import notice
from backend.domain.escalation import expected
from backend.domain.flood_warnings import Level as Warned
from backend.domain.hazards import Severity
from backend.domain.regions import LENGTHS
from backend.domain.terms import Level
from backend.services import alarms
from backend.services.escalation import CLIMB
from backend.services.policies import CALLOUTS, HAZARDS
from backend.services.recounting import RECOUNT
from backend.services.standings import standing_of
from backend.services.timeline import Told, newest
from backend.store import callouts, escalation, silences

log = structlog.get_logger(__name__)
GRACE = timedelta(seconds=60)
"""A step may be so late before it is missed: a tick, a batch in front of it, and a slow disk (our judgement)."""
LATELY = timedelta(hours=1)
BATCH = 5_000


def lately(session: Session, *, now: datetime, grace: timedelta = GRACE) -> int:
    """Look at every hazard of which a step at its deadline or after it was due in the last hour; how many missed it.

    Of critical ones at reminders before it, too; those of others, which come days before, are looked at once a day.
    """
    spans = [(now - LATELY - late, now - grace - late) for late in _lates(session)]
    # What is reminded of before its deadline within half an hour: only critical ones are so short.
    spans.append((now, now + LATELY / 2))
    found, after = 0, 0
    while rows := escalation.dated(session, limit=BATCH, after=after, spans=spans):
        found, after = found + len(_missed(session, rows, now, grace)), int(rows[-1].seq)
    alarms.end(session, Alarm.MISSED_STEP, now=now, before=now - LATELY)
    return found


def everything(
    session: Session, *, now: datetime, after: int = 0, limit: int = BATCH, grace: timedelta = GRACE
) -> int | None:
    """Look at the next hazards with a deadline, by number; the number to go on after, None at the end.

    At the end alarms go that sounded before and were not found again.
    """
    rows = escalation.dated(session, limit=limit, after=after)
    _missed(session, rows, now, grace)
    if len(rows) == limit:
        return int(rows[-1].seq)
    alarms.end(session, Alarm.MISSED_STEP, now=now, before=now)
    return None


def calls(session: Session, *, now: datetime, grace: timedelta = GRACE) -> int:
    """Look at everybody on a roll who is silent or cannot come; of how many a step was missed.

    What was taken is read from the steps themselves, what had to be follows from the plan.
    """
    found, after = 0, 0
    while rows := callouts.climbing(session, now - grace, after=after, limit=BATCH):
        found, after = found + len(_missed_calls(session, rows, now, grace)), int(rows[-1].seq)
    alarms.end(session, Alarm.MISSED_CALL, now=now, before=now)
    return found


def _missed_calls(session: Session, rows: Sequence[Any], now: datetime, grace: timedelta) -> list[Any]:
    """Let the sweep find those that missed a step, and sound one alarm for each county with such."""
    steps: dict[UUID, list[Any]] = {}
    for step in callouts.taken(session, [row.id for row in rows]):
        steps.setdefault(step.callout_id, []).append(step)
    rules = {version: CALLOUTS.of_version(session, version) for version in {row.policy_version for row in rows}}
    hushed = silences.over(session, {row.region_code for row in rows if not Warned(row.level).presses}, now)
    missed: dict[str, list[Any]] = {}
    for row in rows:
        if not Warned(row.level).presses and any(row.region_code.startswith(region) for region in hushed):
            continue
        wanted = steps_expected(rules[row.policy_version].plans[Warned(row.level)], standing_of(row), now - grace)
        taken = {step.what for step in steps.get(row.id, ()) if step.at >= row.climbs_from}
        if len(taken) < wanted:
            log.error("missed_call", callout=str(row.id), expected=wanted, taken=len(taken))
            missed.setdefault(row.region_code[: LENGTHS[Level.COUNTY]], []).append(row)
    for county, those in missed.items():
        callouts.rouse(session, [row.id for row in those], now)
        if meant := [row for row in those if not row.is_drill]:  # a drill wakes nobody
            values = {"count": len(meant), "number": meant[0].number}
            alarms.sound(session, Alarm.MISSED_CALL, f"county/{county}", now=now, region=county, **values)
    return [row for those in missed.values() for row in those]


def _missed(session: Session, rows: Sequence[Any], now: datetime, grace: timedelta) -> list[UUID]:
    """Let the sweep find those that missed a step, and sound one alarm for each county with such."""
    told = newest(session, [row.id for row in rows], (CLIMB, RECOUNT))
    ladders = {
        version: HAZARDS.of_version(session, version).ladders.ladders
        for version in {row.policy_version for row in rows}
    }
    found: dict[str, list[UUID]] = {}
    for row in rows:
        severity = Severity(row.severity)
        if _is_spared(row, told.get((row.id, RECOUNT)), severity, now - grace):
            continue
        wanted = expected(ladders[row.policy_version][severity], row.phase_begun_at, row.due_at, now - grace)
        taken = _taken(row, told)
        if taken >= wanted:
            continue
        log.error("missed_step", hazard=str(row.id), expected=wanted, taken=taken)
        found.setdefault(row.region_code[: LENGTHS[Level.COUNTY]], []).append(row.id)
        if row.rung < wanted and (row.next_step_at is None or row.next_step_at > now):
            escalation.wake(session, row.seq, row.version, now)
    for county, missed in found.items():
        values = {"count": len(missed), "hazard": str(missed[0])}
        alarms.sound(session, Alarm.MISSED_STEP, f"county/{county}", now=now, region=county, **values)
    return [each for missed in found.values() for each in missed]


def _taken(row: Any, told: Mapping[tuple[UUID, str], Told]) -> int:
    """How many steps the timeline tells of since the phase began."""
    if row.facts == 0:
        return int(row.rung)  # from before there were timelines
    climbed = told.get((row.id, CLIMB))
    return int(climbed.body["rung"]) if climbed and climbed.at >= row.phase_begun_at else 0


def _is_spared(row: Any, recounted: Told | None, severity: Severity, until: datetime) -> bool:
    """Whether its deadline was counted anew so lately that its steps may wait for the notice that people are given."""
    if recounted is None or recounted.at < row.phase_begun_at:
        return False
    return recounted.at + notice(severity) > until


def _lates(session: Session) -> set[timedelta]:
    """How long after its deadline the steps of any ladder come, in any version of the policy."""
    every = HAZARDS.every(session)
    return {step.late for policy in every for ladder in policy.ladders.ladders.values() for step in ladder}
