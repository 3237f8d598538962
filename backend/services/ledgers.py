"""The ledger of a campaign (台账): rows by region whose numbers add up, and the lists behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor, scope_of
from backend.domain.actions import Action
from backend.domain.campaigns import CAMPAIGN
from backend.domain.ledgers import Answered, Fixed, Tally
from backend.domain.regions import around, below_length, overlap
from backend.errors import NotFound
from backend.store import campaigns, changes, ledgers, regions
from backend.store.ledgers import Part

MOST_SILENT = 50_000
"""Rows of the second sheet: more than a city has reaches."""


@dataclass(frozen=True, slots=True)
class Row:
    """One region; `is_alone`: without what lies below it, which has rows of its own."""

    region: str
    name: str
    tally: Tally
    is_alone: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """Rows by region below one, and their sum."""

    region: str
    rows: list[Row]
    total: Tally


def part_of(session: Session, actor: Actor, campaign_id: UUID, region: str | None, *, alone: bool = False) -> Part:
    """What of a campaign the actor may look into, narrowed to a region; NotFound when nothing is left."""
    where = campaigns.regions_of(session, [campaign_id])[campaign_id]
    parts = overlap(scope_of(actor, Action.SEE_LEDGER).regions, where)
    if region is not None:
        parts = overlap(parts, [region])
    if not parts:
        raise NotFound()
    return Part(campaign_id, parts, region if alone else None)


def ledger(session: Session, part: Part, region: str | None, *, now: datetime) -> Ledger:
    """The rows below a region, or below the smallest one that holds the whole part."""
    head = region if region is not None else around(min(part.regions), max(part.regions))
    length = below_length(head)
    tallies: dict[str, dict[str, int]] = {}
    for row in (*ledgers.answered(session, part, length), *ledgers.found(session, part, length, now)):
        values = row._asdict()
        tallies.setdefault(values.pop("place"), {}).update(values)
    names = regions.names(session, tallies)
    rows = [
        Row(place, names.get(place, place), Tally(**values), len(place) < length)
        for place, values in sorted(tallies.items())
    ]
    return Ledger(head, rows, total(row.tally for row in rows))


def total(tallies: Iterable[Tally]) -> Tally:
    """All together."""
    return reduce(add, tallies, Tally())


def of_part(session: Session, part: Part, *, now: datetime) -> Tally:
    """The sum over a part of a campaign."""
    found = (*ledgers.answered(session, part, 0), *ledgers.found(session, part, 0, now))
    return Tally(**{name: value for row in found for name, value in row._asdict().items() if name != "place"})


def segments(
    session: Session, part: Part, which: Answered | None, *, limit: int, after: tuple[str, UUID] | None
) -> list[Any]:
    """The segments behind a number."""
    return ledgers.segments(session, part, which, limit=limit, after=after)


def hazards(
    session: Session, part: Part, which: Fixed | None, *, now: datetime, limit: int, after: tuple[str, UUID] | None
) -> list[Any]:
    """The hazards behind a number."""
    return ledgers.hazards(session, part, which, now, limit=limit, after=after)


def silent_for_export(session: Session, actor: Actor, part: Part, *, now: datetime) -> list[Any]:
    """The silent segments with whom to call; that they were taken out of the house is on record."""
    asked = {"regions": list(part.regions)}
    changes.record(session, now, actor.person_id, "export_ledger", CAMPAIGN, str(part.campaign_id), asked)
    return ledgers.segments(session, part, Answered.SILENT, limit=MOST_SILENT)[:MOST_SILENT]
