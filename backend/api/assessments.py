"""The door for assessments (考核): made, looked at down to the records, published, counted anew, and closed."""

from __future__ import annotations

from operator import index
from typing import Any
from uuid import UUID, uuid4

from flask import Response

from backend.api import shown_assessments as shown
from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.etag import IF_MATCH, require_match
from backend.api.paging import next_path, number_in, numbered, place_in
from backend.api.schemas.assessments import (
    AssessedPersonAnswer,
    AssessmentAnswer,
    AssessmentListArguments,
    AssessmentPage,
    AssessmentPreviewAnswer,
    AssessmentSchema,
    PlaceArguments,
    PlaceListAnswer,
    RecomputeSchema,
    RecordArguments,
    RecordListAnswer,
    ScoreListArguments,
    ScorePage,
    assessment_of,
)
from backend.context import house, now
from backend.db import Session
from backend.domain.actions import Action
from backend.domain.assessments import Order, State
from backend.domain.regions import below_length
from backend.errors import Conflict, NotFound, Stale, VersionNeeded
from backend.services import appeals, appraisal, assessments
from backend.services.policies import ASSESSMENTS
from backend.store import assessment_records
from backend.store import assessments as store

door = Door("assessments", "Assessments (考核): of so many owed so many done, each beside those who owe the same.")
_LISTS = {
    "patrols": assessment_records.patrols,
    "callouts": assessment_records.callouts,
    "campaigns": assessment_records.campaigns,
    "training": assessment_records.trainings,
    "hazards": assessment_records.hazards,
}
_KEYS = {Order.RANK: (index, index, index), Order.SCORE: (float, index), Order.REGION: (str, index)}


@door.put("/assessments/<uuid:assessment_id>")
@needs(Action.MAKE_ASSESSMENT)
@door.arguments(AssessmentSchema)
@door.response(201, AssessmentAnswer, description="Counted, and kept as a draft that the offices see.")
@door.alt_response(200, schema=AssessmentAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict, NotFound)
def make(loaded: dict[str, Any], assessment_id: UUID) -> Response:
    """Assess the people of some posts in a region over days whose duty is settled."""
    draft, zone = assessment_of(assessment_id, loaded), house().settings.zone
    with house().database.reading() as session:
        counted = assessments.drawn(session, actor(), draft, now=now(), zone=zone)
    with house().database.transaction() as session:
        is_new = assessments.make(session, actor(), draft, counted, now=now())
        found = assessments.one(session, actor(), assessment_id)
        body = _whole(session, found)
    return answer(body, 201 if is_new else 200, etag=_etag(found))


@door.post("/assessments/preview")
@needs(Action.MAKE_ASSESSMENT)
@door.arguments(AssessmentSchema)
@door.response(200, AssessmentPreviewAnswer)
@fails(NotFound)
def preview(loaded: dict[str, Any]) -> Response:
    """Whom an assessment would be about; nothing is written."""
    draft, zone = assessment_of(uuid4(), loaded), house().settings.zone
    with house().database.reading() as session:
        found = assessments.preview(session, actor(), draft, now=now(), zone=zone)
    return answer(shown.preview(found))


@door.get("/assessments")
@needs(Action.SEE_ASSESSMENTS)
@door.arguments(AssessmentListArguments, location="query")
@door.response(200, AssessmentPage)
def listed(asked: dict[str, Any]) -> Response:
    """Published ones in which one stands or somebody below; those of one's own office as drafts, too. Newest first."""
    limit, zone = asked["limit"], house().settings.zone
    scopes = (assessments.offices(actor()), assessments.sight(actor()))
    page = {"state": asked.get("state"), "limit": limit, "after": number_in(asked["cursor"])}
    with house().database.reading() as session:
        rows = store.listed(session, *scopes, **page)
    items = [shown.assessment(row, actor(), zone) for row in rows[:limit]]
    return answer(numbered(items, rows, limit))


@door.get("/assessments/<uuid:assessment_id>")
@needs(Action.SEE_ASSESSMENTS)
@door.response(200, AssessmentAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def one(assessment_id: UUID) -> Response:
    """One assessment with the weights it was counted by, every computing, and one's own rows."""
    with house().database.reading() as session:
        found = assessments.one(session, actor(), assessment_id)
        body = _whole(session, found)
    return answer(body, etag=_etag(found))


@door.get("/assessments/<uuid:assessment_id>/scores")
@needs(Action.SEE_ASSESSMENTS)
@door.arguments(ScoreListArguments, location="query")
@door.response(200, ScorePage)
def scores(asked: dict[str, Any], assessment_id: UUID) -> Response:
    """The league table: of each person the shares with their intervals and sample sizes, score and rank."""
    limit, zone, order = asked["limit"], house().settings.zone, Order(asked.get("order", Order.RANK))
    after = place_in(asked["cursor"], *_KEYS[order])
    where: dict[str, Any] = {"region": asked.get("region"), "alone": asked["alone"]}
    where |= {"post": asked.get("post"), "words": asked.get("q")}
    with house().database.reading() as session:
        found = assessments.one(session, actor(), assessment_id)
        number = _edition(found, asked)
        scope = assessments.sight(actor())
        rows = store.scores(session, found.id, number, scope, order=order, after=after, limit=limit, **where)
    items = [shown.score(row, found, zone) for row in rows[:limit]]
    return answer({"items": items, "next": next_path(_last(rows, limit, order))})


@door.get("/assessments/<uuid:assessment_id>/regions")
@needs(Action.SEE_ASSESSMENTS)
@door.arguments(PlaceArguments, location="query")
@door.response(200, PlaceListAnswer)
def regions(asked: dict[str, Any], assessment_id: UUID) -> Response:
    """Counties or towns beside each other, and what is their region's own: people's sums, hazards of the time and
    when they were fixed, and reaches that nobody walked.
    """
    with house().database.reading() as session:
        found, scope = assessments.one(session, actor(), assessment_id), assessments.sight(actor())
        number = _edition(found, asked)
        places = store.places(session, found.id, number, scope)
        length = max((len(each.region_code) for each in places), default=len(found.region_code))
        people = store.sums(session, found.id, number, scope, found.region_code, length)
    of = {each.place: each for each in people}
    items = [shown.place(each, of.get(each.region_code), found) for each in places]
    return answer({"items": items, "total": shown.total(places, people)})


@door.get("/assessments/<uuid:assessment_id>/people/<uuid:person_id>")
@needs(Action.SEE_ASSESSMENTS)
@door.response(200, AssessedPersonAnswer)
def person(assessment_id: UUID, person_id: UUID) -> Response:
    """What one person came to in every computing, and what they appealed against."""
    zone, scope = house().settings.zone, assessments.sight(actor())
    with house().database.reading() as session:
        found = assessments.one(session, actor(), assessment_id)
        rows = store.of_person(session, found.id, person_id, scope)
        if not rows:
            raise NotFound()
        said = appeals.listed(session, found, scope, person=person_id)
        rule = ASSESSMENTS.of_version(session, found.rule_version)
    is_open = found.state == State.PUBLISHED and now() < rule.appeals_until(found.published_at, zone)
    return answer(
        {
            "items": [shown.score(row, found, zone) for row in rows],
            "appeals": [shown.appeal(each, zone) for each in said],
            "assessment": shown.assessment(found, actor(), zone)
            | {"rule": rule.body(), "appeals_until": shown.until(found, rule, zone)},
            "may_appeal": is_open and person_id == actor().person_id,
        }
    )


@door.get("/assessments/<uuid:assessment_id>/people/<uuid:person_id>/records")
@needs(Action.SEE_ASSESSMENTS)
@door.arguments(RecordArguments, location="query")
@door.response(200, RecordListAnswer)
def records(asked: dict[str, Any], assessment_id: UUID, person_id: UUID) -> Response:
    """What stands behind a figure, as it is now: periods with what was owed and done, calls, answers, reports."""
    limit, zone, scope = asked["limit"], house().settings.zone, assessments.sight(actor())
    after = place_in(asked["cursor"], index, str)
    with house().database.reading() as session:
        found = assessments.one(session, actor(), assessment_id)
        own = [
            row
            for row in store.of_person(session, found.id, person_id, scope)
            if asked.get("post") in (None, row.post) and asked.get("region") in (None, row.region_code)
        ]
        if not own:
            raise NotFound()
        what = appraisal.asked(found.region_code, [own[0].post], found.begin_day, found.until_day, zone)
        rows = _LISTS[asked["of"]](session, what, assessments.behind(session, own[0]), after, limit)
    items = [shown.record(asked["of"], row, zone) for row in rows[:limit]]
    last = [rows[limit - 1].number, rows[limit - 1].name] if len(rows) > limit else None
    return answer({"items": items, "next": next_path(last)})


@door.post("/assessments/<uuid:assessment_id>/publish")
@needs(Action.MAKE_ASSESSMENT)
@door.response(200, AssessmentAnswer)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def publish(assessment_id: UUID) -> Response:
    """Let everybody in it see their figures; they may appeal from now on."""
    with house().database.transaction() as session:
        found = _held(session, assessment_id)
        assessments.publish(session, actor(), found, now=now())
        return _altered(session, assessment_id)


@door.post("/assessments/<uuid:assessment_id>/close")
@needs(Action.MAKE_ASSESSMENT)
@door.response(200, AssessmentAnswer)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def close(assessment_id: UUID) -> Response:
    """Let the figures stay as they are for good, once every appeal is decided."""
    with house().database.transaction() as session:
        found = _held(session, assessment_id)
        assessments.close(session, actor(), found, now=now())
        return _altered(session, assessment_id)


@door.post("/assessments/<uuid:assessment_id>/recompute")
@needs(Action.MAKE_ASSESSMENT)
@door.arguments(RecomputeSchema)
@door.response(200, AssessmentAnswer)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def recompute(said: dict[str, Any], assessment_id: UUID) -> Response:
    """Count it anew by the walks and rules of now, with the reason on record; the figures before stay beside it."""
    zone = house().settings.zone
    with house().database.reading() as session:
        _matched(session, assessments.one(session, actor(), assessment_id))
        counted = assessments.redrawn(session, actor(), assessment_id, now=now(), zone=zone)
    with house().database.transaction() as session:
        found = _held(session, assessment_id)
        assessments.recompute(session, actor(), found, counted, said["reason"], now=now())
        return _altered(session, assessment_id)


def _held(session: Session, assessment_id: UUID) -> Any:
    found = assessments.held(session, actor(), assessment_id)
    _matched(session, found)
    return found


def _matched(session: Session, found: Any) -> None:
    require_match(_etag(found), _whole(session, found))


def _altered(session: Session, assessment_id: UUID) -> Response:
    found = assessments.one(session, actor(), assessment_id)
    return answer(_whole(session, found), etag=_etag(found))


def _etag(found: Any) -> str:
    return f"assessment-{found.version}"


def _edition(found: Any, asked: dict[str, Any]) -> int:
    number: int = asked.get("edition", found.edition)
    if number > found.edition:
        raise NotFound()
    return number


def _last(rows: list[Any], limit: int, order: Order) -> list[Any] | None:
    return store.place_of(rows[limit - 1], order) if len(rows) > limit else None


def _whole(session: Session, found: Any) -> dict[str, Any]:
    zone, rule = house().settings.zone, ASSESSMENTS.of_version(session, found.rule_version)
    scope = assessments.sight(actor())
    mine = store.of_person(session, found.id, actor().person_id, scope)
    places = store.peopled(session, found.id, found.edition, scope, below_length(found.region_code))
    return shown.assessment(found, actor(), zone) | {
        "appeals_until": shown.until(found, rule, zone),
        "rule": rule.body(),
        "editions": [shown.edition(each, zone) for each in store.editions(session, found.id)],
        "places": [{"code": each.code, "name": each.name} for each in places],
        "mine": [shown.score(row, found, zone) for row in mine if row.edition == found.edition],
    }
