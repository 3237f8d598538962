"""The door for regions."""

from __future__ import annotations

from typing import Any

from flask import Response

from backend.api.auth import needs
from backend.api.door import Door, answer, fails
from backend.api.etag import version_of
from backend.api.paging import next_path
from backend.api.schemas.segments import RegionArguments, RegionPage, RegionPathAnswer
from backend.api.segments import after_code
from backend.context import house
from backend.domain.actions import Action
from backend.domain.terms import Level
from backend.errors import NotFound
from backend.models.regions import Region
from backend.services import regions
from backend.store import regions as store

MOST = 200

door = Door("regions", "Regions (区划), by their official codes.")


@door.get("/regions")
@needs(Action.SEE_REGIONS)
@door.arguments(RegionArguments, location="query")
@door.response(200, RegionPage)
@fails(NotFound)
def listed(asked: dict[str, Any]) -> Response:
    """The regions directly below one, or those of these codes; the highest ones when nothing is named."""
    limit = asked["limit"]
    if "codes" in asked:
        with house().database.reading() as session:
            found = store.of_codes(session, asked["codes"].split(",")[:MOST])
        return answer({"items": [_shown(row) for row in found], "next": None})
    with house().database.reading() as session:
        parent = regions.one(session, asked["parent"]).code if asked["parent"] else None
        rows = store.below(session, parent, after=after_code(asked["cursor"]), limit=limit)
    last = [rows[limit - 1].code] if len(rows) > limit else None
    return answer({"items": [_shown(row) for row in rows[:limit]], "next": next_path(last)})


@door.get("/regions/<code>")
@needs(Action.SEE_REGIONS)
@door.response(200, RegionPathAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def one(code: str) -> Response:
    """One region, by its code, padded or not."""
    with house().database.reading() as session:
        region = regions.one(session, code)
        path = regions.path(session, region.code)
    body = _shown(region) | {"path": [{"code": each, "name": name} for each, name in path]}
    return answer(body, etag=version_of(body))


def _shown(region: Region) -> dict[str, Any]:
    return {
        "code": region.code,
        "name": region.name,
        "level": Level(region.level).word,
        "parent": region.parent_code,
        "kind": region.kind,
    }
