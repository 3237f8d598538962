"""Surveys (河段测绘): a new reach is drawn, or one that is there gets another line, with a look at what that does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from shapely import LineString

from backend.db import Session
from backend.domain.access import Actor, Scope, scope_of
from backend.domain.actions import Action
from backend.domain.regions import level_of
from backend.domain.terms import Level
from backend.errors import BadInput, Conflict, Flaw, NotFound
from backend.services import reaches
from backend.store import changes, hazards, regions, splits, surveys
from backend.words import Text
from geo.chainage import Ruler
from geo.measure import Plane, length_m

SEGMENT = "segment"
LEAST_M, MOST_M = 20.0, 1_000_000.0
"""A shorter line is a slip of the hand, a longer one no reach of a region (our judgement)."""
FAR_M = 1_000.0
"""A line that leaves the reach it lies in by more lies somewhere else: surveys are not that rough (our judgement)."""
AWAY_M = 200.0
"""A checkpoint or hazard further from the new line than that is worth a look (our judgement)."""


@dataclass(frozen=True, slots=True)
class NewReach:
    """A reach as somebody drew it; its line in WGS 84."""

    id: UUID
    code: str
    name: str
    river: str
    region: str
    width_m: float
    line: LineString
    since: date


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What another line would do to a reach: metres, and things that come to lie far from it."""

    reach: Any
    line: LineString
    width_m: float
    after_m: float
    off_m: float
    """The largest distance between the old line and the new one."""
    is_turned: bool
    """Whether it runs the other way: metres along it are counted from the other end."""
    hazards: Sequence[tuple[Any, float | None]]
    """Open hazards, each with its metres along the new line; None where only the reach was named."""
    checkpoints: Sequence[tuple[Any, float, float]]
    """Checkpoints with their metres along the new line, and how far from it they are."""


def seen(session: Session, actor: Actor, ref: str, *, held: bool = False) -> Any:
    """A reach that the actor may change, with its line; NotFound for any other."""
    row = surveys.one(session, reaches.by_name(ref), world(actor), held=held)
    if row is None:
        raise NotFound()
    return row


def world(actor: Actor) -> Scope:
    """Where the actor may change reaches."""
    return Scope(scope_of(actor, Action.CHANGE_SEGMENTS).regions)


def is_open(row: Any, today: date) -> None:
    """Conflict for a reach that has ended, or is to be cut: the two are drawn by its present line."""
    if row.split_day is not None and row.split_day > today:
        raise Conflict("reach_split", day=row.split_day.isoformat())
    if row.until_day is not None and row.until_day <= today:
        raise Conflict("reach_ended")


def redrawn(session: Session, row: Any, line: LineString, width_m: float | None, *, today: date) -> Redrawn:
    """What another line would do; BadInput for one that is none, or lies elsewhere."""
    is_open(row, today)
    check_line(line)
    around = surveys.existing(session, row.parent_id) if row.parent_id else None
    if around is not None and farthest_m(line, around.line) > FAR_M:
        raise BadInput.at("/line", "flaw.line_far", name=around.name)
    ruler, plane = Ruler(line), Plane.around(row.line)
    old, new = plane.shape_in_metres(row.line), plane.shape_in_metres(line)
    starts = [shapely.Point(each.coords[0]) for each in (old, new)]
    points = surveys.checkpoints(session, row.id)
    at_m, away_m = ruler.nearest(ruler.plane.metres([(each.point.x, each.point.y) for each in points]))
    return Redrawn(
        row,
        line,
        row.width_m if width_m is None else width_m,
        length_m(line),
        float(shapely.hausdorff_distance(old, new, densify=0.1)),
        starts[1].distance(starts[0]) > starts[1].distance(shapely.Point(old.coords[-1])),
        [(each, _along(ruler, each)) for each in surveys.open_hazards(session, row.id)],
        [(each, float(at), float(away)) for each, at, away in zip(points, at_m, away_m, strict=True)],
    )


def redraw(session: Session, actor: Actor, found: Redrawn, reason: str, *, today: date, now: datetime) -> None:
    """Give a reach, held by this transaction, its new line: a new version, by which walks are counted anew."""
    row = found.reach
    values = reaches.shape_of(found.line, row.from_m) | {"width_m": found.width_m}
    surveys.change(session, row.id, **values)
    for checkpoint, at_m, _ in found.checkpoints:
        surveys.place_checkpoint(session, checkpoint.id, at_m)
    for hazard, at in found.hazards:
        if at is not None:
            hazards.change(session, hazard.seq, chainage_m=at)
    body = {"code": row.code, "version": row.version + 1, "length_m": [row.length_m, found.after_m], "reason": reason}
    changes.record(session, now, actor.person_id, "redraw_segment", SEGMENT, str(row.id), body)
    told = [(each.person_id, row.id) for each in splits.held(session, row.id, today) if each.from_day <= today]
    changes.changed_all(session, now, told, SEGMENT)


def draw(session: Session, actor: Actor, draft: NewReach, *, now: datetime, today: date) -> bool:
    """Keep a new reach once; whether it is new. BadInput names what cannot be meant, Conflict an id of another one."""
    known = surveys.existing(session, draft.id)
    if known is not None:
        _same(actor, known, draft)
        return False
    parent = _checked(session, actor, draft, today)

    begins_m = _begins_m(parent, draft.line)
    surveys.add(
        session,
        [
            {
                "id": draft.id,
                "code": draft.code,
                "name": draft.name,
                "river_code": draft.river,
                "region_code": draft.region,
                "level": int(level_of(draft.region)),
                "parent_id": parent.id if parent else None,
                "width_m": draft.width_m,
                "from_day": draft.since,
                "is_synthetic": False,
                "version": 1,
                **reaches.shape_of(draft.line, begins_m),
            }
        ],
    )
    body = {"code": draft.code, "region": draft.region, "river": draft.river, "length_m": length_m(draft.line)}
    changes.record(session, now, actor.person_id, "draw_segment", SEGMENT, str(draft.id), body)
    return True


def check_line(line: LineString) -> None:
    """BadInput for a line that is too short or too long to be a reach."""
    metres = length_m(line)
    if not LEAST_M <= metres <= MOST_M:
        raise BadInput.at("/line", "flaw.line_length", metres=f"{metres:,.0f}")


def farthest_m(line: LineString, other: LineString) -> float:
    """How far from another line the farthest corner of a line lies, in metres."""
    plane = Plane.around(other)
    corners = shapely.points(plane.metres(shapely.get_coordinates(line)))
    return float(np.max(shapely.distance(corners, plane.shape_in_metres(other))))


def _checked(session: Session, actor: Actor, draft: NewReach, today: date) -> Any:
    """The reach in which a new one lies, None where there is none around it; BadInput with every flaw at once."""
    flaws: list[Flaw] = []
    if not world(actor).holds(draft.region) or regions.one(session, draft.region) is None:
        flaws.append(Flaw("/region", Text("import.unknown_region", {"code": draft.region})))
    elif level_of(draft.region) is Level.PROVINCE:
        flaws.append(Flaw("/region", Text("flaw.reach_region")))
    if surveys.river(session, draft.river) is None:
        flaws.append(Flaw("/river", Text("import.unknown_river", {"code": draft.river})))
    if surveys.code_taken(session, [draft.code]):
        flaws.append(Flaw("/code", Text("flaw.code_taken", {"code": draft.code})))
    try:
        check_line(draft.line)
    except BadInput as wrong:
        flaws += wrong.flaws
    if flaws:
        raise BadInput(*flaws)
    above = surveys.around(session, draft.river, draft.region, int(level_of(draft.region)), today)
    near = [each for each in above if farthest_m(draft.line, each.line) <= FAR_M]
    if above and not near:
        raise BadInput.at("/line", "flaw.line_far", name=above[0].name)
    return near[0] if near else None


def _begins_m(parent: Any, line: LineString) -> float:
    """Where a line begins on its river: along the reach it lies in; at nought where there is none."""
    if parent is None:
        return 0.0
    return float(parent.from_m) + Ruler(parent.line).along_m(*line.coords[0])


def _same(actor: Actor, known: Any, draft: NewReach) -> None:
    said = (draft.code, draft.name, draft.river, draft.region, draft.width_m)
    kept = (known.code, known.name, known.river_code, known.region_code, known.width_m)
    if not world(actor).holds(known.region_code):
        raise Conflict("foreign")
    if said != kept or not known.line.equals_exact(draft.line, 1e-9):
        raise Conflict()


def _along(ruler: Ruler, hazard: Any) -> float | None:
    return None if hazard.lon is None else ruler.along_m(hazard.lon, hazard.lat)
