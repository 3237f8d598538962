"""Emergency responses at a desk: declared and ended by a duty officer, after the password and a second look."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.actions import Action
from backend.domain.responses import ENDS, ResponseLevel
from backend.errors import NotFound, Problem
from backend.web import desk, exports, places
from backend.web.flood import FLOOD
from backend.web.forms import Flaws, flaws_of, id_of, status_of

blueprint = desk.furnished(Blueprint("console_responses", __name__, url_prefix=f"{FLOOD}/responses"))


@blueprint.get("/new")
@desk.sits(Action.DECLARE_RESPONSE)
@desk.proven
def form() -> AnyResponse:
    """Which level, where, and why."""
    return _form({"id": str(uuid4()), "region": request.args.get("region", "")})


@blueprint.post("/new")
@desk.sits(Action.DECLARE_RESPONSE)
@desk.proven
def declare() -> AnyResponse:
    """Look at it once more, then declare it; everybody there hears of it."""
    said = request.form.to_dict()
    if "narrow" in said or said.get("level") not in set(ResponseLevel) or not said.get("reason", "").strip():
        return _form(said, [] if "narrow" in said else _missing(said), 200 if "narrow" in said else 422)
    if "sure" not in said:
        return _form(said, is_sure=True)
    body: dict[str, Any] = {name: said[name] for name in ("level", "region", "reason", "document") if said.get(name)}
    body |= {"id": str(id_of(said.get("id", ""))), "is_safe_to_patrol": "is_safe" in said}
    try:
        desk.tell("POST", "/flood/responses", body)
    except Problem as problem:
        return _form(said, flaws_of(problem), status_of(problem))
    return desk.kept(FLOOD, "console.did.response")


@blueprint.get("/<uuid:response_id>/end")
@desk.sits(Action.DECLARE_RESPONSE)
@desk.proven
def end_form(response_id: UUID) -> AnyResponse:
    """Ask again, with the name of the response."""
    return _ending(response_id, {"id": str(uuid4())})


@blueprint.post("/<uuid:response_id>/end")
@desk.sits(Action.DECLARE_RESPONSE)
@desk.proven
def end(response_id: UUID) -> AnyResponse:
    """End it; everybody there hears of it."""
    said = request.form.to_dict()
    body = {"id": str(id_of(said.get("id", ""))), "level": ENDS, "replaces": str(response_id)}
    try:
        desk.tell("POST", "/flood/responses", body | {"reason": said.get("reason", "").strip()})
    except Problem as problem:
        return _ending(response_id, said, flaws_of(problem), status_of(problem))
    return desk.kept(FLOOD, "console.did.response_ended")


def _form(said: dict[str, Any], flaws: Flaws | None = None, status: int = 200, *, is_sure: bool = False) -> Response:
    where = places.around(said.get("region", ""), Action.DECLARE_RESPONSE)
    values = {"said": said, "flaws": flaws or [], "where": where, "sure": is_sure, "levels": _levels()}
    return desk.page("response_new.html", status=status, **values)


def _ending(response_id: UUID, said: dict[str, Any], flaws: Flaws | None = None, status: int = 200) -> Response:
    listed = desk.ask("/flood/responses", {"active": "true", "limit": 500}).body["items"]
    found = next((each for each in listed if each["id"] == str(response_id)), None)
    if found is None:
        raise NotFound()
    return desk.page("response_end.html", status=status, found=found, said=said, flaws=flaws or [])


def _missing(said: dict[str, str]) -> Flaws:
    """What a second look needs, told as the API tells it."""
    lacking = [name for name in ("level", "reason") if not said.get(name, "").strip()]
    return [{"field": name, "text": exports.word("import.missing")} for name in lacking or ["level"]]


def _levels() -> list[tuple[str, str]]:
    return [(level.value, exports.word(f"response.level.{level}")) for level in ResponseLevel]
