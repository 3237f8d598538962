"""Posts: one is given, with its reaches; one is ended, and what it answered for passes on."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import today
from backend.domain.actions import Action
from backend.domain.terms import CHIEFS, WALKERS, Level, Post
from backend.errors import NotFound, Problem
from backend.web import desk, places
from backend.web.asking import Answered
from backend.web.forms import Flaws, flaws_of, id_of, status_of
from backend.web.people import PEOPLE, post_choices

blueprint = desk.furnished(Blueprint("console_appointments", __name__, url_prefix=PEOPLE))
_TOLD_ABOVE = ("id", "post", "region", "from", "unit", "segments")
_MOST_REACHES = 200


@blueprint.get("/<uuid:person_id>/posts/new")
@desk.sits(Action.CHANGE_PEOPLE)
def form(person_id: UUID) -> Response:
    """Which post, where, from when."""
    seen = desk.ask(f"/people/{person_id}")
    said = {
        "id": str(uuid4()),
        "version": seen.etag,
        "region": request.args.get("region", ""),
        "from": today().isoformat(),
    }
    return _form(seen.body, said)


@blueprint.post("/<uuid:person_id>/posts/new")
@desk.sits(Action.CHANGE_PEOPLE)
def appoint(person_id: UUID) -> AnyResponse:
    """Give the post; or only list what lies below the region that was chosen."""
    said: dict[str, Any] = request.form.to_dict() | {"segments": request.form.getlist("segments")}
    if "narrow" in said:
        return _form(desk.ask(f"/people/{person_id}").body, said)
    body = {name: said[name] for name in _TOLD_ABOVE if said.get(name)} | {"id": str(id_of(said.get("id", "")))}
    try:
        desk.tell("POST", f"/people/{person_id}/appointments", body, version=said.get("version"))
    except Problem as problem:
        seen = desk.ask(f"/people/{person_id}")
        return _form(seen.body, said | {"version": seen.etag}, flaws_of(problem), status_of(problem))
    return desk.kept(f"{PEOPLE}/{person_id}", "console.did.appointed")


@blueprint.get("/<uuid:person_id>/posts/<uuid:appointment_id>/close")
@desk.sits(Action.CHANGE_PEOPLE)
@desk.proven
def close_form(person_id: UUID, appointment_id: UUID) -> AnyResponse:
    """Ask again, with the name of the post and of the person."""
    seen = desk.ask(f"/people/{person_id}")
    return _closing(seen, appointment_id, {"until": today().isoformat(), "version": seen.etag})


@blueprint.post("/<uuid:person_id>/posts/<uuid:appointment_id>/close")
@desk.sits(Action.CHANGE_PEOPLE)
@desk.proven
def close(person_id: UUID, appointment_id: UUID) -> AnyResponse:
    """End it; its reaches pass to the substitute or the superior."""
    said = request.form.to_dict()
    body = {"until": said.get("until", ""), "reason": said.get("reason", "").strip()}
    path = f"/people/{person_id}/appointments/{appointment_id}/close"
    try:
        desk.tell("POST", path, body, version=said.get("version"))
    except Problem as problem:
        seen = desk.ask(f"/people/{person_id}")
        again = said | {"version": seen.etag}
        return _closing(seen, appointment_id, again, flaws_of(problem), status_of(problem))
    return desk.kept(f"{PEOPLE}/{person_id}", "console.did.post_closed")


def _form(found: Any, said: dict[str, Any], flaws: Flaws | None = None, status: int = 200) -> Response:
    where = places.around(said.get("region", ""), Action.CHANGE_PEOPLE)
    values = {"posts": post_choices(), "where": where, "reaches": _reaches(said)}
    return desk.page("post_new.html", status=status, found=found, said=said, flaws=flaws or [], **values)


def _reaches(said: dict[str, Any]) -> list[dict[str, str]] | None:
    """The reaches that such a post may answer for there; None where that is not known, or there are none."""
    post, region = said.get("post", ""), said.get("region", "")
    if post not in set(WALKERS) or not region:
        return None
    level = CHIEFS.get(Post(post), Level.VILLAGE).word
    try:
        listed = desk.ask("/segments", {"region": region, "level": level, "limit": _MOST_REACHES}).body["features"]
    except Problem:
        return None
    return [each["properties"] for each in listed]


def _closing(
    seen: Answered,
    appointment_id: UUID,
    said: dict[str, Any],
    flaws: Flaws | None = None,
    status: int = 200,
) -> Response:
    held = next((each for each in seen.body["appointments"] if each["id"] == str(appointment_id)), None)
    if held is None:
        raise NotFound()
    return desk.page("post_close.html", status=status, found=seen.body, held=held, said=said, flaws=flaws or [])
