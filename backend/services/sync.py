"""Handing in, composed of the nouns it touches: a walk and the photos it names are told together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.domain.access import Actor
from backend.domain.campaigns import ANSWER, CAMPAIGN, AnswerDraft
from backend.domain.handling import ActDraft
from backend.domain.hazards import HazardDraft, Picture
from backend.domain.orders import ORDER, WORD, OrderDraft, WordDraft
from backend.domain.patrols import Verdict
from backend.domain.photos import Kind
from backend.domain.public_reports import PUBLIC
from backend.services import answering, handling, hazards, order_words, orders, patrols, photos, points, telling
from backend.services.patrols import Case
from backend.store import appointments, changes, interim, people
from backend.store import hazards as hazards_store

PATROL, HAZARD, HAZARD_ACT = "patrol", hazards.HAZARD, "hazard_action"


def tell_patrol(
    session: Session, actor: Actor, case: Case, verdict: Verdict, *, now: datetime, today: date
) -> tuple[Any, bool]:
    """Keep a judged walk and that it names its photos: the patrol, and whether it is new."""
    patrol, is_new = patrols.tell(session, actor, case, verdict)
    if case.draft.photos:
        photos.name(
            session,
            actor,
            list(case.draft.photos),
            PATROL,
            case.draft.id,
            case.walker_id,
            case.judged.region_code,
            now=now,
            today=today,
        )
    return patrol, is_new


def tell_hazard(
    session: Session, actor: Actor, draft: HazardDraft, *, now: datetime, zone: ZoneInfo, today: date
) -> tuple[Any, bool]:
    """Keep a report and that it names its photos and recordings: the hazard, and whether it is new."""
    hazard, is_new = hazards.tell(session, actor, draft, now=now, zone=zone, today=today)
    if is_new:
        _name(session, actor, draft.photos, hazard, now=now, today=today)
        place = (HAZARD, hazard.id, actor.person_id, hazard.region_code)
        digests = list(dict.fromkeys(draft.recordings))
        photos.name(session, actor, digests, *place, now=now, today=today, kind=Kind.RECORDING)
        changes.changed(session, now, {hazard.reporter_id} - {PUBLIC.person_id}, HAZARD, hazard.id)
        telling.reported(session, hazard, now=now, today=today)
    return hazard, is_new


def tell_act(
    session: Session, actor: Actor, hazard: Any, draft: ActDraft, *, now: datetime, zone: ZoneInfo, today: date
) -> None:
    """Take an act and note that it names its photos; everybody whose case it is, or was, hears that it has changed.

    What it means for the points of whoever reported it is entered with it.
    """
    watchers = set(interim.watched(session, hazard.id).values())
    handling.take(session, actor, hazard, draft, now=now, zone=zone, today=today)
    _name(session, actor, draft.photos, hazard, now=now, today=today)
    after = hazards_store.existing(session, hazard.id)
    concerned = watchers | telling.whose(session, hazard, today) | telling.whose(session, after, today)
    points.follow(session, hazard, after, draft.act, now=now)
    told = hazards_store.merged_into(session, hazard.id)
    merged = [(row.reporter_id, row.id) for row in told if row.reporter_id != PUBLIC.person_id]
    changes.changed_all(session, now, [*((person, hazard.id) for person in concerned), *merged], HAZARD)
    telling.acted(session, actor, hazard, after, draft, now=now, today=today)


def tell_answer(
    session: Session, actor: Actor, campaign_id: UUID, draft: AnswerDraft, *, now: datetime, zone: ZoneInfo, today: date
) -> tuple[Any, bool]:
    """Keep an answer of a campaign and that it names its photos: the answer, and whether it is new."""
    told, is_new = answering.tell(session, actor, campaign_id, draft, now=now, zone=zone)
    if is_new:
        digests = list(dict.fromkeys(picture.sha256 for picture in draft.photos))
        place = (ANSWER, told.id, actor.person_id, told.region_code)
        photos.name(session, actor, digests, *place, now=now, today=today)
        concerned = {actor.person_id, *appointments.chiefs_of(session, told.segment_id, today)}
        changes.changed(session, now, concerned, CAMPAIGN, campaign_id)
    return told, is_new


def answer_photos(session: Session, rows: Sequence[Any]) -> dict[UUID, dict[str, str]]:
    """The photos that answers name: hex digest → stored, or pending."""
    return photos.states(session, ANSWER, [row.id for row in rows])


def tell_order(
    session: Session, actor: Actor, draft: OrderDraft, *, now: datetime, zone: ZoneInfo, today: date
) -> tuple[UUID, bool]:
    """Give an order and note that it names its photos: its id, and whether it is new."""
    order_id, is_new = orders.make(session, actor, draft, now=now, zone=zone)
    if is_new:
        given = orders.one(session, actor, order_id).order
        digests = list(dict.fromkeys(picture.sha256 for picture in draft.photos))
        place = (ORDER, order_id, actor.person_id, given.region_code)
        photos.name(session, actor, digests, *place, now=now, today=today)
    return order_id, is_new


def tell_word(
    session: Session, actor: Actor, order_id: UUID, draft: WordDraft, *, now: datetime, today: date
) -> tuple[Any, bool]:
    """Keep what somebody says of an order and that it names its photos: the word, and whether it is new."""
    told, is_new = order_words.say(session, actor, order_id, draft, now=now)
    if is_new and draft.photos:
        given = orders.one(session, actor, order_id).order
        digests = list(dict.fromkeys(picture.sha256 for picture in draft.photos))
        place = (WORD, told.id, actor.person_id, given.region_code)
        photos.name(session, actor, digests, *place, now=now, today=today)
    return told, is_new


def order_photos(session: Session, order: Any) -> dict[str, str]:
    """The photos that an order names: hex digest → stored, or pending."""
    return photos.states(session, ORDER, [order.id])[order.id]


def word_photos(session: Session, word: Any) -> dict[str, str]:
    """The photos that a word names: hex digest → stored, or pending."""
    return photos.states(session, WORD, [word.id])[word.id]


def _name(
    session: Session, actor: Actor, pictures: Sequence[Picture], hazard: Any, *, now: datetime, today: date
) -> None:
    digests = list(dict.fromkeys(picture.sha256 for picture in pictures))
    place = (HAZARD, hazard.id, actor.person_id, hazard.region_code)
    photos.name(session, actor, digests, *place, now=now, today=today)


def hazard_files(session: Session, rows: Sequence[Any]) -> dict[UUID, dict[Kind, dict[str, str]]]:
    """The photos that hazards name, before and after, and their recordings: hex digest → stored, or pending."""
    return photos.files(session, HAZARD, [row.id for row in rows])


def turned(session: Session, actor: Actor, *, since: date, today: date) -> dict[UUID, Literal["put", "gone"]]:
    """Segments that have become somebody's, or are theirs no longer, because a day has come.

    Posts, absences and acting are written before their day; nobody sits there at midnight to tell.
    """
    if since >= today:
        return {}
    mine = set(people.segments_of(session, actor.whose, today))
    days = appointments.turned(session, actor.person_id, since + timedelta(days=1), today)
    return {segment: "put" if segment in mine else "gone" for segment in sorted(days)}


def photo_states(session: Session, patrol: Any) -> dict[str, str]:
    """The photos a patrol names: hex digest → stored, or pending (待补照片) while the bytes are missing."""
    return photo_states_of(session, [patrol])[patrol.id]


def photo_states_of(session: Session, rows: list[Any]) -> dict[UUID, dict[str, str]]:
    """The same for a page of patrols, in one question."""
    named = {row.id: _named(row) for row in rows}
    every = list(dict.fromkeys(digest for digests in named.values() for digest in digests))
    people = {row.id: {row.person_id, row.entered_by_id} - {None} for row in rows}
    stored = photos.stored(session, every, set().union(*people.values()))

    def state(row_id: UUID, digest: bytes) -> str:
        return "stored" if any((digest, person) in stored for person in people[row_id]) else "pending"

    return {row_id: {digest.hex(): state(row_id, digest) for digest in digests} for row_id, digests in named.items()}


def _named(patrol: Any) -> list[bytes]:
    at_stops = (photo for stop in patrol.report.get("checkins", []) for photo in stop.get("photos", []))
    return [bytes.fromhex(sha256) for sha256 in dict.fromkeys([*patrol.report.get("photos", []), *at_stops])]
