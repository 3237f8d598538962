"""Questions about the lines of reaches, for whoever draws them: one as it lies, and what stands on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, insert, literal, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.access import Scope
from backend.domain.hazards import OPEN
from backend.models.hazards import Hazard
from backend.models.regions import Region
from backend.models.segments import Checkpoint, NoticeBoard, River, Segment
from backend.models.splits import Split
from backend.store.segments import in_force, segment, within

_segment = cast(Table, Segment.__table__)
_parent = _segment.alias("parent")


def one(session: Session, ref: UUID | str, scope: Scope, *, held: bool = False) -> Any:
    """A reach of the scope with its line; None outside. `held`: nobody else alters it until the transaction ends.

    Columns: those of the reach, river_name, region_name, parent_code, and split_day where it is to be cut.
    """
    if held:
        named = Segment.id == ref if isinstance(ref, UUID) else Segment.code == ref
        session.execute(select(Segment.id).where(named).with_for_update())
    joined = segment.join(River, River.code == segment.c.river_code)
    joined = joined.join(Region, Region.code == segment.c.region_code)
    joined = joined.outerjoin(_parent, _parent.c.id == segment.c.parent_id)
    joined = joined.outerjoin(Split, Split.segment_id == segment.c.id)
    names = (
        River.name.label("river_name"),
        Region.name.label("region_name"),
        _parent.c.code.label("parent_code"),
        Split.from_day.label("split_day"),
    )
    wanted = segment.c.id == ref if isinstance(ref, UUID) else segment.c.code == ref
    question = select(*segment.columns, *names).select_from(joined)
    return session.execute(question.where(wanted, within(scope))).one_or_none()


def existing(session: Session, segment_id: UUID) -> Any:
    """The reach of that id, wherever it lies."""
    return session.execute(select(*_segment.columns).where(_segment.c.id == segment_id)).one_or_none()


def code_taken(session: Session, codes: Iterable[str]) -> set[str]:
    """Which of these codes are given already, also to reaches that have ended."""
    return set(session.scalars(select(Segment.code).where(Segment.code.in_(list(codes)))))


def river(session: Session, code: str) -> Any:
    """The river of that code."""
    return session.get(River, code)


def around(session: Session, river_code: str, region: str, level: int, today: date) -> list[AnyRow]:
    """Reaches of a river that a reach of a region may lie in, the lowest level first: id, code, level, from_m, line."""
    columns = (Segment.id, Segment.code, Segment.name, Segment.level, Segment.from_m, Segment.line)
    holds = literal(region).startswith(Segment.region_code)
    question = select(*columns).where(Segment.river_code == river_code, Segment.level > level, holds, in_force(today))
    return list(session.execute(question.order_by(Segment.level, Segment.from_m)).all())


def add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write new reaches."""
    session.execute(insert(Segment), list(rows))


def change(session: Session, segment_id: UUID, **values: Any) -> None:
    """Give a reach another line or width, which is a new version of it."""
    changed = update(_segment).where(_segment.c.id == segment_id)
    session.execute(changed.values(version=_segment.c.version + 1, **values))


def open_hazards(session: Session, segment_id: UUID) -> list[AnyRow]:
    """Open hazards on a reach in their order: seq, id, kind, severity, state, chainage_m, lon, lat, facts,
    head, reporter_id, assignee_id.
    """
    names = ("seq", "id", "kind", "severity", "state", "chainage_m", "lon", "lat", "facts", "head")
    people = (Hazard.reporter_id, Hazard.assignee_id)
    question = select(*(getattr(Hazard, name) for name in names), *people).where(_is_open_on(segment_id))
    return list(session.execute(question.order_by(Hazard.seq)).all())


def hold_hazards(session: Session, segment_id: UUID) -> None:
    """Keep everybody else from altering them until the transaction ends."""
    session.execute(select(Hazard.seq).where(_is_open_on(segment_id)).order_by(Hazard.seq).with_for_update())


def checkpoints(session: Session, segment_id: UUID) -> list[AnyRow]:
    """What one stops at on a reach: id, code, name, point, chainage_m."""
    columns = (Checkpoint.id, Checkpoint.code, Checkpoint.name, Checkpoint.point, Checkpoint.chainage_m)
    question = select(*columns).where(Checkpoint.segment_id == segment_id)
    return list(session.execute(question.order_by(Checkpoint.chainage_m)).all())


def boards(session: Session, segment_id: UUID) -> list[AnyRow]:
    """The notice boards of a reach: id, code, point."""
    question = select(NoticeBoard.id, NoticeBoard.code, NoticeBoard.point)
    return list(session.execute(question.where(NoticeBoard.segment_id == segment_id).order_by(NoticeBoard.code)).all())


def inside(session: Session, segment_id: UUID, today: date) -> list[AnyRow]:
    """The reaches that lie in one: id, code, name, line."""
    columns = (Segment.id, Segment.code, Segment.name, Segment.line)
    question = select(*columns).where(Segment.parent_id == segment_id, in_force(today))
    return list(session.execute(question.order_by(Segment.from_m)).all())


def place_checkpoint(session: Session, checkpoint_id: UUID, chainage_m: float) -> None:
    """Say how far along its reach a checkpoint lies now."""
    session.execute(update(Checkpoint).where(Checkpoint.id == checkpoint_id).values(chainage_m=chainage_m))


def _is_open_on(segment_id: UUID) -> ColumnElement[bool]:
    return (Hazard.segment_id == segment_id) & Hazard.state.in_(OPEN)
