"""What the public reports: a case like any other, told by whoever stands on the bank, followed by its code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.domain.access import Scope
from backend.domain.hazards import HazardDraft, Kind, Picture, State
from backend.domain.public_reports import (
    ALIKE_FOR,
    ALIKE_M,
    CHOICES,
    MOST_ALIKE,
    PUBLIC,
    WITHIN,
    Stage,
    Told,
    asks_now,
    code_in,
    new_code,
    stage_of,
    wait_s,
    without_numbers,
)
from backend.domain.signs import is_token
from backend.errors import BadInput, Conflict, NotFound, TooMany
from backend.files.images import Opened
from backend.files.store import Incoming
from backend.formats.canonical import canonical_sha256
from backend.keyring import KeyRing
from backend.services import photos, points, reaches, sync, timeline
from backend.services.hazards import FAR_M
from backend.services.points import Account
from backend.store import hazards as hazard_store
from backend.store import public_cases
from backend.store import public_reports as store
from backend.store.reaches import Named
from geo.measure import box_around, distances_m

ANSWER = "public_answer"
"""The fact that a citizen said whether it is good now."""
MOST_FOUND = 12
"""Reaches to choose from when somebody types where they are."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Alike:
    """An open case that may be the same one: how far away in metres (None where one of them has no place)."""

    id: UUID
    reported_at: datetime
    stage: Stage
    metres: float | None


@dataclass(frozen=True, slots=True)
class Followed:
    """What somebody sees who follows a case by its code; nobody's name is in it."""

    row: Any
    stage: Stage
    reason: str
    """Why it was refused, without numbers."""
    asks: bool
    """Whether they are asked now if it is good."""
    points: Account
    """What they have earned with it."""


def board(session: Session, token: str) -> Any:
    """Where the board of that code stands; NotFound where there is none."""
    found = store.board(session, token) if is_token(token) else None
    if found is None:
        raise NotFound()
    return found


def called(session: Session, where: str, *, today: date) -> list[Any]:
    """Reaches that somebody may mean by some words: names of a river, a reach, a town or village."""
    return store.called(session, where.split()[:4], today, MOST_FOUND) if where.strip() else []


def reach_of(session: Session, told: Told, *, today: date) -> Named:
    """The reach on which it lies; BadInput for a place far from every river, NotFound for a reach that is not there."""
    if told.segment is not None:
        named = reaches.found(session, told.segment)
        if named is None:
            raise NotFound.at("/place", "flaw.segment")
        return named
    if told.lonlat is None:
        raise BadInput.at("/place", "report.flaw.place")
    nearest = reaches.nearest(session, told.lonlat, FAR_M, today=today)
    if nearest is None:
        raise BadInput.at("/place", "report.flaw.far", km=int(FAR_M / 1000))
    return nearest


def alike(session: Session, told: Told, reach: Named, *, now: datetime) -> list[Alike]:
    """Open cases of that class nearby of which anybody may be told, the nearest first; on the same reach where no place
    is known.
    """
    since = now - ALIKE_FOR
    if told.lonlat is None:
        rows = store.alike_on(session, reach.id, told.kind.value, since, MOST_ALIKE)
        return [Alike(row.id, row.reported_at, stage_of(State(row.state)), None) for row in rows]
    box = box_around(*told.lonlat, ALIKE_M)
    rows = hazard_store.alike(session, Scope(("",)), told.kind.value, box, since, but=told.id)
    may_be_told = public_cases.told(session, [row.id for row in rows]) if rows else set()
    rows = [row for row in rows if row.id in may_be_told]
    if not rows:
        return []
    metres = distances_m([told.lonlat] * len(rows), [[row.lon, row.lat] for row in rows]).tolist()
    near = sorted((apart, -row.seq, row) for apart, row in zip(metres, rows, strict=True) if apart <= ALIKE_M)
    return [Alike(row.id, row.reported_at, stage_of(State(row.state)), apart) for apart, _, row in near[:MOST_ALIKE]]


def check_room(session: Session, reach: Named, size: int, *, is_new: bool = True, now: datetime) -> None:
    """TooMany where so much came lately of that place, or in all, that no more is taken; `size`: bytes of photos."""
    load = store.load_of(session, reach.id, reach.region_code, now - WITHIN, now - _DAY)
    seconds = wait_s(load, size, is_new=is_new)
    if seconds is not None:
        raise TooMany(seconds)


def is_known(session: Session, report_id: UUID) -> bool:
    """Whether a report came with that puzzle before."""
    return store.of_id(session, report_id) is not None


def tell(
    session: Session,
    told: Told,
    pictures: Sequence[tuple[Incoming, Opened]],
    keyring: KeyRing,
    *,
    now: datetime,
    zone: ZoneInfo,
    today: date,
) -> str:
    """Keep a report as a case of its reach, with the photos whose bytes are in the store already; its code.

    The same sent again is the same report. TooMany where the place is full, Conflict for something else with the puzzle
    of another one; then nothing is kept.
    """
    digests = [incoming.sha256 for incoming, _ in pictures]
    before = store.of_id(session, told.id)
    if before is not None:
        hazard = hazard_store.existing(session, told.id)
        if hazard is None or hazard.body_sha256 != _digest(told, digests):
            raise Conflict("public_twice")
        return before.code
    reach, size = reach_of(session, told, today=today), sum(incoming.size for incoming, _ in pictures)
    check_room(session, reach, size, now=now)

    store.know_the_public(session, now)
    for incoming, opened in pictures:
        photos.keep(session, PUBLIC, incoming, opened, now=now, zone=zone)
    draft = _draft(told, reach, digests, now)
    hazard, _ = sync.tell_hazard(session, PUBLIC, draft, now=now, zone=zone, today=today)
    return _noted(session, told, hazard.id, reach, size, keyring, is_joined=False, now=now)


def join(session: Session, told: Told, hazard_id: UUID, keyring: KeyRing, *, now: datetime, today: date) -> str:
    """Say that one has seen the same as is known already, and follow it; the code.

    NotFound unless it is offered, Conflict with the puzzle of another report.
    """
    before = store.of_id(session, told.id)
    if before is not None:
        return _same(before, hazard_id)
    reach = reach_of(session, told, today=today)
    if hazard_id not in [each.id for each in alike(session, told, reach, now=now)]:
        raise NotFound()
    check_room(session, reach, 0, is_new=False, now=now)
    return _noted(session, told, hazard_id, reach, 0, keyring, is_joined=True, now=now)


def follow(session: Session, typed: str, *, now: datetime) -> Followed:
    """The case of a code, as somebody typed it; NotFound where there is none."""
    code = code_in(typed)
    row = store.of_code(session, code) if code is not None else None
    if row is None:
        raise NotFound()
    state = State(row.state)
    asks = asks_now(state, row.closed_at, row.answered_at, now)
    reason = _reason(session, row) if state is State.REJECTED else ""
    return Followed(row, stage_of(state), reason, asks, points.own(session, row, now=now))


def answer(session: Session, typed: str, is_satisfied: bool, *, now: datetime) -> None:
    """Keep whether a citizen finds it good now, as a fact of its case; Conflict while, or when, nobody asks them."""
    found = follow(session, typed, now=now)
    hazard_store.hold(session, found.row.hazard_id)
    found = follow(session, typed, now=now)
    if not found.asks:
        raise Conflict("not_asked")

    store.know_the_public(session, now)
    hazard = hazard_store.existing(session, found.row.hazard_id)
    timeline.add(session, hazard, ANSWER, {"satisfied": is_satisfied}, by=PUBLIC.person_id, now=now)
    store.answer(session, found.row.id, is_satisfied, now)


def of_hazard(session: Session, hazard_id: UUID) -> list[Any]:
    """The reports of the public about a hazard."""
    return store.joined(session, hazard_id)


def kind_in(said: str) -> Kind:
    """The class that was chosen; BadInput for none of those that anybody can choose."""
    if said not in {kind.value for kind in CHOICES}:
        raise BadInput.at("/kind", "report.flaw.kind")
    return Kind(said)


def _same(before: Any, hazard_id: UUID) -> str:
    """The code of a report that came before with the same puzzle; Conflict where it was about another case."""
    if before.hazard_id != hazard_id:
        raise Conflict("public_twice")
    return str(before.code)


def _place(told: Told) -> dict[str, Any]:
    return {"location": {"lon": told.lonlat[0], "lat": told.lonlat[1]}} if told.lonlat else {}


def _digest(told: Told, digests: Sequence[bytes]) -> bytes:
    said = {"kind": told.kind.value, "description": told.description, "segment": told.segment, "via": told.via.value}
    return canonical_sha256(said | _place(told) | {"photos": [sha256.hex() for sha256 in digests]})


def _draft(told: Told, reach: Named, digests: Sequence[bytes], now: datetime) -> HazardDraft:
    pictures = tuple(Picture(sha256) for sha256 in dict.fromkeys(digests))
    return HazardDraft(
        id=told.id,
        body_sha256=_digest(told, digests),
        kind=told.kind,
        severity=CHOICES[told.kind],
        description=told.description,
        observed_at=now,
        lonlat=told.lonlat,
        segment=reach.code,
        patrol=None,
        photos=pictures,
        report=_place(told) | {"via": told.via.value},
    )


def _noted(
    session: Session,
    told: Told,
    hazard_id: UUID,
    reach: Named,
    size: int,
    keyring: KeyRing,
    *,
    is_joined: bool,
    now: datetime,
) -> str:
    code = new_code()
    values = {"id": told.id, "code": code, "hazard_id": hazard_id, "is_joined": is_joined, "segment_id": reach.id}
    values |= {"region_code": reach.region_code, "via": told.via.value, "size": size, "reported_at": now}
    if told.phone is not None:
        values |= {"phone_sealed": keyring.seal(told.phone), "phone_index": keyring.index(told.phone)}
    if not store.add(session, values):  # it came twice at once
        return _same(store.of_id(session, told.id), hazard_id)
    return code


def _reason(session: Session, row: Any) -> str:
    said = timeline.last_words(session, row.hazard_id, ["reject"])
    note = said["reject"].personal.get("note") if "reject" in said else None
    return without_numbers(note or "")
