"""The door for vacant reaches."""

from __future__ import annotations

from typing import Any

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer
from backend.api.paging import next_path
from backend.api.schemas.vacancies import VacancyArguments, VacancyPage
from backend.api.segments import after_code, level_of
from backend.context import house, today
from backend.domain.actions import Action
from backend.domain.terms import Level
from backend.services import vacancies
from backend.services.vacancies import Vacancy

door = Door("vacancies", "Vacant reaches (河长空缺).")


@door.get("/segments/vacancies")
@needs(Action.SEE_PEOPLE)
@door.arguments(VacancyArguments, location="query")
@door.response(200, VacancyPage)
def listed(asked: dict[str, Any]) -> Response:
    """Reaches of every level without a chief of their own today, by code; somebody may be acting for one."""
    limit = asked["limit"]
    with house().database.reading() as session:
        found = vacancies.listed(
            session,
            actor(),
            today=today(),
            region=asked["region"],
            level=level_of(asked.get("level")),
            code=asked.get("segment"),
            after=after_code(asked["cursor"]),
            limit=limit,
        )
    last = [found[limit - 1].reach.code] if len(found) > limit else None
    return answer({"items": [_shown(each) for each in found[:limit]], "next": next_path(last)})


def _shown(vacancy: Vacancy) -> dict[str, Any]:
    reach = vacancy.reach
    return {
        "id": str(reach.id),
        "code": reach.code,
        "name": reach.name,
        "river": reach.river_code,
        "river_name": reach.river_name,
        "region": reach.region_code,
        "region_name": reach.region_name,
        "level": Level(reach.level).word,
        "length_m": round(reach.length_m, 1),
        "since": vacancy.since.isoformat(),
        "last": _holder(vacancy.last),
        "acting": [_holder(each) for each in vacancy.acting],
        "above": [{"person_id": str(each.person_id), "name": each.name} for each in vacancy.above],
        "coming": _holder(vacancy.coming),
    }


def _holder(row: Any) -> dict[str, Any] | None:
    if row is None:
        return None
    days = {"from": row.from_day.isoformat(), "until": row.until_day.isoformat() if row.until_day else None}
    return {"person_id": str(row.person_id), "name": row.name} | days
