"""Where warnings are in force, as areas on the map: around the reaches concerned, for nobody has told us boundaries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from backend.db import Session
from backend.domain.access import Action, Actor, Scope, scope_of
from backend.recent import Recent
from backend.store import areas, flood_warnings
from geo.areas import along, around_boxes, together

MARGIN_M = 800.0
"""So much wider than its reaches: a band that one sees beside the river (our judgement)."""
MOST_KEPT = 200
_AT_MOST = timedelta(minutes=5)
"""So long an area may be taken for the newest though a line has been surveyed anew."""
Areas = Recent[tuple[UUID, int, Scope, date, int], BaseGeometry]
"""By warning, its version, who looks, the day of the reaches, and the time; an empty one where there is none."""


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
            shape = together(_parts(session, warning, reaches, day)) or Polygon()
            kept.keep(key, shape)
        if not shape.is_empty:
            found.append((warning, shape))
    return found


def _parts(session: Session, warning: Any, reaches: Scope, day: date) -> Iterator[BaseGeometry]:
    if warning.segments:
        lines = areas.lines_of(session, reaches, [UUID(each) for each in warning.segments])
        if lines:
            yield along(lines, MARGIN_M)
    for region in warning.regions:
        boxes = areas.boxes_in(session, reaches, region, day)
        if boxes:
            yield around_boxes([tuple(box) for box in boxes], MARGIN_M)
