"""Ordering a campaign (专项行动): what is searched for, where and until when; looked at once more, then ordered."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.actions import Action
from backend.domain.campaigns import Group
from backend.domain.hazards import Kind
from backend.domain.terms import Level
from backend.errors import Problem
from backend.web import desk, exports, places
from backend.web.campaigns import CAMPAIGNS
from backend.web.forms import field, flaws_of, id_of, last_of, moment_of, status_of

blueprint = desk.furnished(Blueprint("console_campaign_forms", __name__, url_prefix=CAMPAIGNS))
_WORDS = ("id", "name", "document", "text", "level", "begins_at", "deadline", "open")
_MOST = 200
"""Regions and kinds that are read of a form: the API takes no more."""


@blueprint.get("/new")
@desk.sits(Action.MAKE_CAMPAIGN)
def blank() -> Response:
    """A form that nobody has typed in."""
    return _form(dict.fromkeys(_WORDS, "") | {"id": str(uuid4()), "regions": [], "kinds": []})


@blueprint.post("/new")
@desk.sits(Action.MAKE_CAMPAIGN)
def order() -> AnyResponse:
    """Open a region of the list, look at how many must answer, go back to the form, or order it."""
    said, step = _typed(), request.form.get("step", "")
    if step not in ("look", "order"):
        return _form(said)
    try:
        if step == "order":
            campaign_id = id_of(said["id"])
            desk.tell("PUT", f"/campaigns/{campaign_id}", _body(said))
            return desk.kept(f"{CAMPAIGNS}/{campaign_id}", "console.did.campaign")
        expected = desk.tell("POST", "/campaigns/preview", _body(said)).body
    except Problem as problem:
        return _form(said, problem)
    where, kinds = places.named(said["regions"]), _kinds(said["kinds"])
    return desk.page("campaign_look.html", said=said, expected=expected, places=where, kinds=kinds)


def _typed() -> dict[str, Any]:
    """What the form says, as it was typed."""
    said: dict[str, Any] = {name: field(name, 5_000) for name in _WORDS}
    said["open"] = last_of("open")
    return said | {name: list(dict.fromkeys(request.form.getlist(name)))[:_MOST] for name in ("regions", "kinds")}


def _body(said: dict[str, Any]) -> dict[str, Any]:
    """What the API takes of it: what was left open is left out."""
    body = {name: said[name] for name in ("name", "regions", "kinds")} | {"deadline": moment_of(said["deadline"])}
    body |= {name: said[name] for name in ("document", "text", "level") if said[name]}
    return body | ({"begins_at": moment_of(said["begins_at"])} if said["begins_at"] else {})


def _kinds(chosen: list[str]) -> list[str]:
    return [exports.word(f"campaign.group.{each}" if each in set(Group) else f"hazard.kind.{each}") for each in chosen]


def _form(said: dict[str, Any], problem: Problem | None = None) -> Response:
    levels = [level.word for level in Level if level is not Level.PROVINCE]
    groups = [(group.value, [kind.value for kind in Kind if kind.value.startswith(f"{group}.")]) for group in Group]
    regions = places.picker(said["open"], said["regions"], Action.MAKE_CAMPAIGN)
    values = {"said": said, "flaws": flaws_of(problem), "picker": regions, "levels": levels, "groups": groups}
    return desk.page("campaign_new.html", status=status_of(problem), **values)
