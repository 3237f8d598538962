"""The door for saved filters: one's own, and nobody else's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails, nothing
from backend.api.schemas.filters import FilterAnswer, FilterArguments, FilterList, FilterSchema, filter_of
from backend.context import house, now
from backend.domain.actions import Action
from backend.errors import Conflict
from backend.services import filters

door = Door("filters", "Saved filters (常用筛选): what somebody asks a list for every day.")


@door.get("/me/filters")
@needs(Action.SEE_SELF)
@door.arguments(FilterArguments, location="query")
@door.response(200, FilterList)
def listed(asked: dict[str, Any]) -> Response:
    """One's own filters, by name."""
    with house().database.reading() as session:
        rows = filters.of_actor(session, actor(), asked.get("list"))
    return answer({"items": [_shown(row) for row in rows]})


@door.put("/me/filters/<uuid:filter_id>")
@needs(Action.SEE_SELF)
@door.arguments(FilterSchema)
@door.response(201, FilterAnswer)
@door.alt_response(200, schema=FilterAnswer, description="It was here already.", success=True)
@fails(Conflict)
def keep(loaded: dict[str, Any], filter_id: UUID) -> Response:
    """Keep a filter under a name of one's own; at most twenty for each list."""
    with house().database.transaction() as session:
        row, is_new = filters.keep(session, actor(), filter_of(filter_id, loaded), now=now())
        shown = _shown(row)
    return answer(shown, 201 if is_new else 200)


@door.delete("/me/filters/<uuid:filter_id>")
@needs(Action.SEE_SELF)
@door.response(204)
def forget(filter_id: UUID) -> Response:
    """Forget one."""
    with house().database.transaction() as session:
        filters.forget(session, actor(), filter_id)
    return nothing()


def _shown(row: Any) -> dict[str, Any]:
    return {"id": str(row.id), "list": row.list, "name": row.name, "query": row.query}
