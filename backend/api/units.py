"""The door for responsible units: to whom a hazard of a place can be given."""

from __future__ import annotations

from typing import Any

from flask import Response

from backend.api.auth import needs
from backend.api.door import Door, answer
from backend.api.schemas.units import UnitArguments, UnitList
from backend.context import house
from backend.domain.actions import Action
from backend.store import units

door = Door("units", "Responsible units (责任单位): departments, towns and companies that mend hazards.")


@door.get("/units")
@needs(Action.SEE_HAZARDS)
@door.arguments(UnitArguments, location="query")
@door.response(200, UnitList)
def around(asked: dict[str, Any]) -> Response:
    """The units of a region and of those around it, the nearest first."""
    with house().database.reading() as session:
        rows = units.around(session, asked["region"])
    names = ("code", "name", "kind")
    shown = [
        {name: getattr(row, name) for name in names} | {"region": row.region_code, "handles": row.handles}
        for row in rows
    ]
    return answer({"items": shown})
