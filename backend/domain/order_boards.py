"""The board of an order: who has read, signed and done it, place by place, and who has not, down to the person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.domain.order_standings import Standing, standing
from backend.domain.orders import Status, Wanted

NUMBERS = ("people", "read", "signed", "done", "late", "open", "overdue")


@dataclass(frozen=True, slots=True)
class Placed:
    """An addressee's row, and how far they are."""

    row: Any
    standing: Standing


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of a place; done and open add up to people, late is a part of done, overdue one of open."""

    people: int = 0
    read: int = 0
    signed: int = 0
    done: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0


def placed(rows: Iterable[Any], now: datetime) -> list[Placed]:
    """Each row with how far its addressee is at a moment."""
    return [Placed(row, standing(row, Wanted(row.wanted), row.due_at, now)) for row in rows]


def tally(everybody: Sequence[Placed]) -> Tally:
    """How many are how far."""
    has = [each.standing for each in everybody]
    done = sum(each.done_at is not None for each in has)
    return Tally(
        people=len(has),
        read=sum(each.read_at is not None for each in has),
        signed=sum(each.signed_at is not None for each in has),
        done=done,
        late=sum(each.is_late for each in has),
        open=len(has) - done,
        overdue=sum(each.is_overdue for each in has),
    )


def by_place(everybody: Iterable[Placed], length: int) -> dict[str, list[Placed]]:
    """The same by region, which is a code of at most so many digits, in the order of codes."""
    found: dict[str, list[Placed]] = {}
    for each in everybody:
        found.setdefault(each.row.region_code[:length], []).append(each)
    return dict(sorted(found.items()))


def narrowed(everybody: Iterable[Placed], status: Status | None) -> list[Placed]:
    """Those of whom that can be said, who is silent first, then by region."""
    those = [each for each in everybody if status is None or each.standing.has(status)]
    return sorted(those, key=place_of)


def place_of(each: Placed) -> tuple[int, str, int]:
    """Where somebody stands in the list of people."""
    return int(each.standing.done_at is not None), each.row.region_code, each.row.seq
