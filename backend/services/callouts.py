"""Call-outs (叫应): everybody on the roll of a warning is called until somebody answers for them, and then let go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.domain import callouts as rules
from backend.domain.callout_plans import DOOR, Plan, Rung
from backend.domain.callouts import CALLOUT, Line, Move, State
from backend.domain.flood_warnings import Level
from backend.domain.notices import VOICE, Wanted
from backend.services import notices, rungs, warning_texts
from backend.services.letters import letter_id
from backend.services.policies import CALLOUTS
from backend.services.standings import as_row, standing_of
from backend.store import callouts, changes, silences

BATCH = 500
"""Call-outs a transaction: a third of a second, while their superiors are asked once for all (our judgement)."""
LONGEST_CALL = timedelta(seconds=120)
"""So long after it was taken a call has ended, whatever its provider says (our judgement)."""


@dataclass
class Doing:
    """What a look at many call-outs leads to, gathered so that it is written in a few statements."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    silent: dict[tuple[UUID, UUID], list[Any]] = field(default_factory=dict)
    """By whoever is told and the roll: the call-outs whose silence they hear of in one text. A substitute, who is to
    take over, hears of each by itself and can answer for it by a key.
    """
    doors: list[Any] = field(default_factory=list)


def sweep(session: Session, *, now: datetime, zone: ZoneInfo, limit: int = BATCH) -> tuple[int, list[Any]]:
    """Do what is due about the call-outs whose time has come: how many, and those at whose doors to knock.

    Their rows are written, and the calls and tidings are notices; doors are left to the caller.
    """
    due = callouts.claim_due(session, now, limit)
    if not due:
        return 0, []
    allowed = {each: callouts.of_list(session, each) for each in {row.drill_list_id for row in due} - {None}}
    lines = _lines(session, due, now)
    hushed = silences.over(session, {row.region_code for row in due if not Level(row.level).presses}, now)
    plan_of = {version: CALLOUTS.of_version(session, version) for version in {row.policy_version for row in due}}

    doing, moves = Doing(), list[tuple[Any, Plan, Move]]()
    for row in due:
        if row.drill_list_id is not None and row.person_id not in allowed[row.drill_list_id]:
            doing.rows.append(as_row(row, rules.ended(standing_of(row)), None))  # they have left the list
        elif (until := _hushed_until(row, hushed)) is not None:
            doing.rows.append(as_row(row, rules.hushed(standing_of(row), until), min(until, now + rules.HUSHED)))
        else:
            plan = plan_of[row.policy_version].plans[Level(row.level)]
            standing = rules.resumed(standing_of(row), now)
            moves.append((row, plan, rules.move(plan, standing, now, lines.get(row.id, Line.FREE))))
    climbing = [row for row, _, move in moves if move.steps]
    around = rungs.around(session, climbing, {row.person_id for row in due}, now=now, zone=zone)
    for row, plan, move in moves:
        _do(doing, row, plan, move, around, allowed.get(row.drill_list_id), now)
    _write(session, doing, now)
    return len(due), doing.doors


def _do(
    doing: Doing,
    row: Any,
    plan: Plan,
    move: Move,
    around: rungs.Ladder,
    allowed: Collection[UUID] | None,
    now: datetime,
) -> None:
    changes_to: dict[str, Any] = {}
    if move.call:
        person = around.called(row.person_id, allowed)
        wanted = warning_texts.call(row, move, person, is_again=bool(row.calls))
        changes_to |= {"called_at": row.called_at or now, "calls": row.calls + 1, "last_notice_id": wanted.id}
        doing.wanted.append(wanted)
        due_at = move.after.begun_at + plan.every * (move.after.tries - 1)
        doing.steps.append(_step(row, move, "call", person, due_at, now, number=move.after.tries))
    for step in move.steps:
        due_at = move.after.climbs_from + step.after
        if step.what == DOOR:
            doing.doors.append(row)
            changes_to["door_at"] = now
            continue
        people: list[UUID | None] = [*around.reached(row, step.what, allowed)]
        for person_id in people or [None]:
            doing.steps.append(_step(row, move, step.what, person_id, due_at, now))
            if person_id is not None:
                which = row.id if step.what == Rung.SUBSTITUTE else row.root_id
                doing.silent.setdefault((person_id, which), []).append((row, step))
        if people and step.what != Rung.SUBSTITUTE:
            changes_to["climbed_at"] = row.climbed_at or now
    if move.after.state is State.UNREACHED:
        doing.steps.append(_step(row, move, "unreached", None, now, now))
    doing.rows.append(as_row(row, move.after, move.next_at) | changes_to)


def _write(session: Session, doing: Doing, now: datetime) -> None:
    callouts.advance(session, doing.rows)
    callouts.note(session, doing.steps)
    for (person, _), silent in doing.silent.items():
        doing.wanted.append(warning_texts.silence(person, silent, now))
    notices.queue(session, doing.wanted, now=now)
    called = [(step["person_id"], step["callout_id"]) for step in doing.steps if step["what"] == "call"]
    changes.changed_all(session, now, called, CALLOUT)


def _lines(session: Session, due: Sequence[Any], now: datetime) -> dict[UUID, Line]:
    """Where the last calls of these are, as far as they have not ended."""
    calls = {letter_id(row.last_notice_id, VOICE): row.id for row in due if row.last_notice_id is not None}
    found = callouts.under_way(session, list(calls), now, now - LONGEST_CALL) if calls else {}
    return {calls[letter]: Line.QUEUED if waits else Line.RINGING for letter, waits in found.items()}


def _hushed_until(row: Any, hushed: Mapping[str, datetime]) -> datetime | None:
    """Until when nothing is to be said about a place; what presses is said all the same."""
    if Level(row.level).presses:
        return None
    return max((until for region, until in hushed.items() if row.region_code.startswith(region)), default=None)


def _step(
    row: Any, move: Move, what: str, person: UUID | None, due_at: datetime, now: datetime, *, number: int = 0
) -> dict[str, Any]:
    return {
        "callout_id": row.id,
        "round": move.after.round,
        "what": what,
        "number": number,
        "person_id": person,
        "drill_list_id": row.drill_list_id,
        "due_at": due_at,
        "at": now,
    }
