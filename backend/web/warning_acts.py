"""What is done to a warning: signed, issued, lifted, dropped; each shows first what it does, the grave ask twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.access import Action
from backend.errors import Problem
from backend.web import desk
from backend.web.flood_warnings import PATH, PREFIX
from backend.web.warning_forms import Flaws, Typo, flaws_of, refusal, status_of, to_prove

blueprint = desk.furnished(Blueprint("console_warning_acts", __name__, url_prefix=PREFIX))
_LONGEST = 400


@blueprint.get("/<uuid:warning_id>/sign")
@desk.sits(Action.SIGN_WARNING)
def sign_form(warning_id: UUID) -> AnyResponse:
    """What whoever signs puts their name under."""
    return _asked(_found(warning_id), "sign")


@blueprint.post("/<uuid:warning_id>/sign")
@desk.sits(Action.SIGN_WARNING)
def sign(warning_id: UUID) -> AnyResponse:
    """The second name under it."""
    return _done(_found(warning_id), "sign")


@blueprint.get("/<uuid:warning_id>/issue")
@desk.sits(Action.MAKE_WARNING)
def issue_form(warning_id: UUID) -> AnyResponse:
    """Once more what goes out and to how many."""
    return _asked(_found(warning_id), "issue")


@blueprint.post("/<uuid:warning_id>/issue")
@desk.sits(Action.MAKE_WARNING)
def issue(warning_id: UUID) -> AnyResponse:
    """Let it out, or ask for its second signature; red only with its number and a password typed lately."""
    return _done(_found(warning_id), "issue")


@blueprint.get("/<uuid:warning_id>/all-clear")
@desk.sits(Action.MAKE_WARNING)
def lift_form(warning_id: UUID) -> AnyResponse:
    """What people are told when it is over."""
    return _asked(_found(warning_id), "all-clear")


@blueprint.post("/<uuid:warning_id>/all-clear")
@desk.sits(Action.MAKE_WARNING)
def lift(warning_id: UUID) -> AnyResponse:
    """The all-clear, or that it was a mistake: asks for its number."""
    is_mistake = request.form.get("mistake") == "1"
    return _done(_found(warning_id), "all-clear", {"text": _text(), "mistake": is_mistake})


@blueprint.get("/<uuid:warning_id>/drop")
@desk.sits(Action.MAKE_WARNING)
def drop_form(warning_id: UUID) -> AnyResponse:
    """Why a draft is thrown away."""
    return _asked(_found(warning_id), "drop")


@blueprint.post("/<uuid:warning_id>/drop")
@desk.sits(Action.MAKE_WARNING)
def drop(warning_id: UUID) -> AnyResponse:
    """Throw a draft away; it stays on record."""
    return _done(_found(warning_id), "drop", {"text": _text()})


def _found(warning_id: UUID, **asked: str) -> Any:
    return desk.ask(f"{PATH}/{warning_id}", asked).body


def _is_grave(found: Any, act: str) -> bool:
    """What asks for a password typed lately: whatever wakes or calms a whole region."""
    return act == "all-clear" or (found["level"] == "red" and act in ("issue", "sign"))


def _asked(found: Any, act: str) -> AnyResponse:
    if _is_grave(found, act) and not desk.is_proven_now():
        return to_prove()
    return _page(found, act, [])


def _done(found: Any, act: str, body: Any = None) -> AnyResponse:
    try:
        if body is not None and not body["text"]:
            raise Typo("text", "warnings.flaw.text")
        if act != "sign" and (refused := refusal(found["number"], is_red=_is_grave(found, act))):
            return _page(found, act, refused, 422)
        if act == "sign" and _is_grave(found, act) and not desk.is_proven_now():
            return to_prove()
        desk.tell("POST", f"{PATH}/{found['id']}/{act}", body)
    except Problem as problem:
        return _page(found, act, flaws_of(problem), status_of(problem))
    return desk.kept(f"/console/warnings/{found['id']}")


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
    return request.form.get("text", "").strip()[:_LONGEST]
