"""Walks at a desk: the list, and one on the map with its verdict, which a superior or the office may review."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.clock import end_of, start_of
from backend.context import house
from backend.domain.access import may, may_review
from backend.domain.actions import Action
from backend.domain.terms import Outcome, Post
from backend.errors import Problem
from backend.web import desk, exports, places
from backend.web.exports import Export, Item, Value
from backend.web.forms import date_of, field, flaws_of, status_of

blueprint = desk.furnished(Blueprint("console_patrols", __name__, url_prefix="/console/patrols"))
_FILTERS = ("region", "outcome", "standing", "segment", "person", "duty_of", "from", "to")
_HEADINGS = (
    *("patrol.reach", "search.code", "patrol.who", "people.post", "patrol.when", "patrol.verdict", "patrol.why"),
    *("patrol.covered_m", "patrol.lasted_min", "patrol.entered", "patrol.withdrawn", "patrol.received"),
)
STANDINGS = ("counted", "doubtful", "not_counted", "withdrawn")
MARKS = {"valid": "ok", "doubtful": "yellow", "invalid": "bad"}


@blueprint.get("")
@desk.sits(Action.SEE_PATROLS)
def listed() -> Response:
    """The newest first; days, verdict, region and reach stand in the address."""
    found = desk.ask("/patrols", _asked() | desk.query()).body
    return desk.page(
        "patrols.html",
        found=found["items"],
        next=desk.next_of(found),
        regions=places.below_own(),
        outcomes=list(Outcome),
        standings=STANDINGS,
        marks=MARKS,
    )


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_PATROLS)
def export(form: str) -> Response:
    """The whole list as a file, a row a walk."""
    said = [
        (exports.word(f"patrol.by.{name}"), _filter_said(name, value))
        for name, value in desk.filters(*_FILTERS).items()
    ]
    return exports.file_of(Export("patrols", "/patrols", "console.nav.patrols", _HEADINGS, _rows, _asked(), said), form)


@blueprint.get("/<uuid:patrol_id>")
@desk.sits(Action.SEE_PATROLS)
def one(patrol_id: UUID) -> Response:
    """The verdict in one sentence, its reasons, the picture, and what may be done."""
    return _page(patrol_id)


@blueprint.get("/<uuid:patrol_id>/trace")
@desk.sits(Action.SEE_PATROLS)
def trace(patrol_id: UUID) -> AnyResponse:
    """The picture's own parts, as the API gives them."""
    return desk.pass_on(f"/patrols/{patrol_id}/trace")


@blueprint.post("/<uuid:patrol_id>/review")
@desk.sits(Action.REVIEW_PATROL)
def review(patrol_id: UUID) -> AnyResponse:
    """The superior's or the office's word, on the walk as it was seen."""
    return _said(patrol_id, "review", {"outcome": field("outcome"), "note": field("note")})


@blueprint.post("/<uuid:patrol_id>/withdraw")
@desk.sits(Action.WITHDRAW_PATROL)
def withdraw(patrol_id: UUID) -> AnyResponse:
    """A mistaken report is taken back; it stays on record."""
    return _said(patrol_id, "withdraw", {"reason": field("reason")})


def _said(patrol_id: UUID, act: str, body: dict[str, str]) -> AnyResponse:
    try:
        desk.tell("POST", f"/patrols/{patrol_id}/{act}", body, version=field("version"))
    except Problem as problem:
        return _page(patrol_id, act, problem)
    return desk.kept(f"/console/patrols/{patrol_id}", "console.did.patrol")


def _page(patrol_id: UUID, act: str = "", problem: Problem | None = None) -> Response:
    found = desk.ask(f"/patrols/{patrol_id}")
    walk, actor = found.body, desk.actor()
    is_own = str(actor.person_id) in (walk["person"]["id"], walk["entered_by"])
    is_of_mine = is_own or str(actor.person_id) == walk["duty_of"]
    is_gone = walk["withdrawn"] is not None
    return desk.page(
        "patrol.html",
        status=status_of(problem),
        walk=walk,
        version=found.etag,
        act=act,
        typed=request.form,
        flaws=flaws_of(problem),
        outcomes=list(Outcome),
        marks=MARKS,
        may_review=not is_gone and not is_of_mine and may_review(actor, Post(walk["post"]), walk["region"]),
        may_withdraw=not is_gone and (is_own or may(actor, Action.WITHDRAW_PATROL, walk["region"])),
    )


def _asked() -> dict[str, str]:
    """The question of the address in the words of the API: days as moments."""
    zone, asked = house().settings.zone, desk.filters("region", "outcome", "standing", "segment", "person", "duty_of")
    for name, edge in (("from", start_of), ("to", end_of)):
        if (day := date_of(request.args.get(name, ""))) is not None:
            asked[name] = edge(day, zone).isoformat()
    return asked


def _filter_said(name: str, value: str) -> str:
    if name == "standing":
        return exports.word(f"stats.f.patrols.{value}")
    if name == "outcome":
        return exports.word(f"patrol.outcome.{value}")
    return places.around(value, Action.SEE_PATROLS).name if name == "region" else value


def _rows(walk: Item) -> list[list[Value]]:
    """A walk as a row of a file."""
    verdict, review = walk["verdict"], walk["review"]
    outcome = review["outcome"] if review else verdict["outcome"]
    return [
        [
            *(walk["segment"]["name"], walk["segment"]["code"], walk["person"]["name"]),
            *(exports.word(f"post.{walk['post']}"), exports.moment(walk["walked_at"])),
            *(exports.word(f"patrol.outcome.{outcome}"), verdict["sentence"]),
            *(round(verdict["covered_m"]), round(verdict["duration_s"] / 60, 1)),
            exports.word("patrol.by_office") if walk["entered_by"] else "",
            *(exports.yes(walk["withdrawn"]), exports.moment(walk["received_at"])),
        ]
    ]
