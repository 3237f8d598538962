"""Cases as anybody sees them: on the public map, in its list by river, and by Open311; persons are in none of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Scope
from backend.domain.hazards import State
from backend.domain.public_reports import Stage, rounded, stage_of
from backend.store import areas
from backend.store import public_cases as store
from backend.store.public_cases import Asked
from backend.store.spatial import Box
from geo.tiles import Tile

__all__ = ["Asked", "Case", "extent", "listed", "of_ids", "of_report", "reaches", "rivers", "version"]
MOST_REACHES = 600
"""Of a square of some thirty kilometres: four times as many as the densest one of the city that asked has villages
(our judgement).
"""
_AT_MOST = timedelta(minutes=5)
"""So long it may be taken for the newest though something without a running number has changed (a line, by import)."""


@dataclass(frozen=True, slots=True)
class Case:
    """One of them: its row, its stage, and where it is, to about a hundred metres.

    `id` is that by which it was reported; of a merged one the row is that of the one where it stands.
    """

    id: UUID
    row: Any
    stage: Stage
    lonlat: tuple[float, float] | None

    @property
    def is_open(self) -> bool:
        """Whether something is still wanted of somebody."""
        return self.stage not in (Stage.DONE, Stage.REFUSED)


def listed(session: Session, asked: Asked, *, limit: int, offset: int = 0) -> list[Case]:
    """Cases that anybody may see, the newest first."""
    return [_shown(row.id, row) for row in store.listed(session, asked, limit=limit, offset=offset)]


def of_ids(session: Session, ids: Sequence[UUID]) -> list[Case]:
    """Those of these ids that anybody may see; whoever reported one knows its id and sees it from the first day."""
    return [_shown(*each) for each in store.of_ids(session, ids)] if ids else []


def of_report(session: Session, report_id: UUID) -> UUID | None:
    """The case to which a report belongs."""
    return store.of_report(session, report_id)


def rivers(session: Session) -> list[Any]:
    """Rivers on which there is something to be seen, with how many are open and fixed."""
    return store.rivers(session)


def extent(session: Session, *, today: date) -> Box | None:
    """The box around every reach of today, in degrees; None where there is none."""
    return areas.extent(session, Scope(("",)), today, region=None, river=None)


def reaches(session: Session, tile: Tile, *, today: date) -> list[Any]:
    """The reaches of a square of the map, with their names: whoever reports chooses a place beside one."""
    return store.reaches(session, tile.box(0), today, MOST_REACHES)


def version(session: Session, *, now: datetime) -> str:
    """Another one whenever anything may have changed; one small question."""
    parts = (store.version(session), int(now.timestamp() // _AT_MOST.total_seconds()))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _shown(case_id: UUID, row: Any) -> Case:
    return Case(case_id, row, stage_of(State(row.state)), rounded((row.lon, row.lat)) if row.lon is not None else None)
