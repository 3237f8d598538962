"""Where a message from outside holds: its codes and shapes become regions and reaches of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from backend.db import Session
from backend.domain.cap import Area
from backend.domain.regions import BadRegionCode, cut, level_of, widest
from backend.domain.terms import Level
from backend.store import areas
from geo.areas import circle, ring, together


@dataclass(frozen=True, slots=True)
class Place:
    """Where it holds."""

    regions: tuple[str, ...] = ()
    """Each with everything below it."""
    segments: tuple[UUID, ...] = ()
    """Where it holds on these reaches only; empty: on all of the regions."""
    parts: tuple[tuple[str | None, BaseGeometry | None], ...] = ()
    """As it was said: codes that are known here, and shapes."""
    unmatched: tuple[str, ...] = ()
    """Codes that mean nothing here."""
    is_ours: bool = False
    """One of the codes that mean nothing lies in a city or county of ours: somebody should look."""


def find(session: Session, drawn: Iterable[Area], *, today: date) -> Place:
    """The union of everything that is named and drawn: too many who are warned is the safe side.

    A shape beside a code never narrows it. What a shape crosses beyond the codes is taken by its lowest reaches;
    where no code is known at all, it holds on the reaches that the shapes cross and nowhere else.
    """
    every = list(drawn)
    codes, strange = _codes(every)
    known = areas.known(session, codes)
    shapes = [*dict.fromkeys(_shapes(every))]
    union = together(shapes)
    rows = areas.crossed(session, union, today) if union is not None else []

    beyond = {row.region_code for row in rows if row.is_lowest} or {row.region_code for row in rows}
    unknown = sorted(codes - known)
    is_ours = _is_among_ours(session, unknown) or bool(strange and not (known or shapes))
    return Place(
        regions=widest(known | beyond),
        segments=() if known else tuple(sorted(row.id for row in rows)),
        parts=(*((code, None) for code in sorted(known)), *_found(beyond - known), *((None, each) for each in shapes)),
        unmatched=(*unknown, *strange),
        is_ours=is_ours,
    )


def _found(codes: Iterable[str]) -> Iterator[tuple[str, None]]:
    return ((code, None) for code in widest(codes))


def _codes(drawn: list[Area]) -> tuple[set[str], tuple[str, ...]]:
    """Codes cut to the length of their level, and those that are none."""
    codes: set[str] = set()
    strange: dict[str, None] = {}
    for area in drawn:
        for code in area.geocodes:
            try:
                codes.add(cut(code.value))
            except BadRegionCode:
                strange[code.value[:40]] = None
    return codes, tuple(strange)[:100]


def _shapes(drawn: list[Area]) -> Iterator[BaseGeometry]:
    for area in drawn:
        yield from (ring(places) for places in area.polygons)
        yield from (circle(each.centre, each.radius_m) for each in area.circles)


def _is_among_ours(session: Session, unknown: list[str]) -> bool:
    """Whether the city around an unknown code is one of ours: those of other cities are none of our business."""
    cities = {code[:4] for code in unknown if level_of(code) < Level.CITY}
    return bool(areas.known(session, cities))
