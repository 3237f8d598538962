"""One hazard at a desk: what it is, what happened to it, and what one may do with it now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.access import may, may_try
from backend.domain.actions import Action
from backend.domain.cooperation import law_post
from backend.domain.hazards import Act
from backend.domain.terms import Post
from backend.errors import BadInput, Conflict, NotFound, Problem, Stale, Unauthenticated
from backend.web import basemaps, desk, hazard_acts
from backend.web.forms import flaws_of, status_of, whole
from backend.web.hazard_acts import APART, FIELDS, PROVEN, Filled
from backend.words import Text, say

blueprint = desk.furnished(Blueprint("console_hazard", __name__, url_prefix="/console"))
_AWAY = frozenset({Act.TRANSFER, Act.RETURN, Act.HAND_BACK})
"""After these it may be in another's hands, and not be seen any more."""


@blueprint.get("/hazards/<uuid:hazard_id>")
@desk.sits(Action.SEE_HAZARDS)
def one(hazard_id: UUID) -> Response:
    """A hazard as it is now."""
    return _page(hazard_id)


@blueprint.post("/hazards/<uuid:hazard_id>/acts")
@desk.sits(Action.SEE_HAZARDS)
def act(hazard_id: UUID) -> AnyResponse:
    """Act on it; where that cannot be done the form comes back as it was filled in, with why."""
    form = hazard_acts.filled()
    try:
        said = hazard_acts.said_by(form)
        _check_sure(form)
        desk.tell("POST", f"/hazards/{hazard_id}/actions", said, version=form.typed.get("version"))
    except Unauthenticated:
        raise
    except Problem as problem:
        form.is_stale = isinstance(problem, Stale)
        form.flaws = hazard_acts.flaws_of(form, problem)
        return _page(hazard_id, form, status_of(problem))
    return desk.kept(_after(hazard_id, form.act), f"hazard.act.{form.act}")


@blueprint.post("/hazards/<uuid:hazard_id>/evidence")
@desk.sits(Action.TAKE_EVIDENCE)
def evidence(hazard_id: UUID) -> Response:
    """The case file; a form and no link, because each taking is put on record."""
    return desk.pass_on(f"/hazards/{hazard_id}/evidence.zip")


@blueprint.get("/hazards/<uuid:hazard_id>/claim")
@desk.sits(Action.SEE_HAZARDS)
def claim(hazard_id: UUID) -> Response:
    """Who is at it: a piece of its page, which asks for it again and again."""
    held = desk.ask(f"/hazards/{hazard_id}/claim")
    response = desk.page("hazard_claim.html", claim=held.body, id=hazard_id)
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request.environ)
    return response


@blueprint.get("/hazards/<uuid:hazard_id>/joint")
@desk.sits(Action.SEE_COOPERATION)
def joint(hazard_id: UUID) -> Response:
    """The clues and prosecutors' suggestions about it: a piece of its page, which asks enough already."""
    asked = {"hazard": str(hazard_id)}
    found = {noun: desk.ask(f"/{noun}", asked).body["items"] for noun in ("clues", "suggestions")}
    return desk.page("hazard_joint.html", **found)


@blueprint.post("/hazards/<uuid:hazard_id>/claim")
@desk.sits(Action.COMMENT_HAZARD)
def take(hazard_id: UUID) -> AnyResponse:
    """Say that one is at it, or is not any more."""
    method = "DELETE" if request.form.get("end") else "PUT"
    try:
        desk.tell(method, f"/hazards/{hazard_id}/claim")
    except Conflict as problem:
        return _page(hazard_id, status=409, said=say(problem.text, desk.language()))
    return redirect(f"/console/hazards/{hazard_id}", 303)


@blueprint.post("/hazards/<uuid:hazard_id>/reveal")
@desk.sits(Action.REVEAL_PHONE)
def reveal(hazard_id: UUID) -> Response:
    """The numbers that citizens left with it, this once, for a reason that is kept."""
    reason = request.form.get("reason", "").strip()
    try:
        phones = desk.tell("POST", f"/hazards/{hazard_id}/phone-reveal", {"reason": reason}).body["phones"]
    except Unauthenticated:
        raise
    except Problem as problem:
        said = "；".join(each["text"] for each in flaws_of(problem)) or say(problem.text, desk.language())
        return _page(hazard_id, status=status_of(problem), said=said)
    return _page(hazard_id, phones=phones)


@blueprint.get("/photos/<sha256>")
@desk.sits(Action.SEE_PHOTO)
def photo(sha256: str) -> Response:
    """A photo's bytes, for whoever may see it; the browser keeps them for this session."""
    size = "thumb" if request.args.get("size") == "thumb" else "view"
    if not sha256.isalnum():
        raise NotFound()
    response = desk.pass_on(f"/photos/{sha256}", query_string={"size": size})
    response.headers["Vary"] = "Cookie"
    return response


@blueprint.get("/recordings/<sha256>")
@desk.sits(Action.SEE_PHOTO)
def recording(sha256: str) -> Response:
    """A voice note, whole or the part that the browser plays, for whoever may hear it."""
    if not sha256.isalnum():
        raise NotFound()
    response = desk.pass_on(f"/recordings/{sha256}")
    response.headers["Vary"] = "Cookie"
    return response


def _page(
    hazard_id: UUID, form: Filled | None = None, status: int = 200, said: str = "", phones: Sequence[str] = ()
) -> Response:
    """The hazard with its forms; `form` is one that was sent and could not be taken."""
    answered = desk.ask(f"/hazards/{hazard_id}")
    hazard, spoken = answered.body, desk.language()
    allowed = hazard_acts.possible(hazard)
    gives = Act.ASSIGN in allowed
    page = desk.page(
        "hazard.html",
        status=status,
        hazard=hazard,
        id=hazard_id,
        name=f"{hazard['segment']['name']} · {hazard['kind_name']}",
        version=answered.etag,
        facts=hazard["timeline"][-1]["number"] if hazard["timeline"] else 0,
        claim=hazard["claim"] or {"by": None},
        units=desk.ask("/units", {"region": hazard["region"]}).body["items"] if gives else [],
        acts=[each for each in FIELDS if each in allowed and each not in APART],
        apart=[each for each in APART if each in allowed],
        following=hazard_acts.FOLLOWING.get(hazard["state"]),
        fields=FIELDS,
        phones=phones,
        needed=hazard_acts.needed,
        new_id=lambda: str(uuid4()),
        **_with_the_law(hazard),
        sees_people=may_try(desk.actor(), Action.SEE_PEOPLE),
        **_seen(hazard),
        form=form,
        news=_news(hazard, form),
        proven=desk.is_proven_now(),
        proves=PROVEN,
        said=said or (say(Text("hazards.proof_needed"), spoken) if form and form.wants_proof else ""),
    )
    page.headers["Content-Security-Policy"] += "; media-src 'self'"  # voice notes
    return basemaps.opened(page)


def _with_the_law(hazard: dict[str, Any]) -> dict[str, bool]:
    """Whether there may be clues or suggestions about it that the reader sees (which are asked for by themselves), and
    whether they may make a suggestion, or ask for an answer by a day.
    """
    here, handed_to = desk.actor(), hazard["handed_to"]
    was_handed = any(fact["act"] == Act.TRANSFER for fact in hazard["timeline"])
    return {
        "joint": may_try(here, Action.SEE_COOPERATION) and (was_handed or hazard["source"] == "clue"),
        "suggests": handed_to == Post.PROSECUTOR and any(seat.post == handed_to for seat in here.seats),
        "asks_back": handed_to is not None and law_post(here) is None and may(here, Action.COOPERATE, hazard["region"]),
    }


def _check_sure(form: Filled) -> None:
    """What cannot be taken back lightly is asked again, and by whom."""
    if form.act in APART and not form.typed.get("sure"):
        raise BadInput.at("/sure", "hazards.flaw.sure")
    if form.act in PROVEN and not desk.is_proven_now():
        form.wants_proof = True
        raise BadInput.at("/sure", "hazards.proof_needed")


def _seen(hazard: dict[str, Any]) -> dict[str, Any]:
    """Its photos before and after, what is doubtful of these, and the map of where all of them are."""
    before, after = _pictures(hazard)
    return {
        "before": before,
        "after": after,
        "doubts": list(dict.fromkeys(why for each in after for why in each.get("lacking", ()))),
        "spots": _spots(hazard, before, after),
        "basemap": basemaps.shown(),
    }


def _pictures(hazard: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The photos of the report and those of the mended place, each with whether its bytes have come."""
    states = {each["sha256"]: each["state"] for each in hazard["photos"]}
    reported = [fact for fact in hazard["timeline"] if fact["act"] == "report"]
    before = reported[0]["body"].get("photos", []) if reported else []
    return _known(before, states), _known(hazard["done_photos"], states)


def _spots(
    hazard: dict[str, Any], before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What stands on its map: itself and its photos, as far as they have a place; lon and lat in WGS 84.

    A fact holds fractions as texts.
    """
    taken = {"before": before, "after": after}
    spots = [
        {
            "what": what,
            "at": [float(each) for each in picture["lonlat"]],
            "label": f"{say(Text(f'hazards.{what}'), desk.language())} {number}",
        }
        for what, pictures in taken.items()
        for number, picture in enumerate(pictures, 1)
        if picture.get("lonlat")
    ]
    return spots + ([{"what": "hazard", "at": hazard["location"], "label": ""}] if hazard["location"] else [])


def _known(pictures: list[dict[str, Any]], states: dict[str, str]) -> list[dict[str, Any]]:
    return [each | {"here": states.get(each["sha256"]) == "stored"} for each in pictures]


def _news(hazard: dict[str, Any], form: Filled | None) -> list[dict[str, Any]]:
    """What has happened since the form was shown, when somebody was quicker."""
    if form is None or not form.is_stale:
        return []
    seen = whole(form.typed.get("facts", ""))
    return [fact for fact in hazard["timeline"] if isinstance(seen, int) and fact["number"] > seen]


def _after(hazard_id: UUID, act: Act) -> str:
    """Its page again, or the list where it is not ours to see any more."""
    if act in _AWAY:
        try:
            desk.ask(f"/hazards/{hazard_id}/claim")
        except NotFound:
            return "/console/hazards"
    return f"/console/hazards/{hazard_id}?did={act}"
