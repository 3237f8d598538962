"""Door-knocks (上门): a neighbour who has answered goes to the door of one who has not, else somebody of the town."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.domain.access import Actor, may, scope_of
from backend.domain.actions import Action
from backend.domain.callout_plans import Rung
from backend.domain.door_knocks import nearest
from backend.domain.regions import LENGTHS
from backend.domain.terms import Level
from backend.errors import Conflict, Forbidden, NotFound
from backend.services import notices, rungs, warning_texts
from backend.store import callouts, door_knocks

PATIENCE = timedelta(minutes=10)
"""So long a neighbour may be silent before the town is asked (our judgement)."""
BATCH = 500


class Outcome(StrEnum):
    """What came of it."""

    MET = "met"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class DoorDraft:
    """What whoever went there reports."""

    body_sha256: bytes
    outcome: Outcome
    note: str


def send(session: Session, rows: Sequence[Any], *, now: datetime, zone: ZoneInfo) -> None:
    """Give out the doors of these silent people, each once in a round: to a neighbour of theirs, else to their town."""
    if not rows:
        return
    ladder = rungs.around(session, rows, now=now, zone=zone)
    allowed = _allowed(session, rows)
    able = _able(session, rows)
    busy: Counter[UUID] = Counter()
    silent = {row.person_id for row in rows}
    found, wanted = [], []
    for row in rows:
        near = _near(row, able, allowed)
        person = min(near, key=lambda each: busy[each], default=None) or _town(ladder, row, silent, allowed)
        if person is not None:
            busy[person] += 1
            wanted.append(warning_texts.door(row, person, is_passed=False))
        found.append(_row(row, person, now))
    callouts.note(session, [_step(row, each["given_to_id"], now) for row, each in zip(rows, found, strict=True)])
    door_knocks.add_all(session, found)
    notices.queue(session, wanted, now=now)


def pass_on(session: Session, *, now: datetime, zone: ZoneInfo) -> int:
    """Doors of which a neighbour has said nothing go to the town; how many."""
    rows = door_knocks.stale(session, now - PATIENCE, BATCH)
    if not rows:
        return 0
    ladder, allowed = rungs.around(session, rows, now=now, zone=zone), _allowed(session, rows)
    for row in rows:
        person = _town(ladder, row, {row.person_id, row.given_to_id}, allowed)
        door_knocks.passed(session, row.door_id, person or row.given_to_id, now)
        if person is not None and person != row.given_to_id:
            notices.queue(session, [warning_texts.door(row, person, is_passed=True)], now=now)
    return len(rows)


def report(session: Session, actor: Actor, door_id: UUID, draft: DoorDraft, *, now: datetime) -> tuple[Any, bool]:
    """Keep what came of it, once: the door, and whether the report is new.

    NotFound for whoever was not sent and does not see the region, Forbidden where it is not theirs to report.
    """
    row = door_knocks.held(session, door_id)
    if row is None or not _sees(actor, row):
        raise NotFound()
    if row.given_to_id not in actor.whose and not may(actor, Action.ANSWER_FOR, row.region_code):
        raise Forbidden("region")
    if row.done_at is not None:
        if row.body_sha256 != draft.body_sha256:
            raise Conflict()
        return row, False
    done = {"done_at": now, "done_by_id": actor.person_id, "outcome": draft.outcome.value, "note": draft.note}
    door_knocks.finish(session, door_id, body_sha256=draft.body_sha256, **done)
    return door_knocks.one(session, door_id), True


def seen(session: Session, actor: Actor, door_id: UUID) -> Any:
    """A door for whoever was sent there or sees the region; else NotFound."""
    row = door_knocks.one(session, door_id)
    if row is None or not _sees(actor, row):
        raise NotFound()
    return row


def _sees(actor: Actor, row: Any) -> bool:
    return row.given_to_id in actor.whose or scope_of(actor, Action.SEE_WARNINGS).holds(row.region_code)


def _able(session: Session, rows: Sequence[Any]) -> Mapping[tuple[UUID, str], Sequence[tuple[int, UUID]]]:
    """Who can go, with the code of where they sit, by the roll and the town."""
    found: dict[tuple[UUID, str], list[tuple[int, UUID]]] = {}
    for each in door_knocks.able(session, [row.id for row in rows]):
        found.setdefault((each.root_id, _town_of(each)), []).append((int(each.region_code), each.person_id))
    return found


def _near(
    row: Any,
    able: Mapping[tuple[UUID, str], Sequence[tuple[int, UUID]]],
    allowed: Mapping[UUID | None, Collection[UUID]],
) -> list[UUID]:
    """Neighbours who can go; in a drill those who still take part."""
    near = nearest(int(row.region_code), row.person_id, able.get((row.root_id, _town_of(row)), ()))
    return near if row.drill_list_id is None else [each for each in near if each in allowed[row.drill_list_id]]


def _town_of(row: Any) -> str:
    code: str = row.region_code
    return code[: LENGTHS[Level.TOWN]]


def _allowed(session: Session, rows: Sequence[Any]) -> Mapping[UUID | None, Collection[UUID]]:
    """Who takes part in the drills among them, list by list."""
    return {each: callouts.of_list(session, each) for each in {row.drill_list_id for row in rows} - {None}}


def _town(
    ladder: rungs.Ladder, row: Any, silent: Collection[UUID | None], lists: Mapping[UUID | None, Collection[UUID]]
) -> UUID | None:
    """Somebody of the town who does not sleep himself, else of the county or the city."""
    allowed = lists.get(row.drill_list_id)
    for rung in (Rung.TOWN, Rung.COUNTY_DUTY, Rung.CITY_DUTY):
        awake = [person for person in ladder.reached(row, rung, allowed) if person not in silent]
        if awake:
            return awake[0]
    return None


def _row(row: Any, person: UUID | None, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid5(row.id, f"door:{row.round}"),
        "callout_id": row.id,
        "round": row.round,
        "root_id": row.root_id,
        "region_code": row.region_code,
        "given_to_id": person,
        "drill_list_id": row.drill_list_id,
        "given_at": now,
        "note": "",
    }


def _step(row: Any, person: UUID | None, now: datetime) -> dict[str, Any]:
    return {
        "callout_id": row.id,
        "round": row.round,
        "what": "door",
        "number": 0,
        "person_id": person,
        "drill_list_id": row.drill_list_id,
        "due_at": now,
        "at": now,
    }
