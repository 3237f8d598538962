"""The door for orders: give, look, say, put right, withdraw."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

from flask import Response, request

from backend.api import shown_orders as shown
from backend.api.auth import actor, needs
from backend.api.door import BASE, Door, answer, fails
from backend.api.etag import IF_MATCH, require_version, version_of
from backend.api.paging import number_in, numbered
from backend.api.schemas.orders import (
    CorrectionSchema,
    OrderAnswer,
    OrderListArguments,
    OrderPage,
    OrderPreviewAnswer,
    OrderSchema,
    OrderWithdrawSchema,
    OrderWordSchema,
    StormSchema,
    WordAnswer,
    correction_of,
    order_of,
    word_of,
)
from backend.api.shown import named_photos
from backend.context import house, language, now, today
from backend.db import Session
from backend.domain.actions import Action
from backend.domain.order_boards import placed
from backend.domain.orders import Kind, OrderDraft, To, Wanted, WordDraft, after_storm, giver
from backend.domain.terms import Post
from backend.errors import Conflict, NotFound, Stale, VersionNeeded
from backend.services import order_boards, order_changes, orders, sync
from backend.services.orders import Seen
from backend.store import regions
from backend.words import Text, say

MOST_VACANT = 20
door = Door("orders", "Orders (总河长令、巡查指令、督办函、一县一单): read, signed and done are three dated facts.")


@door.put("/orders/<uuid:order_id>")
@needs(Action.MAKE_ORDER)
@door.arguments(OrderSchema)
@door.response(201, OrderAnswer, description="Given; everybody who gets it is fixed by that, and hears of it.")
@door.alt_response(200, schema=OrderAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def make(loaded: dict[str, Any], order_id: UUID) -> Response:
    """Give an order to people below one; the same order may be sent any number of times."""
    return _given(order_of(order_id, loaded))


@door.post("/orders/after-storm")
@needs(Action.MAKE_ORDER)
@door.arguments(StormSchema)
@door.response(201, OrderAnswer, description="Given.")
@door.alt_response(200, schema=OrderAnswer, description="It was here already; as it is now.", success=True)
@fails(NotFound, Conflict)
def order_after_storm(loaded: dict[str, Any]) -> Response:
    """One tap after a night's storm: every village chief of one's region walks their reaches by noon."""
    regions_named = (loaded["region"],) if "region" in loaded else ()
    seat = giver(actor(), regions_named)
    if seat is None:
        raise NotFound.at("/region", "flaw.region_here")
    region = loaded.get("region", seat.region)
    due_at = loaded.get("due_at") or after_storm(now(), house().settings.zone)
    draft = OrderDraft(
        id=loaded["id"],
        body_sha256=loaded["body_sha256"],
        kind=Kind.PATROL,
        wanted=Wanted.PATROL,
        title=say(Text("order.storm.title"), language()),
        text=say(Text("order.storm.text"), language()),
        due_at=due_at,
        to=To(posts=(Post.VILLAGE_CHIEF,), regions=(region,)),
        is_safe=loaded["is_safe"],
    )
    return _given(draft)


@door.post("/orders/preview")
@needs(Action.MAKE_ORDER)
@door.arguments(OrderSchema)
@door.response(200, OrderPreviewAnswer)
@fails(NotFound)
def preview(loaded: dict[str, Any]) -> Response:
    """Whom an order would reach, before it is given; nothing is written."""
    with house().database.reading() as session:
        draft, zone = order_of(uuid4(), loaded), house().settings.zone
        found = orders.preview(session, actor(), draft, now=now(), zone=zone)
        names = regions.names(session, found.vacant[:MOST_VACANT])
    return answer(shown.preview(found, names, MOST_VACANT))


@door.get("/orders")
@needs(Action.SEE_ORDERS)
@door.arguments(OrderListArguments, location="query")
@door.response(200, OrderPage)
def listed(asked: dict[str, Any]) -> Response:
    """Orders of one's own part of the world and those one got, newest first."""
    limit, kind = asked["limit"], Kind(asked["kind"]) if "kind" in asked else None
    page = {"mine": asked["mine"], "limit": limit, "after": number_in(asked["cursor"])}
    with house().database.reading() as session:
        undone = (
            {each.row.order_id for each in orders.undone(session, actor(), now=now())} if asked["waiting"] else None
        )
        rows = orders.listed(session, actor(), kind=kind, only=undone, **page)
        ids = [row.id for row in rows[:limit]]
        tallies = order_boards.totals(session, ids, orders.sight(actor()).regions, now=now())
    items = [
        shown.order(row, now(), house().settings.zone)
        | {"totals": shown.numbers(tallies[row.id]) if tallies[row.id].people else None}
        for row in rows[:limit]
    ]
    return answer(numbered(items, rows, limit))


@door.get("/orders/<uuid:order_id>")
@needs(Action.SEE_ORDERS)
@door.response(200, OrderAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def one(order_id: UUID) -> Response:
    """One order, with the sums over what one sees of it and what one got oneself; looking is not reading it."""
    with house().database.reading() as session:
        seen = orders.one(session, actor(), order_id)
        body = as_shown(session, seen)
    return answer(body, etag=_etag(seen, body))


@door.put("/orders/<uuid:order_id>/words/<uuid:word_id>")
@needs(Action.ANSWER_ORDER)
@door.arguments(OrderWordSchema)
@door.response(201, WordAnswer, description="Kept.")
@door.alt_response(200, schema=WordAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def reply(loaded: dict[str, Any], order_id: UUID, word_id: UUID) -> Response:
    """Say of an order one got that it is read, signed (签收) or answered."""
    body, is_new = keep(order_id, word_of(word_id, loaded))
    return answer(body, 201 if is_new else 200)


@door.post("/orders/<uuid:order_id>/correct")
@needs(Action.MAKE_ORDER)
@door.arguments(CorrectionSchema)
@door.response(200, OrderAnswer)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def correct(loaded: dict[str, Any], order_id: UUID) -> Response:
    """Put an order right that is out, with a reason; everybody who got it hears of it."""
    draft = correction_of(loaded)
    with house().database.transaction() as session:
        seen = orders.held(session, actor(), order_id)
        if not order_changes.is_known(session, actor(), seen.order, draft):
            _require(session, seen)
            order_changes.correct(session, actor(), seen.order, draft, now=now())
            seen = orders.one(session, actor(), order_id)
        body = as_shown(session, seen)
    return answer(body, etag=_etag(seen, body))


@door.post("/orders/<uuid:order_id>/withdraw")
@needs(Action.MAKE_ORDER)
@door.arguments(OrderWithdrawSchema)
@door.response(200, OrderAnswer)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def withdraw(said: dict[str, Any], order_id: UUID) -> Response:
    """Take an order back, with a reason; nobody owes anything any more, and what was done stays."""
    with house().database.transaction() as session:
        seen = orders.held(session, actor(), order_id)
        _require(session, seen)
        order_changes.withdraw(session, actor(), seen.order, said["reason"], now=now())
        seen = orders.one(session, actor(), order_id)
        body = as_shown(session, seen)
    return answer(body, etag=_etag(seen, body))


def keep(order_id: UUID, draft: WordDraft) -> tuple[dict[str, Any], bool]:
    """Keep a word in one short transaction: as it is shown, and whether it is new."""
    here = house()
    with here.database.transaction() as session:
        told, is_new = sync.tell_word(session, actor(), order_id, draft, now=now(), today=today())
        return shown.word(told, sync.word_photos(session, told), here.settings.zone), is_new


def as_shown(session: Session, seen: Seen) -> dict[str, Any]:
    """An order for the reader of this request."""
    row, zone = seen.order, house().settings.zone
    ids = [row.id, *(each.id for each in seen.milestones)]
    tallies = order_boards.totals(session, ids, seen.parts, now=now())
    tally = tallies[row.id]
    return shown.order(row, now(), zone) | {
        "totals": shown.numbers(tally) if tally.people else None,
        "milestones": [shown.milestone(each, tallies[each.id], now(), zone) for each in seen.milestones],
        "corrections": [shown.correction(each, zone) for each in seen.corrections],
        "photos": named_photos(sync.order_photos(session, row)),
        "mine": [shown.addressee(each, zone) for each in placed(seen.mine, now())],
        "board": f"{BASE}/orders/{row.id}/board" if tally.people else None,
    }


def _given(draft: OrderDraft) -> Response:
    here = house()
    with here.database.transaction() as session:
        zone = here.settings.zone
        order_id, is_new = sync.tell_order(session, actor(), draft, now=now(), zone=zone, today=today())
        body = as_shown(session, orders.one(session, actor(), order_id))
    return answer(body, 201 if is_new else 200)


def _require(session: Session, seen: Seen) -> None:
    # The sums change with every word: only what the order itself says must still be as it was seen.
    wanted = re.sub(r"\.\w+", "", request.headers.get("If-Match", ""))
    require_version(wanted, _version(seen), as_shown(session, seen))


def _version(seen: Seen) -> str:
    return f"{seen.order.seq}-{seen.order.version}"


def _etag(seen: Seen, body: dict[str, Any]) -> str:
    return f"{_version(seen)}.{version_of(body)}"
