"""Drill lists (演练名单): who was asked, who has agreed, and whose number leads nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor, may, scope_of
from backend.domain.actions import Action
from backend.domain.drills import DRILL_LIST, MOST_PEOPLE, DrillListDraft, Monthly, Unreached, check_word
from backend.domain.flood_warnings import WARNING
from backend.domain.notices import APP, SMS, Wanted
from backend.domain.regions import LENGTHS
from backend.domain.terms import Post
from backend.errors import BadInput, Flaw, NotFound
from backend.services import notices, replays
from backend.store import changes, escalation, regions, rolls
from backend.store import drills as store
from backend.words import Text


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says to a list, or what a paper of theirs says."""

    agrees: bool
    note: str = ""


def put(session: Session, actor: Actor, draft: DrillListDraft, *, now: datetime, today: date) -> tuple[Any, bool]:
    """Make a list, once, and ask its people: it, and whether it is new.

    NotFound for a region or for people that are not the actor's, Conflict for an id that stands for another list.
    """
    known = store.existing(session, draft.id)
    if known is not None:
        return replays.same(known, actor.person_id, draft.body_sha256), False
    if draft.region not in regions.names(session, [draft.region]) or not may(actor, Action.MAKE_DRILL, draft.region):
        raise NotFound.at("/region", "flaw.region_here")

    values = {
        "id": draft.id,
        "name": draft.name,
        "region_code": draft.region,
        "made_by_id": actor.person_id,
        "made_at": now,
        "body_sha256": draft.body_sha256,
    }
    if not store.add(session, values | _monthly(draft.monthly, now)):
        return replays.same(store.existing(session, draft.id), actor.person_id, draft.body_sha256), False
    said = {"name": draft.name, "region": draft.region, "people": len(draft.people)}
    changes.record(session, now, actor.person_id, "make", DRILL_LIST, str(draft.id), said)
    row = store.existing(session, draft.id)
    _ask(session, row, draft.people, now=now, today=today)
    return row, True


def ask(session: Session, actor: Actor, list_id: UUID, people: Sequence[UUID], *, now: datetime, today: date) -> Any:
    """Ask more people; who was asked before is not asked again. The list."""
    row = _own(session, actor, list_id)
    _ask(session, row, people, now=now, today=today)
    changes.record(session, now, actor.person_id, "ask", DRILL_LIST, str(list_id), {"people": len(people)})
    return row


def set_monthly(session: Session, actor: Actor, list_id: UUID, monthly: Monthly | None, *, now: datetime) -> Any:
    """Say on what day of each month they are called by themselves, or that they are not. The list."""
    _own(session, actor, list_id)
    values = _monthly(monthly, now)
    store.change(session, list_id, **values)
    said = {name: values[name] for name in ("monthly_day", "monthly_hour")}
    changes.record(session, now, actor.person_id, "set_monthly", DRILL_LIST, str(list_id), said)
    return store.existing(session, list_id)


def say(session: Session, by: Actor, list_id: UUID, person: UUID, word: Word, *, now: datetime) -> Any:
    """Keep whether somebody takes part, in their own words or by a paper that `by` holds: what stands now.

    NotFound where they were not asked, or are not the actor's; Conflict for a paper of somebody who has said no.
    """
    row = store.member(session, list_id, person)
    if row is None or (by.person_id != person and not may(by, Action.MAKE_DRILL, row.region_code)):
        raise NotFound()
    check_word(person, by.person_id, row.said_by_id, agrees=word.agrees, has_left=row.left_at is not None)
    if (row.agreed_at is not None and row.left_at is None) == word.agrees and row.said_by_id is not None:
        return row

    agreed_at, left_at = (now, None) if word.agrees else (row.agreed_at, now)
    values = {"agreed_at": agreed_at, "left_at": left_at, "said_by_id": by.person_id, "note": word.note}
    store.say(session, list_id, person, **values)
    if not word.agrees:
        store.let_go(session, list_id, person, now)
    said = {"person": str(person), "agrees": word.agrees, "note": word.note}
    changes.record(session, now, by.person_id, "say", DRILL_LIST, str(list_id), said)
    return store.member(session, list_id, person)


def listed(session: Session, actor: Actor) -> list[Any]:
    """Lists of the actor's part of the world."""
    return store.listed(session, scope_of(actor, Action.MAKE_DRILL))


def one(session: Session, actor: Actor, list_id: UUID) -> Any:
    """One of them, counted; NotFound for one that is not the actor's."""
    row = store.counted(session, list_id)
    if row is None or not may(actor, Action.MAKE_DRILL, row.region_code):
        raise NotFound()
    return row


def members(session: Session, actor: Actor, list_id: UUID, *, limit: int, after: UUID | None) -> list[Any]:
    """People of a list with what they have said; NotFound for one that is not the actor's."""
    _own(session, actor, list_id)
    return store.members(session, list_id, limit=limit, after=after)


def of_person(session: Session, person: UUID) -> list[Any]:
    """Lists that have asked somebody."""
    return store.of_person(session, person)


def unreached(session: Session, root_id: UUID, parts: Sequence[str]) -> list[Unreached]:
    """Whom no call of a roll reached, and how each channel failed: those with a dead number first."""
    rows = store.unreached(session, root_id, parts)
    failed = store.failures(session, [row.id for row in rows])
    found = [
        Unreached(
            row.person_id,
            row.name,
            row.post,
            row.region_code,
            row.phone_head,
            row.phone_tail,
            tuple(sorted(failed[row.id])),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: not each.is_dead)


def report(session: Session, root: Any, *, now: datetime, today: date) -> None:
    """Tell the office clerks of a list's region, or of the one around it, what its drill has found."""
    row = store.existing(session, root.drill_list_id)
    assert row is not None
    region = row.region_code
    numbers = rolls.tally(session, root.id, [region], len(region), late_from=now)
    called, answered = (sum(getattr(row, name) for row in numbers) for name in ("called", "answered"))
    if not called:
        return
    found = unreached(session, root.id, [region])
    dead = sum(each.is_dead for each in found)
    values = {"number": root.number, "people": called, "answered": answered, "dead": dead}
    values |= {"unanswered": called - answered - dead}
    about, fact = (WARNING, root.id), f"drill_report:{root.id}"
    clerks = _clerks(session, region, today)
    wanted = (Wanted(each, fact, "drill_report", values, about=about, is_drill=True) for each in clerks)
    notices.queue(session, wanted, now=now)


def _clerks(session: Session, region: str, today: date) -> Sequence[UUID]:
    places = [region[:length] for length in sorted(LENGTHS.values(), reverse=True) if length <= len(region)]
    held = escalation.holders(session, [Post.OFFICE_CLERK], places, today)
    return next((held[Post.OFFICE_CLERK, place] for place in places if (Post.OFFICE_CLERK, place) in held), ())


def _own(session: Session, actor: Actor, list_id: UUID) -> Any:
    row = store.held(session, list_id)
    if row is None or not may(actor, Action.MAKE_DRILL, row.region_code):
        raise NotFound()
    return row


def _ask(session: Session, row: Any, people: Sequence[UUID], *, now: datetime, today: date) -> None:
    there = store.people_there(session, people, row.region_code, today) if people else set()
    unknown = [
        Flaw(f"/people/{index}", Text("flaw.person_there")) for index, each in enumerate(people) if each not in there
    ]
    if unknown:
        raise NotFound.of(unknown)
    store.ask(session, row.id, people, now)
    if store.how_many(session, row.id) > MOST_PEOPLE:
        raise BadInput.at("/people", "flaw.length", low=0, high=MOST_PEOPLE)
    values = {"name": row.name}
    wanted = (
        Wanted(each, f"drill_asked:{row.id}", "drill_asked", values, channels=(APP, SMS), about=(DRILL_LIST, row.id))
        for each in people
    )
    notices.queue(session, wanted, now=now)


def _monthly(monthly: Monthly | None, now: datetime) -> dict[str, Any]:
    if monthly is None:
        return dict.fromkeys(("monthly_day", "monthly_hour", "monthly_since"))
    return {"monthly_day": monthly.day, "monthly_hour": monthly.hour, "monthly_since": now}
