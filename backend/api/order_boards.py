"""The door for boards of orders: who has read, signed and done it, place by place and person by person."""

from __future__ import annotations

from operator import index
from typing import Any
from uuid import UUID

from flask import Response

from backend.api import shown_orders as shown
from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.paging import next_path, place_in
from backend.api.schemas.orders import AddresseePage, OrderBoardAnswer, OrderBoardArguments, OrderPeopleArguments
from backend.context import house, language, now
from backend.domain.actions import Action
from backend.domain.order_boards import NUMBERS, place_of
from backend.domain.orders import Status
from backend.errors import NotFound
from backend.formats import books
from backend.formats.books import Sheet
from backend.services import access, order_boards, orders
from backend.services.order_boards import Board
from backend.words import Text, say

door = Door("order_boards", "Boards of orders: by place, down to the person of who has not.")


@door.get("/orders/<uuid:order_id>/board")
@needs(Action.SEE_ORDERS)
@door.arguments(OrderBoardArguments, location="query")
@door.response(200, OrderBoardAnswer)
@fails(NotFound)
def board(asked: dict[str, Any], order_id: UUID) -> Response:
    """The board, a row a place, with the first names of those who have not."""
    with house().database.reading() as session:
        seen = orders.one(session, actor(), order_id)
        parts = access.part_of(seen.parts, asked.get("region"))
        found = order_boards.board(session, order_id, parts, now=now())
    if asked.get("format") == "xlsx":
        return _workbook(order_id, seen.order.title, found, asked)
    return answer(shown.board(found, order_id, now(), house().settings.zone))


@door.get("/orders/<uuid:order_id>/people")
@needs(Action.SEE_ORDERS)
@door.arguments(OrderPeopleArguments, location="query")
@door.response(200, AddresseePage)
@fails(NotFound)
def people(asked: dict[str, Any], order_id: UUID) -> Response:
    """Those who got it, the ones who have not done it first."""
    limit, zone = asked["limit"], house().settings.zone
    status = Status(asked["status"]) if "status" in asked else None
    after: Any = place_in(asked["cursor"], index, str, index)
    with house().database.reading() as session:
        seen = orders.one(session, actor(), order_id)
        parts = access.part_of(seen.parts, asked.get("region"))
        page = {"status": status, "limit": limit, "after": after, "now": now()}
        alone = asked.get("region") if asked["alone"] else None
        found = order_boards.people(session, order_id, parts, alone=alone, **page)
    last = list(place_of(found[limit - 1])) if len(found) > limit else None
    return answer({"items": [shown.addressee(each, zone) for each in found[:limit]], "next": next_path(last)})


def _workbook(order_id: UUID, title: str, found: Board, asked: dict[str, Any]) -> Response:
    with house().database.transaction() as session:
        order_boards.taken_out(session, actor(), order_id, asked, now=now())
    response = Response(books.workbook([_sheet(title, found)]), mimetype=books.MEDIA_TYPE)
    response.headers["Content-Disposition"] = "attachment; filename=order-board.xlsx"
    return response


def _sheet(title: str, found: Board) -> Sheet:
    def word(key: str) -> str:
        return say(Text(key), language())

    headings = [word("order.column.place"), *(word(f"order.column.{name}") for name in NUMBERS)]
    rows = [[row.name, *(getattr(row.tally, name) for name in NUMBERS), "、".join(row.names)] for row in found.places]
    total = [word("order.column.total"), *(getattr(found.total, name) for name in NUMBERS), ""]
    return Sheet(title, [*headings, word("order.column.names")], [*rows, total])
