"""Emergency responses (应急响应): declared, changed and ended by the duty officer, and what follows made known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.db import Session, lock
from backend.domain.access import Actor, may, scope_of
from backend.domain.actions import Action
from backend.domain.flood_days import asked_from
from backend.domain.flood_events import FloodEvent, Source, What
from backend.domain.lanes import Lane
from backend.domain.regions import widest
from backend.domain.responses import ENDS, RESPONSE, ResponseDraft, ResponseLevel, lane_of, touches
from backend.errors import BadInput, Conflict, Flaw, NotFound
from backend.services import flood_news, replays
from backend.services.flood_news import News
from backend.store import changes, flood_events, regions
from backend.store import responses as store
from backend.store import rivers as river_store
from backend.words import Text

_NAMED = 5
"""So many places stand in a text; of more the number is not said, they are in the list (our judgement)."""


def declare(session: Session, actor: Actor, draft: ResponseDraft, *, now: datetime, zone: ZoneInfo) -> tuple[Any, bool]:
    """Declare a response, change one, or end it: the act, and whether it is new.

    It follows the one it names and whatever holds over exactly the same places. NotFound for places that are not the
    actor's, Conflict for an id that stands for another, and for an end where nothing holds.
    """
    known = store.existing(session, draft.id)
    if known is not None:
        return replays.same(known, actor.person_id, draft.body_sha256), False
    lock(session, "flood_response")
    named = _named(session, actor, draft, now)
    draft = _placed(actor, draft, named)
    _check_places(session, actor, draft)
    followed = _followed(session, draft, named, now)
    if draft.level is None and not followed:
        raise Conflict("no_response")

    if not store.add(session, _row(actor, draft, now)):
        return replays.same(store.existing(session, draft.id), actor.person_id, draft.body_sha256), False
    store.end(session, [row.id for row in followed], draft.id, now)
    act = store.existing(session, draft.id)
    body = {"level": draft.level or ENDS, "regions": list(draft.regions), "followed": [str(row.id) for row in followed]}
    changes.record(session, now, actor.person_id, "declare", RESPONSE, str(draft.id), body)
    _follow(session, act, followed, now=now, zone=zone)
    return act, True


def listed(
    session: Session, *, region: str | None, at: datetime | None, after: int | None, limit: int
) -> Sequence[Any]:
    """Every act, or what was in force at a moment, the newest first, one more than `limit` when there are more.

    Only those that touch a region, if one is named.
    """
    found: list[Any] = []
    while len(found) <= limit:
        page = store.listed(session, at=at, after=after, limit=limit + 1)
        found += [row for row in page if region is None or touches(row.regions, region)]
        if len(page) <= limit:
            break
        after = page[-1].seq
    return found[: limit + 1]


def ended_by(session: Session, act_id: UUID) -> list[UUID]:
    """The responses that an act changed or ended."""
    return store.ended_by(session, act_id)


def _follow(session: Session, act: Any, followed: Sequence[Any], *, now: datetime, zone: ZoneInfo) -> None:
    """What happened, for risk and warnings to follow, and for everybody there to hear of."""
    is_end = act.level == ENDS
    place = tuple(act.regions), tuple(act.rivers)
    if not is_end:
        what = What.CHANGED if followed else What.BEGAN
        _event(session, act, what, act, followed, now)
        _tell(session, act, f"response_{what}", act, now=now, zone=zone)
    for row in followed:
        is_elsewhere = (tuple(row.regions), tuple(row.rivers)) != place
        if is_end or is_elsewhere:
            _event(session, row, What.ENDED, act, (), now)
            but = () if is_end or act.rivers else tuple(act.regions)
            _tell(session, row, "response_ended", act, but=but, now=now, zone=zone)


def _event(session: Session, row: Any, what: What, act: Any, followed: Iterable[Any], now: datetime) -> None:
    values = {
        "reason": act.reason,
        "document": act.document,
        "is_safe_to_patrol": row.is_safe,
        "followed": [str(each.id) for each in followed],
    }
    where, rivers = tuple(row.regions), tuple(row.rivers)
    event = FloodEvent(Source.RESPONSE, what, row.id, row.level, regions=where, rivers=rivers, values=values)
    flood_events.record(session, event, now=now)


def _tell(
    session: Session, row: Any, key: str, act: Any, *, now: datetime, zone: ZoneInfo, but: tuple[str, ...] = ()
) -> None:
    level, day = ResponseLevel(row.level), asked_from(now, zone)
    values = {
        "place": _place(session, row),
        "level": {"key": f"response.level.{level}"},
        "reason": act.reason.rstrip("。.！!；; \n"),
        "day": day.isoformat(),
    }
    lane = Lane.NORMAL if key == "response_ended" else lane_of(level)
    about = RESPONSE, row.id
    where = tuple(row.regions)
    news = News(
        key, values, about, day, where, tuple(each for each in but if each not in where), tuple(row.rivers), lane
    )
    flood_news.write(session, news, now=now)


def _place(session: Session, row: Any) -> str:
    """Its regions and rivers as people call them."""
    names = regions.names(session, row.regions)
    found = "、".join(names.get(code, code) for code in row.regions[:_NAMED])
    if not row.rivers:
        return found
    of_rivers = river_store.names(session, row.rivers)
    return f"{found}（{'、'.join(of_rivers.get(code, code) for code in row.rivers[:_NAMED])}）"


def _named(session: Session, actor: Actor, draft: ResponseDraft, now: datetime) -> Any:
    """The response that it says it takes the place of."""
    if draft.replaces is None:
        return None
    named = store.existing(session, draft.replaces)
    if named is None or not all(may(actor, Action.DECLARE_RESPONSE, code) for code in named.regions):
        raise NotFound.at("/replaces", "flaw.response_replaces")
    if named.id not in {row.id for row in store.in_force(session, now)}:
        raise Conflict("response_over")
    return named


def _placed(actor: Actor, draft: ResponseDraft, named: Any) -> ResponseDraft:
    """With the places it is about: those it says, else those of what it replaces.

    Rivers that are named without a region are meant wherever the actor answers for them.
    """
    if draft.regions or draft.rivers:
        where = draft.regions or scope_of(actor, Action.DECLARE_RESPONSE).regions
        return replace(draft, rivers=tuple(sorted(set(draft.rivers))), regions=where)
    if named is None:
        raise BadInput.at("/regions", "flaw.response_place")
    return replace(draft, regions=tuple(named.regions), rivers=tuple(named.rivers))


def _check_places(session: Session, actor: Actor, draft: ResponseDraft) -> None:
    names, rivers = regions.names(session, draft.regions), river_store.names(session, draft.rivers)
    wrong = [
        Flaw(f"/regions/{index}", Text("flaw.region_here"))
        for index, code in enumerate(draft.regions)
        if code not in names or not may(actor, Action.DECLARE_RESPONSE, code)
    ]
    unknown = [code for code in draft.rivers if code not in rivers]
    if unknown:
        wrong.append(Flaw("/rivers", Text.of("flaw.rivers", codes=", ".join(unknown))))
    if wrong:
        raise NotFound.of(wrong)


def _followed(session: Session, draft: ResponseDraft, named: Any, now: datetime) -> list[Any]:
    """What it takes the place of: the one it names, and whatever holds over the same places."""
    place = widest(draft.regions), draft.rivers
    same = [row for row in store.in_force(session, now) if (tuple(row.regions), tuple(row.rivers)) == place]
    return same if named is None else [named, *(row for row in same if row.id != named.id)]


def _row(actor: Actor, draft: ResponseDraft, now: datetime) -> dict[str, Any]:
    is_end = draft.level is None
    return {
        "id": draft.id,
        "level": ENDS if draft.level is None else draft.level.value,
        "regions": list(widest(draft.regions)),
        "rivers": list(draft.rivers),
        "is_safe": draft.is_safe,
        "reason": draft.reason,
        "document": draft.document,
        "made_by_id": actor.person_id,
        "begun_at": now,
        "ended_at": now if is_end else None,
        "ended_by": None,
        "body_sha256": draft.body_sha256,
    }
