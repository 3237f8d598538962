"""Suggestions (检察建议): a prosecutor makes one about a case that lies with them; it climbs until it is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.access import LAW, Actor, Scope, may, scope_of, with_cases
from backend.domain.actions import Action
from backend.domain.cooperation import LADDER, SUGGESTION, SuggestionDraft, check_suggester, reply_by
from backend.domain.escalation import Rung, Step, climb, next_look
from backend.domain.notices import APP, SMS, Wanted
from backend.domain.regions import LENGTHS
from backend.domain.terms import Level, Post
from backend.errors import Conflict, Forbidden, NotFound
from backend.services import notices, replays, timeline
from backend.services.policies import HAZARDS
from backend.store import changes, escalation, hazards
from backend.store import suggestions as store

BATCH = 100
_RUNGS: Mapping[Rung, tuple[tuple[Post, Level], ...]] = {
    Rung.OWNER: ((Post.BUREAU_CLERK, Level.COUNTY), (Post.OFFICE_CLERK, Level.COUNTY)),
    Rung.TOWN_CHIEF: ((Post.TOWN_CHIEF, Level.TOWN),),
    Rung.COUNTY_OFFICE: ((Post.OFFICE_CLERK, Level.COUNTY),),
    Rung.COUNTY_CHIEF: ((Post.COUNTY_CHIEF, Level.COUNTY),),
    Rung.CITY_OFFICE: ((Post.OFFICE_CLERK, Level.CITY),),
    Rung.CITY_CHIEF: ((Post.CITY_CHIEF, Level.CITY),),
}
"""Who owes the reply, and who hears of it when there is none."""


def make(session: Session, actor: Actor, draft: SuggestionDraft, *, now: datetime, zone: ZoneInfo) -> bool:
    """Make one once; whether it is new. It stands in the timeline of the hazard, and whoever must reply hears of it.

    NotFound for a case that was not handed over to the actor's post (that one does not exist for them), Forbidden for
    one that lies elsewhere now, BadInput for a time that cannot be meant.
    """
    known = store.existing(session, draft.id)
    if known is not None:
        replays.same(known, actor.person_id, draft.body_sha256)
        return False
    hazards.hold(session, draft.hazard)
    hazard = hazards.seen(session, draft.hazard, with_cases(Scope((), (actor.person_id,)), actor))
    if hazard is None:
        raise NotFound.at("/hazard", "flaw.cooperation_hazard")
    check_suggester(actor, hazard.handed_to, hazard.handed_region)
    due = reply_by(draft, now)

    policy = HAZARDS.at(session, now)
    values = {"id": draft.id, "made_by_id": actor.person_id, "made_at": now, "body_sha256": draft.body_sha256}
    values |= {"hazard_id": hazard.id, "region_code": hazard.region_code, "law_region": hazard.handed_region}
    values |= {"document": draft.document, "text": draft.text, "reply_by": due, "policy_version": policy.version}
    first = next_look(policy.ladders.ladders[LADDER], 0, now, due)
    if not store.add(session, values | {"rung": 0, "next_step_at": first}):
        replays.same(store.existing(session, draft.id), actor.person_id, draft.body_sha256)  # it came twice at once
        return False
    body = {"suggestion": str(draft.id), "document": draft.document, "due_at": due.isoformat()}
    timeline.add(session, hazard, "suggest", body, by=actor.person_id, now=now, personal={"note": draft.text})
    changes.record(session, now, actor.person_id, "make", SUGGESTION, str(draft.id), {"hazard": str(hazard.id)})
    people = _people(session, hazard.region_code, [Rung.OWNER], day_of(now, zone))
    notices.queue(session, [_news(values, each, "suggestion", "made") for each in people], now=now)
    return True


def reply(session: Session, actor: Actor, suggestion_id: UUID, text: str, *, now: datetime) -> Any:
    """Answer one, in the timeline of the hazard, too; the prosecutor hears of it.

    NotFound for one that is not seen, Forbidden for the law itself, Conflict for one with a reply.
    """
    row = one(session, actor, suggestion_id)
    if not may(actor, Action.COOPERATE, row.region_code) or all(seat.post in LAW for seat in actor.seats):
        raise Forbidden("post")
    if not store.reply(session, suggestion_id, replied_at=now, replied_by_id=actor.person_id, reply=text):
        raise Conflict("suggestion_replied")
    hazards.hold(session, row.hazard_id)
    hazard = hazards.existing(session, row.hazard_id)
    said = {"suggestion": str(suggestion_id)}
    timeline.add(session, hazard, "reply_suggestion", said, by=actor.person_id, now=now, personal={"note": text})
    changes.record(session, now, actor.person_id, "reply", SUGGESTION, str(suggestion_id), {"text": text})
    notices.queue(session, [_news(dict(row._mapping), row.made_by_id, "suggestion_replied", "reply")], now=now)
    return store.existing(session, suggestion_id)


def one(session: Session, actor: Actor, suggestion_id: UUID) -> Any:
    """One that the actor sees: of their region, or of their own prosecution; else NotFound."""
    row, scope = store.existing(session, suggestion_id), sight(actor)
    is_own = row is not None and (Post.PROSECUTOR, row.law_region) in scope.handed
    if row is None or not (is_own or scope.holds(row.region_code)):
        raise NotFound()
    return row


def sight(actor: Actor) -> Scope:
    """Where one sees suggestions."""
    return with_cases(Scope(scope_of(actor, Action.SEE_COOPERATION).regions, (actor.person_id,)), actor)


def sweep(session: Session, *, now: datetime, zone: ZoneInfo, limit: int = BATCH) -> int:
    """Take the steps that are due, the most overdue first; how many suggestions were looked at."""
    due = store.claim_due(session, now, limit)
    for row in due:
        ladder = HAZARDS.of_version(session, row.policy_version).ladders.ladders[LADDER]
        found = climb(ladder, row.rung, row.made_at, row.reply_by, now)
        store.advance(session, row.id, rung=found.rung, next_step_at=found.next_at)
        for number, step in enumerate(found.steps, start=row.rung + 1):
            notices.queue(session, _of_step(session, row, step, number, now, day_of(now, zone)), now=now)
    return len(due)


def _of_step(session: Session, row: Any, step: Step, number: int, now: datetime, today: date) -> Iterable[Wanted]:
    key = "suggestion_late" if now >= row.reply_by else "suggestion_soon"
    for person in _people(session, row.region_code, step.tell, today):
        yield _news(dict(row._mapping), person, key, f"step:{number}")


def _people(session: Session, region: str, rungs: Iterable[Rung], today: date) -> list[UUID]:
    """Who sits at these rungs above a place today, or acts for whoever does."""
    seats = [(post, region[: LENGTHS[level]]) for rung in rungs for post, level in _RUNGS.get(rung, ())]
    there = escalation.acting(session, {post for post, _ in seats}, {place for _, place in seats}, today)
    return list(dict.fromkeys(person for seat in seats for person in there.get(seat, ())))


def _news(row: Mapping[str, Any], person: UUID, key: str, fact: str) -> Wanted:
    values = {"document": row["document"], "due": {"at": row["reply_by"].isoformat()}}
    return Wanted(
        person, f"suggestion:{row['id']}:{fact}", key, values, channels=(APP, SMS), about=("hazard", row["hazard_id"])
    )
