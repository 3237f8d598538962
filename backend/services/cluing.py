"""Clues (线索移送): police and prosecutors hand one in with its hazard, offices one with a case handed over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.domain.access import LAW, Actor, may
from backend.domain.actions import Action
from backend.domain.cooperation import CLUE, ClueDraft, Way, check_return, law_post
from backend.domain.notices import APP, SMS, Wanted
from backend.domain.regions import LENGTHS
from backend.domain.terms import Level, Post
from backend.errors import Conflict, Forbidden, NotFound
from backend.models.cooperation import Clue
from backend.services import cooperation, notices, replays, sync
from backend.store import changes, escalation, hazards
from backend.store import cooperation as store


def tell(session: Session, actor: Actor, draft: ClueDraft, *, now: datetime, zone: ZoneInfo, today: date) -> bool:
    """Hand a clue on once; whether it is new. The other house hears of it, with the day by which it should answer.

    With a hazard of its own it comes from the law; otherwise it goes, by an office, with a case that lies there now.
    Forbidden for who is neither, NotFound for a case that one does not see, Conflict for one that was not handed over,
    and for a find that another clue has brought.
    """
    known = store.one(session, Clue, draft.id)
    if known is not None:
        replays.same(known, actor.person_id, draft.body_sha256)
        return False
    check_return(draft.return_on, today)
    values = _inward(session, actor, draft, now, zone, today) if draft.found else _outward(session, actor, draft)
    made = {"id": draft.id, "made_by_id": actor.person_id, "made_at": now, "body_sha256": draft.body_sha256}
    if not store.add(session, Clue, values | made | {"return_on": draft.return_on, "note": draft.note}):
        replays.same(store.one(session, Clue, draft.id), actor.person_id, draft.body_sha256)  # it came twice at once
        return False
    said = {"hazard": str(draft.hazard), "way": values["way"], "until": draft.return_on.isoformat()}
    changes.record(session, now, actor.person_id, "make", CLUE, str(draft.id), said)
    _news(session, values, draft.id, draft.return_on, "clue", now=now, today=today)
    return True


def answer(session: Session, actor: Actor, clue_id: UUID, text: str, *, now: datetime, today: date) -> Any:
    """Answer a clue: the house that got it does. NotFound for one that is not seen, Conflict for one with an answer."""
    row = cooperation.one(session, actor, Clue, clue_id)
    is_law = (row.post, row.law_region) in {(seat.post.value, seat.region) for seat in actor.seats}
    is_office = may(actor, Action.COOPERATE, row.region_code) and any(seat.post not in LAW for seat in actor.seats)
    if not (is_office if row.way == Way.IN else is_law):
        raise Forbidden("post")
    if not store.answer_clue(session, clue_id, actor.person_id, text, now):
        raise Conflict("clue_answered")
    changes.record(session, now, actor.person_id, "answer", CLUE, str(clue_id), {"text": text})
    about = (CLUE, clue_id)
    told = Wanted(
        row.made_by_id, f"clue:{clue_id}:answer", "clue_answered", {"text": text}, channels=(APP,), about=about
    )
    notices.queue(session, [told], now=now)
    return store.one(session, Clue, clue_id)


def _inward(
    session: Session, actor: Actor, draft: ClueDraft, now: datetime, zone: ZoneInfo, today: date
) -> dict[str, Any]:
    """From the law: its hazard goes its way like any other, and the law sees it as its reporter."""
    assert draft.found is not None
    seat = next((seat for seat in actor.seats if seat.post in LAW), None)
    if seat is None:
        raise Forbidden("post")
    hazard, is_new = sync.tell_hazard(session, actor, draft.found, now=now, zone=zone, today=today)
    if not is_new and store.clue_of(session, hazard.id) not in (None, draft.id):
        raise Conflict()
    place = {"hazard_id": hazard.id, "region_code": hazard.region_code}
    return place | {"way": Way.IN.value, "post": seat.post.value, "law_region": seat.region}


def _outward(session: Session, actor: Actor, draft: ClueDraft) -> dict[str, Any]:
    """With a case that was handed over: until when the law is asked to answer."""
    hazard = hazards.existing(session, draft.hazard)
    if hazard is None or not may(actor, Action.TRANSFER_HAZARD, hazard.region_code) or law_post(actor) is not None:
        raise NotFound.at("/hazard", "flaw.cooperation_hazard")
    if hazard.handed_to is None:
        raise Conflict("not_handed_over")
    place = {"hazard_id": hazard.id, "region_code": hazard.region_code}
    return place | {"way": Way.OUT.value, "post": hazard.handed_to, "law_region": hazard.handed_region}


def _news(
    session: Session, values: dict[str, Any], clue_id: UUID, until: date, key: str, *, now: datetime, today: date
) -> None:
    posts, region = [Post(values["post"])], values["law_region"]
    if values["way"] == Way.IN:
        posts, region = [Post.BUREAU_CLERK, Post.OFFICE_CLERK], values["region_code"][: LENGTHS[Level.COUNTY]]
    there = escalation.acting(session, posts, [region], today)
    people = dict.fromkeys(person for post in posts for person in there.get((post, region), ()))
    said = {"until": until.isoformat()}
    about = (CLUE, clue_id)
    told = [Wanted(each, f"clue:{clue_id}", key, said, channels=(APP, SMS), about=about) for each in people]
    notices.queue(session, told, now=now)
