"""The door for assignments (责任河段) of a reach: who answered for it from when until when."""

from __future__ import annotations

from typing import Any

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer
from backend.api.schemas.assignments import AssignmentAnswer
from backend.api.shown import moment
from backend.context import house, today
from backend.domain.actions import Action
from backend.services import segments
from backend.store import assignments

door = Door("assignments", "Who answered for a reach, and when (责任河段).")


@door.get("/segments/<ref>/assignments")
@needs(Action.SEE_SEGMENTS)
@door.response(200, AssignmentAnswer(many=True))
def of_segment(ref: str) -> Response:
    """Who answers for a reach, who did and who will, the newest first."""
    with house().database.reading() as session:
        reach = segments.one(session, actor(), ref, today=today())
        rows = assignments.of_segment(session, reach.id)
    return answer([_shown(row) for row in rows])


def _shown(row: Any) -> dict[str, Any]:
    came = None
    if row.handover_id is not None:
        at = moment(row.made_at, house().settings.zone)
        came = {"id": str(row.handover_id), "from": row.giver_name, "reason": row.reason, "by": row.maker_name}
        came["at"] = at
    return {
        "person_id": str(row.person_id),
        "name": row.name,
        "duty": row.duty,
        "post": row.post,
        "from": row.from_day.isoformat(),
        "until": row.until_day.isoformat() if row.until_day else None,
        "handover": came,
    }
