"""Handovers at a desk (河长交接): to whom, which reaches, from when; what goes over is shown, then it is made."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import today
from backend.domain.actions import Action
from backend.errors import Problem
from backend.web import desk
from backend.web.forms import Flaws, field, flaw, flaws_of, id_of, status_of
from backend.web.people import PEOPLE

blueprint = desk.furnished(Blueprint("console_handovers", __name__, url_prefix=PEOPLE))
MOST_FOUND = 20


@blueprint.get("/<uuid:person_id>/handover")
@desk.sits(Action.CHANGE_PEOPLE)
def form(person_id: UUID) -> Response:
    """Choose; once a successor is chosen, see what goes over."""
    said = _said(request.args) | {"id": str(uuid4())}
    return _shown(person_id, said)


@blueprint.post("/<uuid:person_id>/handover")
@desk.sits(Action.CHANGE_PEOPLE)
def make(person_id: UUID) -> AnyResponse:
    """Hand over what was seen; where that has changed meanwhile, show it anew."""
    said = _said(request.form) | {"id": field("id", 60), "reason": field("reason", 2_000), "seen": field("seen", 200)}
    body = {
        "id": str(id_of(said["id"])),
        "giver": str(person_id),
        "taker": said["taker"],
        "from": said["from"],
        "segments": said["segments"],
        "reason": said["reason"],
    }
    try:
        desk.tell("POST", "/handovers", body, version=said["seen"])
    except Problem as problem:
        return _shown(person_id, said, flaws_of(problem), status_of(problem))
    return desk.kept(f"{PEOPLE}/{person_id}/handover", "console.did.handed_over")


@blueprint.get("/<uuid:person_id>/handovers")
@desk.sits(Action.SEE_PEOPLE)
def record(person_id: UUID) -> Response:
    """What somebody gave and took, the newest first."""
    found = desk.ask("/handovers", {"person": person_id}).body
    return desk.page("handover_record.html", is_part="HX-Request" in request.headers, ref=person_id, record=found)


def _shown(person_id: UUID, said: dict[str, Any], flaws: Flaws | None = None, status: int = 200) -> Response:
    """What is chosen, with what goes over; that names everybody and every reach, so nothing else is asked then."""
    flaws = list(flaws or [])
    plan, seen = None, ""
    if said["taker"]:
        plan, seen, wrong = _planned(person_id, said)
        if not flaws and wrong:
            flaws, status = wrong, 422
    values: dict[str, Any] = {"said": said, "flaws": flaws, "plan": plan, "seen": seen}
    if plan is not None:
        values |= {"found": plan["giver"], "reaches": plan["segments"] + plan["stays"], "people": [plan["taker"]]}
    else:
        found = desk.ask(f"/people/{person_id}").body
        reaches = desk.ask("/segments", {"person": person_id, "limit": 200}).body["features"]
        people = _people(said["q"]) if said["q"] else []
        values |= {"found": found, "reaches": [each["properties"] for each in reaches], "people": people}
    return desk.page("handover.html", status=status, **values)


def _planned(person_id: UUID, said: dict[str, Any]) -> tuple[dict[str, Any] | None, str, Flaws]:
    """What would go over, its version, or why nothing can."""
    if not said["segments"]:
        return None, "", [flaw("segments", "handover.choose_reaches")]
    asked = {"giver": person_id, "taker": said["taker"], "from": said["from"], "segments": ",".join(said["segments"])}
    try:
        look = desk.ask("/handovers/preview", asked)
    except Problem as problem:
        return None, "", flaws_of(problem)
    return look.body, look.etag or "", []


def _people(words: str) -> list[Any]:
    listed: list[Any] = desk.ask("/people", {"q": words[:60], "limit": MOST_FOUND}).body["items"]
    return listed


def _said(given: Any) -> dict[str, Any]:
    """What was chosen so far; the first day is today unless another was typed."""
    said = {name: given.get(name, "").strip()[:200] for name in ("q", "taker", "from", "reason")}
    return said | {
        "from": said["from"] or today().isoformat(),
        "segments": [each[:60] for each in given.getlist("segments")][:200],
    }
