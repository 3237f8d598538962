"""The door for the coverage of training (全覆盖): how many of those in a post were trained, and who is missing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api import shown_training as shown
from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.paging import next_path, place_in
from backend.api.schemas.attendance import CoverageAnswer, CoverageArguments, CoveragePeopleArguments
from backend.api.schemas.training import TrainingPeoplePage
from backend.context import house, today
from backend.domain.actions import Action
from backend.domain.terms import Post
from backend.errors import NotFound
from backend.services import training_coverage
from backend.services.training_coverage import Year

door = Door(
    "training_coverage", "Of the chiefs in their posts today, how many were trained this year, and who was not."
)


@door.get("/trainings/coverage")
@needs(Action.SEE_TRAINING)
@door.arguments(CoverageArguments, location="query")
@door.response(200, CoverageAnswer)
@fails(NotFound)
def coverage(asked: dict[str, Any]) -> Response:
    """By place and post; who has left is not counted, and nobody is counted twice in a place and post."""
    year = _year(asked)
    with house().database.reading() as session:
        found = training_coverage.covered(session, actor(), asked["region"], year)
    return answer(shown.coverage(found, year))


@door.get("/trainings/coverage/people")
@needs(Action.SEE_TRAINING)
@door.arguments(CoveragePeopleArguments, location="query")
@door.response(200, TrainingPeoplePage)
@fails(NotFound)
def people(asked: dict[str, Any]) -> Response:
    """The people behind these numbers, by region."""
    limit, after = asked["limit"], place_in(asked["cursor"], str, UUID)
    posts = [Post(asked["post"])] if "post" in asked else []
    page: dict[str, Any] = {name: asked[name] for name in ("alone", "trained", "limit")} | {"after": after}
    with house().database.reading() as session:
        rows = training_coverage.people(session, actor(), asked["region"], posts, _year(asked), **page)
    last = [rows[limit - 1].region_code, str(rows[limit - 1].id)] if len(rows) > limit else None
    return answer({"items": [shown.trainee(row) for row in rows[:limit]], "next": next_path(last)})


def _year(asked: dict[str, Any]) -> Year:
    return training_coverage.year_of(asked["year"], today(), house().settings.zone)
