"""Call-outs (叫应): everybody on the roll of a warning is called until somebody answers for them, and then let go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain import callouts as rules
from backend.domain.callout_plans import DOOR, Plan, Rung
from backend.domain.callouts import CALLOUT, Move, Standing, State
from backend.domain.flood_warnings import Level
from backend.domain.lanes import Hours, quiet_until
from backend.domain.notices import VOICE, Wanted
from backend.domain.rolls import Called, roll
from backend.domain.terms import Post
from backend.keyring import KeyRing
from backend.services import links, notices, rungs, warning_texts
from backend.services.flood_policies import PLANS
from backend.services.letters import letter_id
from backend.store import callouts, changes, flood_warnings, risk, silences

CALLS = ("callout", "callout_report")
"""What is not sent any more to whoever has answered, or is called by a newer revision."""
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


def fill(
    session: Session,
    warning: Any,
    keyring: KeyRing,
    *,
    now: datetime,
    zone: ZoneInfo,
    hours: Hours,
    limit: int = BATCH,
) -> int:
    """Write call-outs for the next people on the roll of an issued warning; how many are left to be written.

    Whoever has one from an earlier revision keeps it: `renew` says what becomes of that.
    """
    today = day_of(now, zone)
    people = audience(session, warning, today)
    have = callouts.people_of(session, warning.root_id)
    missing = [each for each in people if each.person_id not in have]
    begin = begins_at(Level(warning.level), warning.issued_at, zone, hours)
    callouts.add_all(session, [_row(warning, each, keyring, begin) for each in missing[:limit]])
    if len(missing) <= limit:
        flood_warnings.change(session, warning.id, filled_at=now)
    count = len(have) + min(limit, len(missing))
    flood_warnings.change(session, warning.root_id, people=count)
    return max(0, len(missing) - limit)


def audience(session: Session, warning: Any, today: date) -> list[Called]:
    """Everybody whom a warning calls, those inside the risk area first; of a drill only people of its list."""
    segments = [UUID(each) for each in warning.segments]
    posts = [Post(each) for each in warning.posts]
    reaches = callouts.answerable(session, warning.regions, segments, today)
    seats = callouts.seated(session, warning.regions, warning.posts, today) if warning.regions else []
    risky = risk.risky(session, {row.segment_id for row in reaches})
    people = roll(reaches, seats, posts, focus=warning.focus, risky=risky)
    if warning.drill_list_id is None:
        return people
    allowed = callouts.of_list(session, warning.drill_list_id)
    return [each for each in people if each.person_id in allowed]


def begins_at(level: Level, issued_at: datetime, zone: ZoneInfo, hours: Hours) -> datetime:
    """When the calls of a level begin: what presses at once, the rest not in the quiet hours."""
    return issued_at if level.presses else quiet_until(issued_at, zone, hours)


def renew(
    session: Session, warning: Any, before: Any, *, now: datetime, zone: ZoneInfo, hours: Hours, must_answer: bool
) -> list[UUID]:
    """Bring the roll of an earlier revision under the new one; those who are not concerned any more are let go.

    `must_answer`: it is graver, so everybody is called and the board begins anew. Else who has answered only hears of
    it. Those let go.
    """
    concerned = {each.person_id for each in audience(session, warning, day_of(now, zone))}
    begin = begins_at(Level(warning.level), warning.issued_at, zone, hours)
    have = callouts.people_of(session, warning.root_id).values()
    plan = PLANS.of_version(session, warning.policy_version).plans[Level(warning.level)]
    rows, gone, told = [], [], []
    for row in have:
        if row.person_id not in concerned:
            gone += [row] if row.warning_id == before.id else []  # others were let go by an earlier revision
            continue
        standing = rules.renewed(
            standing_of(row), begin, must_answer=must_answer, is_same=before.level == warning.level
        )
        if standing is None:
            standing = standing_of(row)
            told.append(row)
        forgotten = dict.fromkeys(_OF_LEVEL) if must_answer else {name: getattr(row, name) for name in _OF_LEVEL}
        then = rules.next_at(plan, standing, begin)
        rows.append(_as_row(row, standing, then) | forgotten | {"warning_id": warning.id})
    kept = {row.person_id for row in told}
    callouts.take_back(session, [row.id for row in have if row.person_id not in kept], now, CALLS)
    callouts.advance(session, rows)
    notices.queue(session, warning_texts.updated(warning, before, told), now=now)
    _let_go(session, gone, now=now)
    return [row.person_id for row in gone]


def end(session: Session, root_id: UUID, *, now: datetime) -> set[UUID]:
    """Nobody is called any more: the warning is over. Everybody who has heard of it, who must hear of this, too."""
    told = callouts.told_of(session, root_id)
    _let_go(session, list(callouts.people_of(session, root_id).values()), now=now)
    return told


def hearers(session: Session, warning: Any, people: Iterable[UUID]) -> list[UUID]:
    """Those of them who may be told of it: of a drill nobody who is not on its list, or has left it."""
    if warning.drill_list_id is None:
        return list(people)
    allowed = callouts.of_list(session, warning.drill_list_id)
    return [person for person in people if person in allowed]


def sweep(session: Session, *, now: datetime, zone: ZoneInfo, limit: int = BATCH) -> tuple[int, list[Any]]:
    """Do what is due about the call-outs whose time has come: how many, and those at whose doors to knock.

    Their rows are written, and the calls and tidings are notices; doors are left to the caller.
    """
    due = callouts.claim_due(session, now, limit)
    if not due:
        return 0, []
    around = rungs.around(session, due, now=now, zone=zone)
    allowed = {each: callouts.of_list(session, each) for each in {row.drill_list_id for row in due} - {None}}
    ringing = _ringing(session, due, now)
    hushed = silences.over(session, {row.region_code for row in due if not Level(row.level).presses}, now)
    plan_of = {version: PLANS.of_version(session, version) for version in {row.policy_version for row in due}}

    doing = Doing()
    for row in due:
        if row.drill_list_id is not None and row.person_id not in allowed[row.drill_list_id]:
            doing.rows.append(_as_row(row, rules.ended(standing_of(row)), None))  # they have left the list
            continue
        if (until := _hushed_until(row, hushed)) is not None:
            doing.rows.append(_as_row(row, standing_of(row), until))
            continue
        plan = plan_of[row.policy_version].plans[Level(row.level)]
        move = rules.move(plan, standing_of(row), now, is_ringing=row.id in ringing)
        _do(doing, row, plan, move, around, allowed.get(row.drill_list_id), now)
    _write(session, doing, now)
    return len(due), doing.doors


def standing_of(row: Any) -> Standing:
    """A row as the rules know it."""
    return Standing(row.begun_at, row.climbs_from, State(row.state), row.round, row.tries, row.taken, row.said_at)


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
        doing.steps.append(_step(row, move, "call", person, max(due_at, row.begun_at), now, number=move.after.tries))
    for step in move.steps:
        due_at = row.climbs_from + step.after
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
    doing.rows.append(_as_row(row, move.after, move.next_at) | changes_to)


def _write(session: Session, doing: Doing, now: datetime) -> None:
    callouts.advance(session, doing.rows)
    callouts.note(session, doing.steps)
    for (person, _), silent in doing.silent.items():
        doing.wanted.append(warning_texts.silence(person, silent, now))
    notices.queue(session, doing.wanted, now=now)
    called = [(step["person_id"], step["callout_id"]) for step in doing.steps if step["what"] == "call"]
    changes.changed_all(session, now, called, CALLOUT)


def _ringing(session: Session, due: Sequence[Any], now: datetime) -> set[UUID]:
    """Those whose last call waits for a line or is in one."""
    calls = {letter_id(row.last_notice_id, VOICE): row.id for row in due if row.last_notice_id is not None}
    return (
        {calls[letter] for letter in callouts.ringing(session, list(calls), now, now - LONGEST_CALL)}
        if calls
        else set()
    )


def _let_go(session: Session, rows: Sequence[Any], *, now: datetime) -> None:
    """Nothing is due about them any more, and what has not been sent yet is not sent."""
    callouts.take_back(session, [row.id for row in rows], now)
    callouts.advance(session, [_as_row(row, rules.ended(standing_of(row)), None) for row in rows])
    changes.changed_all(session, now, [(row.person_id, row.id) for row in rows], CALLOUT)


def _hushed_until(row: Any, hushed: Mapping[str, datetime]) -> datetime | None:
    """Until when nothing is to be said about a place; what presses is said all the same."""
    if Level(row.level).presses:
        return None
    return max((until for region, until in hushed.items() if row.region_code.startswith(region)), default=None)


def _row(warning: Any, called: Called, keyring: KeyRing, begin: datetime) -> dict[str, Any]:
    callout_id = uuid5(warning.root_id, str(called.person_id))
    return {
        "id": callout_id,
        "root_id": warning.root_id,
        "warning_id": warning.id,
        "person_id": called.person_id,
        "post": called.post.value,
        "region_code": called.region_code,
        "segment_id": called.segment_id,
        "priority": rules.priority(is_inside=called.is_inside, is_first=True, is_drill=warning.is_drill),
        "is_drill": warning.is_drill,
        "drill_list_id": warning.drill_list_id,
        "link_sha256": links.digest(links.token(keyring, callout_id)),
        "version": 1,
        "state": State.OPEN.value,
        "round": 1,
        "begun_at": begin,
        "climbs_from": begin,
        "tries": 0,
        "calls": 0,
        "taken": 0,
        "next_at": begin,
    }


_OF_LEVEL = ("called_at", "reached_at", "climbed_at", "door_at", "answered_at", "answer_s", "how")
"""What the board tells of one level of a warning: of a graver one nobody has heard yet."""
_KEPT = ("called_at", "calls", "last_notice_id", "climbed_at", "door_at", "warning_id")


def _as_row(row: Any, standing: Standing, next_at: datetime | None) -> dict[str, Any]:
    """How it stands, with the columns that a look may change: all rows of a statement name the same ones."""
    return {name: getattr(row, name) for name in _KEPT} | {
        "seq": row.seq,
        "state": standing.state.value,
        "round": standing.round,
        "begun_at": standing.begun_at,
        "climbs_from": standing.climbs_from,
        "tries": standing.tries,
        "taken": standing.taken,
        "said_at": standing.said_at,
        "next_at": next_at,
    }


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
