"""When a reach was walked last, now or at a past moment: a column for questions about reaches."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, FromClause, Table, func, select

from backend.db import UtcTime
from backend.models.patrols import Patrol
from backend.models.segments import Segment
from backend.models.splits import Split, SplitPart

_segment, _patrol = cast(Table, Segment.__table__), cast(Table, Patrol.__table__)
_split, _part = cast(Table, Split.__table__), cast(Table, SplitPart.__table__)


_before = _part.join(_split, _split.c.id == _part.c.split_id).join(_patrol, _patrol.c.segment_id == _split.c.segment_id)


def _newest(*until: ColumnElement[bool]) -> ColumnElement[datetime]:
    """Of a segment by a walk that counts; before its first, of the one that it was cut from."""
    own = _newest_of(_patrol, _patrol.c.segment_id == _segment.c.id, *until)
    return func.coalesce(own, _newest_of(_before, _part.c.segment_id == _segment.c.id, *until), type_=UtcTime())


def _newest_of(of: FromClause, *here: ColumnElement[bool]) -> ColumnElement[datetime]:
    question = select(_patrol.c.walked_at).select_from(of).where(*here, _patrol.c.counts)
    newest = question.order_by(_patrol.c.walked_at.desc(), _patrol.c.seq.desc()).limit(1)
    return newest.correlate(_segment).scalar_subquery()


def last_walk_by(at: ColumnElement[datetime]) -> ColumnElement[datetime]:
    """When a segment had last been walked at a past moment, by walks that count as is known now."""
    return _newest(_patrol.c.walked_at <= at)


last_walk = _newest()
"""When a segment was last walked."""
