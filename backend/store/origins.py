"""From which reaches a reach was cut: a table for questions about what was asked or walked of the whole."""

from __future__ import annotations

from sqlalchemy import CTE, select

from backend.models.splits import Split, SplitPart


def origins() -> CTE:
    """Of each part of a split the reach that was cut, and the one of which this was a part: segment_id, origin_id."""
    part = select(SplitPart.segment_id, Split.segment_id.label("origin_id"))
    found = part.join(Split, Split.id == SplitPart.split_id).cte("origins", recursive=True)
    before = select(found.c.segment_id, Split.segment_id).join(SplitPart, SplitPart.segment_id == found.c.origin_id)
    return found.union(before.join(Split, Split.id == SplitPart.split_id))
