"""The door for points of citizens (碧水积分): the ledger, what there is at a code, corrections and redemptions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import BASE, Door, answer, fails
from backend.api.paging import next_path, number_in
from backend.api.schemas.points import (
    PointDeedAnswer,
    PointDeedSchema,
    PointsAccountAnswer,
    PointsArguments,
    PointsPage,
    deed_of,
)
from backend.api.shown import moment
from backend.clock import end_of, start_of
from backend.context import house, now
from backend.domain.access import may
from backend.domain.actions import Action
from backend.domain.public_reports import spaced
from backend.errors import Conflict, NotFound
from backend.services import points
from backend.services.points import Asked

door = Door("points", "Points of citizens (碧水积分): a ledger that only grows, by answer code and without persons.")


@door.get("/points")
@needs(Action.SEE_POINTS)
@door.arguments(PointsArguments, location="query")
@door.response(200, PointsPage)
@fails(NotFound)
def listed(asked: dict[str, Any]) -> Response:
    """Entries of one's own part of the world, the newest first, with the sums of all that are asked for."""
    limit, zone = asked["limit"], house().settings.zone
    begin = start_of(asked["begin"], zone) if asked["begin"] else None
    end = end_of(asked["end"], zone) if asked["end"] else None
    which = Asked(asked.get("what"), begin, end)
    with house().database.reading() as session:
        found = points.ledger(
            session, actor(), which, asked["region"], limit=limit, after=number_in(asked["cursor"]), now=now()
        )
    last = [found.rows[limit - 1].seq] if len(found.rows) > limit else None
    page = {"items": [_entry(row) for row in found.rows[:limit]], "next": next_path(last), "is_on": found.is_on}
    return answer(page | {"sums": dict(found.sums), "balance": sum(found.sums.values())})


@door.get("/points/codes/<code>")
@needs(Action.SEE_POINTS)
@door.response(200, PointsAccountAnswer)
def account(code: str) -> Response:
    """What there is at an answer code that a citizen reads out."""
    with house().database.reading() as session:
        seen = points.account(session, actor(), code, now=now())
    return answer(
        {
            "code": spaced(seen.report.code),
            "hazard": f"{BASE}/hazards/{seen.report.hazard_id}",
            "balance": seen.balance,
            "may_keep": may(actor(), Action.KEEP_POINTS, seen.report.region_code),
            "entries": [_entry(row) for row in seen.entries],
        }
    )


@door.put("/points/deeds/<uuid:deed_id>")
@needs(Action.KEEP_POINTS)
@door.arguments(PointDeedSchema)
@door.response(201, PointDeedAnswer, description="Entered.")
@door.alt_response(200, schema=PointDeedAnswer, description="It was entered already.", success=True)
@fails(Conflict)
def do(loaded: dict[str, Any], deed_id: UUID) -> Response:
    """Correct the points at a code, or redeem some; the same deed may be sent any number of times."""
    with house().database.transaction() as session:
        row, is_new = points.do(session, actor(), deed_of(deed_id, loaded), now=now())
    return answer({"id": str(deed_id)} | _entry(row), 201 if is_new else 200)


def _entry(row: Any) -> dict[str, Any]:
    half = spaced(row.code).partition("-")[0]
    return {
        "number": row.seq,
        "what": row.what,
        "points": row.points,
        "reason": row.reason,
        "at": moment(row.at, house().settings.zone),
        "by": {"id": str(row.by_id), "name": row.by_name} if row.by_id else None,
        "code": f"{half}-*****",
        "region": row.region_code,
        "hazard": f"{BASE}/hazards/{row.hazard_id}",
    }
