"""Rolls (叫应名单): who is called by a warning, in which row of the board they stand, and in what order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.domain.duties import post_of
from backend.domain.terms import CHIEFS, Duty, Post


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who is called, with the seat and the reach for which they are."""

    person_id: UUID
    post: Post
    region_code: str
    segment_id: UUID | None
    is_inside: bool
    """Whether they sit inside the risk area, and are called before the rest."""


def roll(
    reaches: Iterable[Any],
    seats: Iterable[Any],
    posts: Collection[Post],
    *,
    focus: Collection[str] = (),
    risky: Collection[UUID] = (),
) -> list[Called]:
    """Everybody who is called, each once, for the lowest seat they have: those inside the risk area first.

    `reaches`: person_id, duty, level, region_code, segment_id, the lowest first; `seats`: person_id, post, region_code,
    for chiefs without a reach; `focus`: regions, and `risky`: segments, inside the risk area.
    """
    found: dict[UUID, Called] = {}
    inside: set[UUID] = set()
    for row in reaches:
        post = post_of(row.level, row.duty == Duty.WARDEN.value)
        if post not in posts:
            continue
        if row.segment_id in risky or _lies_in(row.region_code, focus):
            inside.add(row.person_id)
        found.setdefault(row.person_id, Called(row.person_id, post, row.region_code, row.segment_id, False))
    for row in seats:
        if _lies_in(row.region_code, focus):
            inside.add(row.person_id)
        found.setdefault(row.person_id, Called(row.person_id, Post(row.post), row.region_code, None, False))
    return sorted(
        (
            Called(each.person_id, each.post, each.region_code, each.segment_id, each.person_id in inside)
            for each in found.values()
        ),
        key=lambda each: (not each.is_inside, CHIEFS.get(each.post, 0), each.region_code, each.person_id.bytes),
    )


def _lies_in(region: str, prefixes: Collection[str]) -> bool:
    return any(region.startswith(prefix) for prefix in prefixes)
