"""What is done to a warning: signed, issued, lifted, dropped; each shows first what it does, the grave ask twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.actions import Action
from backend.errors import BadInput, Problem
from backend.web import desk
from backend.web.flood_warnings import PATH, WARNINGS
from backend.web.forms import Flaws, field, flaws_of, status_of
from backend.web.warning_forms import refusal

blueprint = desk.furnished(Blueprint("console_warning_acts", __name__, url_prefix=WARNINGS))
_LONGEST = 400


@blueprint.route("/<uuid:warning_id>/sign", methods=["GET", "POST"])
@desk.sits(Action.SIGN_WARNING)
def sign(warning_id: UUID) -> AnyResponse:
    """What whoever signs puts their name under; then the second name."""
    return _act(warning_id, "sign")


@blueprint.route("/<uuid:warning_id>/issue", methods=["GET", "POST"])
@desk.sits(Action.MAKE_WARNING)
def issue(warning_id: UUID) -> AnyResponse:
    """What goes out and to how many; then out with it, red only with its number and a password typed lately."""
    return _act(warning_id, "issue")


@blueprint.route("/<uuid:warning_id>/all-clear", methods=["GET", "POST"])
@desk.sits(Action.MAKE_WARNING)
def lift(warning_id: UUID) -> AnyResponse:
    """What people are told when it is over, or that it was a mistake: asks for its number."""
    return _act(warning_id, "all-clear", {"text": _text(), "mistake": request.form.get("mistake") == "1"})


@blueprint.route("/<uuid:warning_id>/drop", methods=["GET", "POST"])
@desk.sits(Action.MAKE_WARNING)
def drop(warning_id: UUID) -> AnyResponse:
    """Why a draft is thrown away; it stays on record."""
    return _act(warning_id, "drop", {"text": _text()})


def _act(warning_id: UUID, act: str, body: Any = None) -> AnyResponse:
    """Shown first; done when its form is sent."""
    found = desk.ask(f"{PATH}/{warning_id}").body
    return _done(found, act, body) if request.method == "POST" else _asked(found, act)


def _is_grave(found: Any, act: str) -> bool:
    """What asks for a password typed lately: whatever wakes or calms a whole region."""
    return act == "all-clear" or (found["level"] == "red" and act in ("issue", "sign"))


def _asked(found: Any, act: str) -> AnyResponse:
    if _is_grave(found, act) and not desk.is_proven_now():
        return desk.to_prove()
    return _page(found, act, [])


def _done(found: Any, act: str, body: Any = None) -> AnyResponse:
    try:
        if body is not None and not body["text"]:
            raise BadInput.at("/text", "warnings.flaw.text")
        if act != "sign" and (refused := refusal(found["number"], is_red=_is_grave(found, act))):
            return _page(found, act, refused, 422)
        if act == "sign" and _is_grave(found, act) and not desk.is_proven_now():
            return desk.to_prove()
        told = desk.tell("POST", f"{PATH}/{found['id']}/{act}", body).body
    except Problem as problem:
        return _page(found, act, flaws_of(problem), status_of(problem))
    # Whose issue was asked for may have to wait for a signature: then it is not out.
    done = "ask" if act == "issue" and told["state"] != "issued" else act.replace("-", "_")
    return desk.kept(f"{WARNINGS}/{found['id']}", f"warnings.act.{done}")


def _page(found: Any, act: str, flaws: Flaws, status: int = 200) -> Response:
    is_before = act in ("sign", "issue")
    return desk.page(
        "warning_act.html",
        status=status,
        found=found,
        act=act,
        word=act.replace("-", "_"),
        flaws=flaws,
        preview=desk.ask(f"{PATH}/{found['id']}/preview").body if is_before else None,
        asks_number=_is_grave(found, act) and act != "sign",
        text=_text(),
        is_mistake=request.form.get("mistake") == "1",
        drill=found["drill"],
    )


def _text() -> str:
    return field("text", _LONGEST)
