"""Where warnings are in force, as areas on the map: around the reaches concerned, for nobody has told us boundaries."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from backend.db import Session
from backend.domain.access import Actor, Scope, scope_of
from backend.domain.actions import Action
from backend.recent import Recent
from backend.store import areas, flood_warnings
from backend.store.spatial import Box
from geo.areas import Place, along, around_boxes, middle_of, together

MARGIN_M = 800.0
"""So much wider than its reaches: a band that one sees beside the river (our judgement)."""
MOST_KEPT = 200
_AT_MOST = timedelta(minutes=5)
"""So long an area may be taken for the newest though a line has been surveyed anew."""
Areas = Recent[tuple[UUID, int, Scope, date, int], BaseGeometry]
"""By warning, its version, who looks, the day of the reaches, and the time; an empty one where there is none."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where a warning holds."""

    area: BaseGeometry | None
    boxes: list[tuple[str, Box]]
    """Of each reach concerned: its region, and the box around it; in the order of regions."""

    def middle(self, region: str) -> Place | None:
        """The middle of the reaches concerned in a region; None where there is none."""
        own = _below(self.boxes, region)
        return middle_of(own) if own else None


def none_known() -> Areas:
    """Room for areas, empty."""
    return Recent(MOST_KEPT)


def drawn(
    session: Session, actor: Actor, reaches: Scope, kept: Areas, *, at: datetime | None, day: date, now: datetime
) -> list[tuple[Any, BaseGeometry]]:
    """The warnings that touch one's part of the world, now or at a past moment, each with its area: the mildest first.

    Nothing is drawn beyond the reaches that one may see; a warning without any of them has no area. Areas come from
    those kept, and are kept there.
    """
    found, time = [], int(now.timestamp() // _AT_MOST.total_seconds())
    for warning in flood_warnings.in_force_over(session, scope_of(actor, Action.SEE_WARNINGS).regions, at):
        key = (warning.id, warning.version, reaches, day, time)
        shape = kept.get(key)
        if shape is None:
            shape = foreseen(session, warning, reaches, day).area or Polygon()
            kept.keep(key, shape)
        if not shape.is_empty:
            found.append((warning, shape))
    return found


def foreseen(session: Session, warning: Any, reaches: Scope, day: date) -> Where:
    """Where a warning holds that is written or only typed so far: its `regions` and `segments` are looked at."""
    shapes: list[BaseGeometry] = []
    boxes: list[tuple[str, Box]] = []
    if warning.segments:
        lines = areas.lines_of(session, reaches, [UUID(each) for each in warning.segments])
        shapes += [along([row.line for row in lines], MARGIN_M)] if lines else []
        boxes += [(row.region_code, row.line.bounds) for row in lines]
    rows = areas.boxes_in(session, reaches, warning.regions, day) if warning.regions else []
    inside = sorted((code, (west, south, east, north)) for code, west, south, east, north in rows)
    for region in warning.regions:
        if own := _below(inside, region):
            shapes.append(around_boxes(own, MARGIN_M))
    return Where(together(shapes), sorted(boxes + inside))


def _below(boxes: list[tuple[str, Box]], region: str) -> list[Box]:
    """Those in a region, of boxes in the order of regions."""
    begin = bisect_left(boxes, region, key=itemgetter(0))
    end = bisect_left(boxes, f"{region}:", key=itemgetter(0))  # codes are digits, and a colon comes after them
    return [box for _, box in boxes[begin:end]]
