"""Splits (河段拆分): a reach becomes two on a day; first one sees what goes where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from shapely import LineString, MultiLineString

from backend.db import Session
from backend.domain.access import Actor
from backend.domain.splits import LEAST_PART_M, LONGEST_AHEAD, SPLIT, may_begin, may_cut, side, side_of_stretch
from backend.errors import BadInput, Conflict, Flaw
from backend.models.segments import Assignment
from backend.models.splits import Split
from backend.services import reaches, replays, timeline
from backend.store import appointments, changes, hazards, splits, surveys
from backend.words import Text
from geo.chainage import Ruler
from geo.measure import length_m
from geo.parting import beside, halves


@dataclass(frozen=True, slots=True)
class Part:
    """What comes to lie on one of the two."""

    line: LineString
    hazards: list[Any] = field(default_factory=list)
    checkpoints: list[Any] = field(default_factory=list)
    boards: list[Any] = field(default_factory=list)
    stations: list[Any] = field(default_factory=list)
    reaches: list[Any] = field(default_factory=list)

    @property
    def length_m(self) -> float:
        """Metres along it."""
        return length_m(self.line)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a split would do."""

    reach: Any
    at_m: float
    at: tuple[float, float]
    since: date
    parts: tuple[Part, Part]
    held: Sequence[Any]
    """Who answers for it on the day or later: for both then."""
    walks: int
    last_walk: datetime | None
    over: int
    """Hazards that are over: they stay with it, as its walks do."""
    campaigns: Sequence[UUID]
    """Running campaigns that both owe an answer then."""


@dataclass(frozen=True, slots=True)
class Named:
    """How one of the two is called."""

    id: UUID
    code: str
    name: str


def at_place(reach: Any, lon: float, lat: float) -> float:
    """The metres along a reach nearest to a place."""
    return Ruler(reach.line).along_m(lon, lat)


def planned(session: Session, reach: Any, at_m: float, since: date, *, today: date) -> Plan:
    """What a split there would do; BadInput for a place or a day that cannot be, Conflict for one cut or ended."""
    _check(reach, at_m, since, today)
    ruler = Ruler(reach.line)
    at = ruler.points_at([at_m])[0]
    upper, lower = halves(reach.line, at_m)
    walks, last, over = splits.history(session, reach.id)
    return Plan(
        reach,
        at_m,
        (float(at[0]), float(at[1])),
        since,
        _shared(session, reach, at_m, (Part(upper), Part(lower)), today),
        splits.held(session, reach.id, since),
        walks,
        last,
        over,
        splits.campaigns(session, reach.id, today),
    )


def known(session: Session, actor: Actor, split_id: UUID, digest: bytes) -> bool:
    """Whether this very split was made before; Conflict where its id stands for another."""
    there = splits.existing(session, split_id)
    if there is None:
        return False
    replays.same(there, actor.person_id, digest)
    return True


def make(
    session: Session,
    actor: Actor,
    plan: Plan,
    split_id: UUID,
    named: tuple[Named, Named],
    reason: str,
    digest: bytes,
    *,
    today: date,
    now: datetime,
) -> None:
    """Cut a reach, held by this transaction, in two; on a day to come what lies on it goes over on that day."""
    _check_names(session, named)
    reach = plan.reach
    surveys.add(session, _rows(plan, named))
    row = Split(
        id=split_id,
        segment_id=reach.id,
        at_m=plan.at_m,
        from_day=plan.since,
        reason=reason,
        made_by_id=actor.person_id,
        made_at=now,
        body_sha256=digest,
    )
    splits.add(session, row, [each.id for each in named])
    for each in named:
        splits.same_risk(session, reach.id, each.id)
    codes = [each.code for each in named]
    body = {"code": reach.code, "at_m": plan.at_m, "into": codes, "since": plan.since.isoformat(), "reason": reason}
    changes.record(session, now, actor.person_id, SPLIT, "segment", str(reach.id), body)
    if plan.since <= today:
        settle(session, split_id, today=today, now=now)


def waiting(session: Session, *, today: date, limit: int) -> list[UUID]:
    """Splits from whose old reach something has to go over today."""
    return splits.waiting(session, today, limit)


def settle(session: Session, split_id: UUID, *, today: date, now: datetime) -> bool:
    """Let what lies on the old reach go over to the two; whether anybody was free to do it. Done again, it is the same.

    Once settled, only hazards that a phone reported afterwards under the old name are left to go over.
    """
    row = splits.taken(session, split_id)
    if row is None:
        return False
    surveys.hold_hazards(session, row.segment_id)
    reach, (upper, lower) = surveys.existing(session, row.segment_id), splits.parts(session, split_id)
    shared = _shared(session, reach, row.at_m, (Part(upper.line), Part(lower.line)), today, strict=False)
    if row.settled_at is None:
        _pass_on(session, row, reach, (upper, lower), now=now)
        for part, named in zip(shared, (upper, lower), strict=True):
            ruler = Ruler(part.line)
            splits.move(
                session,
                named.id,
                checkpoints={each.id: ruler.along_m(each.point.x, each.point.y) for each in part.checkpoints},
                boards=[each.id for each in part.boards],
                stations=[each.id for each in part.stations],
                reaches=[each.id for each in part.reaches],
            )
        for campaign in splits.campaigns(session, reach.id, today):
            for named in (upper, lower):
                splits.owe(session, campaign, reach.id, named.id)
        row.settled_at = now
    for part, named in zip(shared, (upper, lower), strict=True):
        _move_hazards(session, row, reach, part, named, now=now)
    return True


def _check(reach: Any, at_m: float, since: date, today: date) -> None:
    if reach.split_day is not None:
        raise Conflict("reach_cut")
    if reach.until_day is not None:
        raise Conflict("reach_ended")
    if not may_cut(at_m, reach.length_m):
        values = {"least": f"{LEAST_PART_M:.0f}", "most": f"{max(0.0, reach.length_m - LEAST_PART_M):,.0f}"}
        raise BadInput(Flaw("/at_m", Text("flaw.cut_place", values)))
    if not may_begin(since, today):
        raise BadInput.at("/from", "flaw.handover_day", days=LONGEST_AHEAD.days)


def _shared(
    session: Session, reach: Any, at_m: float, parts: tuple[Part, Part], today: date, *, strict: bool = True
) -> tuple[Part, Part]:
    """Put everything that lies on a reach on one of the parts; BadInput for a lower reach that lies across the cut."""
    ruler = Ruler(reach.line)
    for each in surveys.open_hazards(session, reach.id):
        along = each.chainage_m if each.lon is None else ruler.along_m(each.lon, each.lat)
        parts[side(at_m, along)].hazards.append(each)
    for each in surveys.checkpoints(session, reach.id):
        parts[side(at_m, ruler.along_m(each.point.x, each.point.y))].checkpoints.append(each)
    for each in surveys.boards(session, reach.id):
        parts[side(at_m, ruler.along_m(each.point.x, each.point.y))].boards.append(each)
    for each in splits.stations(session, reach.id):
        parts[side(at_m, ruler.along_m(each.lon, each.lat))].stations.append(each)
    across = []
    for each in surveys.inside(session, reach.id, today):
        begin, end = (ruler.along_m(*each.line.coords[corner]) for corner in (0, -1))
        where = side_of_stretch(at_m, begin, end)
        if where is None:
            across.append(each)
        parts[side(at_m, (begin + end) / 2) if where is None else where].reaches.append(each)
    if across and strict:
        names = "、".join(each.name for each in across[:3])
        raise BadInput(Flaw("/at_m", Text("flaw.cut_across", {"names": names})))
    return parts


def _check_names(session: Session, named: tuple[Named, Named]) -> None:
    if named[0].code == named[1].code:
        raise BadInput.at("/parts/1/code", "flaw.codes_alike")
    taken = surveys.code_taken(session, [each.code for each in named])
    flaws = [
        Flaw(f"/parts/{number}/code", Text("flaw.code_taken", {"code": each.code}))
        for number, each in enumerate(named)
        if each.code in taken
    ]
    if flaws:
        raise BadInput(*flaws)


def _rows(plan: Plan, named: tuple[Named, Named]) -> list[dict[str, Any]]:
    """The two as rows; what runs beside the river is cut, too."""
    reach = plan.reach
    levees = beside(reach.line, plan.at_m, reach.levee.geoms if reach.levee is not None else ())
    kept = ("river_code", "region_code", "level", "parent_id", "width_m", "is_synthetic")
    begins = (reach.from_m, reach.from_m + plan.at_m)
    return [
        {
            "id": each.id,
            "code": each.code,
            "name": each.name,
            **{name: getattr(reach, name) for name in kept},
            **reaches.shape_of(part.line, begin_m),
            "levee": MultiLineString(levee) if levee else None,
            "from_day": plan.since,
            "version": 1,
        }
        for each, part, begin_m, levee in zip(named, plan.parts, begins, levees, strict=True)
    ]


def _pass_on(session: Session, row: Split, reach: Any, parts: Sequence[Any], *, now: datetime) -> None:
    """Whoever answers for the old reach answers for both of the two, by the same post, from its day on."""
    held = splits.held(session, reach.id, row.from_day)
    for each in held:
        for part in parts:
            key = {"person_id": each.person_id, "segment_id": part.id, "appointment_id": each.appointment_id}
            begin = max(each.from_day, row.from_day)
            days = {"from_day": begin, "until_day": each.until_day}
            new = Assignment(id=uuid5(part.id, each.id.hex), duty=each.duty, **key, **days)
            appointments.add(session, new)
    appointments.end_assignments(session, [each.id for each in held], row.from_day)
    people = {each.person_id for each in held}
    changes.changed_all(session, now, [(person, part.id) for person in people for part in parts], "segment")
    changes.changed_all(session, now, [(person, reach.id) for person in people], "segment", "gone")


def _move_hazards(session: Session, row: Split, reach: Any, part: Part, named: Any, *, now: datetime) -> None:
    """Open hazards lie on a part from now on; each timeline says so."""
    ruler = Ruler(part.line)
    said = timeline.whole({"from": reach.code, "segment": named.code, "split": row.id})
    happened = timeline.prepare(
        [
            timeline.Happened("hazard", each.id, timeline.head_of(each), SPLIT, said, by=row.made_by_id)
            for each in part.hazards
        ],
        now=now,
    )
    timeline.write(session, happened)
    for each, head in zip(part.hazards, happened.heads, strict=True):
        along = None if each.lon is None else ruler.along_m(each.lon, each.lat)
        hazards.change(session, each.seq, segment_id=named.id, chainage_m=along, **timeline.columns(head))
    told = [(person, each.id) for each in part.hazards for person in (each.reporter_id, each.assignee_id) if person]
    changes.changed_all(session, now, told, "hazard")
