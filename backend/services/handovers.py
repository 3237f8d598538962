"""Handovers (河长交接): reaches go from one chief to the next, with a look at what goes over, and on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from backend.db import Session, lock
from backend.domain.access import Actor, may
from backend.domain.actions import Action
from backend.domain.appointments import may_give
from backend.domain.handovers import HAND_OVER, HANDOVER, LONGEST_AHEAD, Held, fitting, may_begin
from backend.domain.notices import Wanted
from backend.domain.terms import Duty, Level, Post
from backend.errors import BadInput, Flaw, Forbidden, NotFound
from backend.models.segments import Assignment
from backend.services import charge, notices, replays, succession, timeline
from backend.store import appointments, changes, handovers, hazards
from backend.words import Text


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to hand over: to whom, which reaches (all where none is named), and from which day."""

    giver: UUID | None
    """None: reaches that have no chief of their own."""
    taker: UUID
    codes: tuple[str, ...]
    since: date


@dataclass(frozen=True, slots=True)
class Reach:
    """A reach that would go over, and the post of the taker by which it would."""

    row: Any
    duty: Duty
    by: Held
    assignment_id: UUID | None
    """The giver's; None where there is no giver."""
    open_hazards: int
    acting: Sequence[Any]
    """Who acts for its chief on the day, and does so no longer then."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would go over, and what would stay."""

    wish: Wish
    giver: Any
    taker: Any
    reaches: Sequence[Reach]
    stays: Sequence[Any]
    """What the giver answers for and would keep."""
    hazards: Sequence[Any]
    """Open hazards there that the giver has to mend."""
    measures: Sequence[UUID]
    """Interim measures there that the giver watches."""


def planned(session: Session, actor: Actor, wish: Wish, *, today: date) -> Plan:
    """What a handover would do.

    NotFound for people whom the actor does not see, Forbidden for one's own reaches and posts that one does not give,
    BadInput for a reach that the giver has not got on that day, or the taker may not have.
    """
    taker, posts, giver = _people(session, actor, wish, today=today)
    if not may_begin(wish.since, today):
        raise BadInput.at("/from", "flaw.handover_day", days=LONGEST_AHEAD.days)
    held = handovers.held(session, wish.giver, wish.since) if wish.giver else []
    rows = _wanted(session, actor, wish, held)
    reaches = _checked(session, wish, rows, posts)
    if not all(may_give(actor, reach.by.post, reach.by.region) for reach in reaches):
        raise Forbidden("give_post")

    ids = [row.id for row in rows]
    chosen = set(ids)
    return Plan(
        wish,
        giver,
        taker,
        reaches,
        [row for row in held if row.id not in chosen],
        handovers.to_mend(session, wish.giver, ids) if wish.giver else [],
        handovers.watched(session, wish.giver, ids) if wish.giver else [],
    )


def known(session: Session, actor: Actor, handover_id: UUID, digest: bytes) -> Any:
    """The handover of that id where this very one was made before; Conflict where the id stands for another."""
    there = handovers.existing(session, handover_id)
    return None if there is None else replays.same(there, actor.person_id, digest)


def hold(session: Session, wish: Wish) -> None:
    """Let nobody else change what these people answer for until the transaction ends."""
    lock(session, *(f"person:{each}" for each in (wish.giver, wish.taker) if each), "handover")


def make(
    session: Session,
    actor: Actor,
    handover_id: UUID,
    plan: Plan,
    reason: str,
    digest: bytes,
    *,
    today: date,
    now: datetime,
) -> None:
    """Hand over what was planned; on a day to come its hazards follow on that day."""
    wish = plan.wish
    ended = [reach.assignment_id for reach in plan.reaches if reach.assignment_id]
    appointments.end_assignments(session, ended, wish.since)
    ids = [reach.row.id for reach in plan.reaches if reach.duty is Duty.CHIEF]
    succession.replace(session, ids, wish.since, today=today, now=now)
    given = [(reach.row.id, _give(session, handover_id, wish, reach)) for reach in plan.reaches]
    handovers.add(
        session,
        {
            "id": handover_id,
            "giver_id": wish.giver,
            "taker_id": wish.taker,
            "from_day": wish.since,
            "reason": reason,
            "made_by_id": actor.person_id,
            "made_at": now,
            "body_sha256": digest,
            "hazards": [],
        },
        given,
    )
    codes = [reach.row.code for reach in plan.reaches]
    body = {"from": str(wish.giver or ""), "to": str(wish.taker), "segments": codes, "since": wish.since.isoformat()}
    changes.record(session, now, actor.person_id, HAND_OVER, HANDOVER, str(handover_id), body | {"reason": reason})
    _tell(session, handover_id, plan, today=today, now=now)
    if wish.since <= today:
        _settle(session, handovers.existing(session, handover_id), [one for one, _ in given], now=now)


def waiting(session: Session, *, today: date, limit: int) -> list[UUID]:
    """Handovers whose day has come and whose hazards have not gone over yet."""
    return handovers.waiting(session, today, limit)


def settle(session: Session, handover_id: UUID, *, now: datetime) -> bool:
    """Let the hazards of a handover whose day has come go over; whether nobody else was at it."""
    found = handovers.taken(session, handover_id)
    if found is None:
        return False
    reaches = handovers.segments_of(session, [found.id]).get(found.id, [])
    _settle(session, found, [row.id for row in reaches], now=now)
    return True


def _people(session: Session, actor: Actor, wish: Wish, *, today: date) -> tuple[Any, list[Held], Any]:
    """The taker with every post, and the giver, as the actor sees them."""
    if actor.person_id in (wish.giver, wish.taker):
        raise Forbidden("own_post")
    if wish.giver == wish.taker:
        raise BadInput.at("/taker", "flaw.handover_self")
    taker, rows = _seen(session, actor, "taker", wish.taker, today)
    giver, _ = _seen(session, actor, "giver", wish.giver, today) if wish.giver else (None, ())
    if not taker.is_active:
        raise NotFound.at("/taker", "flaw.person")
    return taker, [Held(row.id, Post(row.post), row.region_code, row.from_day, row.until_day) for row in rows], giver


def _seen(session: Session, actor: Actor, name: str, person: UUID, today: date) -> tuple[Any, Sequence[Any]]:
    try:
        return charge.seen(session, actor, person, today=today)
    except NotFound:
        raise NotFound.at(f"/{name}", "flaw.person") from None


def _wanted(session: Session, actor: Actor, wish: Wish, held: Sequence[Any]) -> list[Any]:
    """The rows of the reaches that are to go over; every one that the giver has, where none is named."""
    there = {row.code: row for row in (held if wish.giver else handovers.reaches(session, wish.codes, wish.since))}
    flaws = [
        Flaw(f"/segments/{number}", Text("flaw.not_held" if wish.giver else "import.unknown_segment", {"code": code}))
        for number, code in enumerate(wish.codes)
        if code not in there or not may(actor, Action.CHANGE_PEOPLE, there[code].region_code)
    ]
    rows = [there[code] for code in dict.fromkeys(wish.codes) if code in there] if wish.codes else list(there.values())
    if not flaws and not rows:
        flaws = [Flaw("/segments", Text("flaw.nothing_held"))]
    if flaws:
        raise BadInput(*flaws)
    return rows


def _checked(session: Session, wish: Wish, rows: Sequence[Any], posts: Sequence[Held]) -> list[Reach]:
    """Each reach with the taker's post by which it goes over; BadInput where there is none, or it is taken."""
    ids = [row.id for row in rows]
    others: dict[UUID, list[Any]] = {}
    for each in handovers.chiefs(session, ids, wish.since):
        others.setdefault(each.segment_id, []).append(each)
    hazards_on = handovers.open_on(session, ids)
    found, flaws = list[Reach](), list[Flaw]()
    for number, row in enumerate(rows):
        duty = Duty(row.duty) if wish.giver else Duty.CHIEF
        by = fitting(posts, level=Level(row.level), region=row.region_code, duty=duty, day=wish.since)
        there = others.get(row.id, [])
        if by is None:
            flaws.append(Flaw("/taker", Text("flaw.handover_post", {"name": row.name})))
        elif why := _taken(wish, there, duty):
            flaws.append(Flaw(f"/segments/{number}", Text(why, {"name": row.name})))
        else:
            acting = [
                each for each in _last(wish, there) if each.appointment_id is None and each.person_id != wish.giver
            ]
            mine = row.assignment_id if wish.giver else None
            found.append(Reach(row, duty, by, mine, hazards_on.get(row.id, 0), acting))
    if flaws:
        raise BadInput(*flaws)
    return found


def _taken(wish: Wish, there: Sequence[Any], duty: Duty) -> str | None:
    """Why a reach cannot go to the taker: the key of the sentence."""
    alike = [each for each in there if each.duty == duty]
    now = [each for each in _last(wish, alike) if each.appointment_id is not None]
    if any(each.person_id == wish.taker for each in now):
        return "flaw.reach_had"
    if wish.giver is None and now:
        return "flaw.reach_taken"
    has_begun = any(each.person_id == wish.taker and each.from_day == wish.since for each in alike)
    return "flaw.handover_same_day" if has_begun else None


def _last(wish: Wish, there: Sequence[Any]) -> list[Any]:
    """Those who answer for it on the day or later."""
    return [each for each in there if each.until_day is None or each.until_day > wish.since]


def _give(session: Session, handover_id: UUID, wish: Wish, reach: Reach) -> UUID:
    row_id = uuid5(handover_id, reach.row.code + reach.duty)
    key = {"person_id": wish.taker, "segment_id": reach.row.id, "appointment_id": reach.by.id}
    row = Assignment(id=row_id, duty=reach.duty.value, from_day=wish.since, until_day=reach.by.until, **key)
    appointments.add(session, row)
    return row_id


def _tell(session: Session, handover_id: UUID, plan: Plan, *, today: date, now: datetime) -> None:
    """Both phones hear of it today where it is of today, and the taker has a notice in any case."""
    wish, ids = plan.wish, [reach.row.id for reach in plan.reaches]
    if wish.since <= today:
        changes.changed_all(session, now, [(wish.taker, each) for each in ids], "segment")
        if wish.giver is not None:
            changes.changed_all(session, now, [(wish.giver, each) for each in ids], "segment", "gone")
    names = "、".join(reach.row.name for reach in plan.reaches[:3])
    values: Mapping[str, Any] = {"count": len(ids), "names": names, "day": wish.since.isoformat()}
    about = (HANDOVER, handover_id)
    notices.queue(session, [Wanted(wish.taker, f"handover:{handover_id}", HANDOVER, values, about=about)], now=now)


def _settle(session: Session, row: Any, segments: Sequence[UUID], *, now: datetime) -> None:
    """The hazards that the giver has to mend there, and the measures watched there, are the taker's now."""
    if row.giver_id is None:
        handovers.settled(session, row.id, [], now)
        return
    handovers.hold_hazards(session, [each.id for each in handovers.to_mend(session, row.giver_id, segments)])
    moved = handovers.to_mend(session, row.giver_id, segments)
    said = timeline.whole({"from": row.giver_id, "person": row.taker_id, "handover": row.id})
    happened = timeline.prepare(
        [
            timeline.Happened("hazard", each.id, timeline.head_of(each), HAND_OVER, said, by=row.made_by_id)
            for each in moved
        ],
        now=now,
    )
    timeline.write(session, happened)
    for each, head in zip(moved, happened.heads, strict=True):
        hazards.change(session, each.seq, assignee_id=row.taker_id, **timeline.columns(head))
    handovers.give_watch(session, handovers.watched(session, row.giver_id, segments), row.taker_id)
    told = [(person, each.id) for each in moved for person in (row.giver_id, row.taker_id)]
    changes.changed_all(session, now, told, "hazard")
    handovers.settled(session, row.id, [each.id for each in moved], now)
