"""What may be asked of a list of hazards, and what each answer to that narrows it to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, exists, or_, select

from backend.domain.cooperation import Way
from backend.domain.hazards import OPEN
from backend.domain.public_reports import PUBLIC
from backend.models.cooperation import Clue
from backend.models.hazards import Hazard, HazardAct, InterimMeasure
from backend.models.inspections import InspectionFinding
from backend.models.segments import Segment
from backend.store.spatial import Box

_hazard, _segment = cast(Table, Hazard.__table__), cast(Table, Segment.__table__)
Span = tuple[datetime | None, datetime | None]
"""From a moment on, and before another; None where it is open."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which hazards are asked for; everything in one's part of the world when nothing is said."""

    states: Sequence[str] = ()
    kind: str | None = None
    severities: Sequence[str] = ()
    region: str | None = None
    alone: str | None = None
    """The only region, without those below it."""
    segment: UUID | str | None = None
    late_at: datetime | None = None
    """Only those whose deadline was over at that moment."""
    in_time_at: datetime | None = None
    """Only the others."""
    is_undue: bool = False
    """Only those for which nothing is waited, so that they have no deadline."""
    box: Box | None = None
    words: str | None = None
    source: str | None = None
    """`public`: what citizens reported; `staff`: what anybody with a post did; of these `inspection`: what inspectors
    found, `clue`: what police or prosecutor handed in.
    """
    is_handed: bool = False
    """Only those that lie with police or prosecutor now."""
    interim: str | None = None
    """`missing`: unsafe without a measure; `late`: with one whose check is overdue at `at`."""
    waits: Sequence[ColumnElement[bool]] | None = None
    """Only those of which one of these holds; they say by themselves whose or where."""
    at: datetime | None = None
    group: str | None = None
    """The first part of kinds."""
    reported: Span = (None, None)
    """Only those reported from one moment on, and before another."""
    act: str | None = None
    acted: Span = (None, None)
    """Only those on which this act, or any, was taken between two moments."""


def filters(asked: Asked) -> list[ColumnElement[bool]]:
    """What it asks of a hazard, but for the region with all below it."""
    found: list[ColumnElement[bool]] = []
    if asked.alone is not None:
        found.append(_hazard.c.region_code == asked.alone)
    if asked.states:
        found.append(_hazard.c.state.in_(asked.states))
    if asked.kind is not None:
        found.append(_hazard.c.kind == asked.kind)
    if asked.severities:
        found.append(_hazard.c.severity.in_(asked.severities))
    if asked.segment is not None:
        found.append(_on_segment(asked.segment))
    if asked.box is not None:
        found.append(in_box(asked.box))
    return found + _told(asked) + _timed(asked) + _unsecured(asked) + _happened(asked)


def _told(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.source is not None:
        found.append(_came_from(asked.source))
    if asked.is_handed:
        found.append(_hazard.c.handed_to.is_not(None))
    if asked.words is not None:
        found.append(_hazard.c.description.contains(asked.words, autoescape=True))
    if asked.group is not None:
        found.append(_hazard.c.kind.startswith(f"{asked.group}.", autoescape=True))
    return found


def _came_from(source: str) -> ColumnElement[bool]:
    if source == "inspection":
        return _hazard.c.id.in_(select(InspectionFinding.hazard_id))
    if source == "clue":
        return _hazard.c.id.in_(select(Clue.hazard_id).where(Clue.way == Way.IN.value))
    is_public: ColumnElement[bool] = _hazard.c.reporter_id == PUBLIC.person_id
    return is_public if source == "public" else ~is_public


def _happened(asked: Asked) -> list[ColumnElement[bool]]:
    found = _between(_hazard.c.reported_at, asked.reported)
    acts = [HazardAct.act == asked.act] if asked.act is not None else []
    acts += _between(HazardAct.at, asked.acted)
    return [*found, _hazard.c.id.in_(select(HazardAct.hazard_id).where(*acts))] if acts else found


def _between(column: Any, span: Span) -> list[ColumnElement[bool]]:
    first, end = span
    begins = [column >= first] if first is not None else []
    return begins + ([column < end] if end is not None else [])


def _timed(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.late_at is not None:
        found.append(and_(_hazard.c.due_at < asked.late_at, _hazard.c.state.in_(OPEN)))
    if asked.in_time_at is not None:
        found.append(
            or_(_hazard.c.due_at.is_(None), _hazard.c.due_at >= asked.in_time_at, _hazard.c.state.not_in(OPEN))
        )
    if asked.is_undue:
        found.append(_hazard.c.due_at.is_(None))
    return found


def _on_segment(named: UUID | str) -> ColumnElement[bool]:
    column = _segment.c.id if isinstance(named, UUID) else _segment.c.code
    return exists().where(_segment.c.id == _hazard.c.segment_id, column == named)


def _unsecured(asked: Asked) -> list[ColumnElement[bool]]:
    if asked.interim == "missing":
        return [_hazard.c.unsafe_since.is_not(None)]
    if asked.interim == "late":
        late = select(InterimMeasure.hazard_id).where(InterimMeasure.next_check_at <= asked.at)
        return [_hazard.c.id.in_(late)]
    return []


def in_box(box: Box) -> ColumnElement[bool]:
    """Whether one lies there."""
    west, south, east, north = box
    return and_(_hazard.c.lat.between(south, north), _hazard.c.lon.between(west, east))
