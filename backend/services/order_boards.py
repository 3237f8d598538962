"""Boards of orders: the numbers of what one sees of it, split by place, and the people behind each number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor, Scope
from backend.domain.order_boards import Placed, Tally, by_place, narrowed, place_of, placed, tally
from backend.domain.orders import ORDER, Status
from backend.domain.regions import around, below_length
from backend.store import changes, orders, regions

NAMES = 5
"""Of people in each place who have not; of more the number is said."""


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the board."""

    region: str
    name: str
    tally: Tally
    names: tuple[str, ...]
    """The first of those who have not."""
    is_alone: bool
    """Without what lies below it, which has rows of its own."""


@dataclass(frozen=True, slots=True)
class Board:
    """An order as somebody above sees it."""

    region: str
    places: tuple[Place, ...]
    total: Tally


def board(session: Session, order_id: UUID, parts: Sequence[str], *, now: datetime) -> Board:
    """The numbers over some regions, split by what lies directly below where its people are."""
    everybody = placed(orders.rows(session, [order_id], Scope(tuple(parts))), now)
    codes = [each.row.region_code for each in everybody] or parts
    region = around(min(codes), max(codes))
    length = below_length(region)
    groups = by_place(everybody, length)
    names = regions.names(session, groups)
    places = tuple(
        Place(code, names.get(code, code), tally(people), _silent(people)[:NAMES], len(code) < length)
        for code, people in groups.items()
    )
    return Board(region, places, tally(everybody))


def people(
    session: Session,
    order_id: UUID,
    parts: Sequence[str],
    *,
    alone: str | None,
    status: Status | None,
    limit: int,
    after: tuple[int, str, int] | None,
    now: datetime,
) -> list[Placed]:
    """People behind a number, those who have not first, one more than `limit`; `alone`: of that very region."""
    rows = orders.rows(session, [order_id], Scope(tuple(parts)))
    from_there = narrowed(placed([row for row in rows if alone in (None, row.region_code)], now), status)
    if after is not None:
        from_there = [each for each in from_there if place_of(each) > after]
    return from_there[: limit + 1]


def totals(session: Session, order_ids: Sequence[UUID], parts: Sequence[str], *, now: datetime) -> Mapping[UUID, Tally]:
    """The numbers of a page of orders over what one sees of them."""
    everybody: dict[UUID, list[Placed]] = {order_id: [] for order_id in order_ids}
    if parts and order_ids:
        for each in placed(orders.standings(session, order_ids, parts), now):
            everybody[each.row.order_id].append(each)
    return {order_id: tally(people) for order_id, people in everybody.items()}


def taken_out(session: Session, actor: Actor, order_id: UUID, asked: dict[str, Any], *, now: datetime) -> None:
    """Keep that somebody has taken the board as a file."""
    changes.record(session, now, actor.person_id, "export_board", ORDER, str(order_id), asked)


def _silent(everybody: Sequence[Placed]) -> tuple[str, ...]:
    return tuple(each.row.person for each in everybody if each.standing.done_at is None)
