"""The system: whether the house is well, alarms that somebody must look at, and messages that did not get there."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.access import Action
from backend.errors import Conflict
from backend.web import desk
from backend.web.forms import Flaws, flaws_of

blueprint = desk.furnished(Blueprint("console_system", __name__, url_prefix="/console/system"))
ALARMS, FAILED = "/console/system/alarms", "/console/system/failed"
_ACTS = ("seen", "end")


@blueprint.get("")
@desk.sits(Action.SEE_ALARMS)
def system() -> Response:
    """The facts on one screen, and the newest alarms that are open."""
    alarms = desk.ask("/alarms", {"open": "true", "limit": 5}).body["items"]
    return desk.page("system.html", found=desk.ask("/system").body, alarms=alarms)


@blueprint.get("/alarms")
@desk.sits(Action.SEE_ALARMS)
def alarms() -> Response:
    """Those that are open, or all of them."""
    return _alarms()


@blueprint.post("/alarms/<uuid:alarm_id>/<act>")
@desk.sits(Action.SEE_ALARMS)
def mark(alarm_id: str, act: str) -> AnyResponse:
    """I look after it, or it is over."""
    desk.tell("POST", f"/alarms/{alarm_id}/{act if act in _ACTS else _ACTS[0]}")
    return desk.kept(desk.inside(request.form.get("next", "")) if "next" in request.form else ALARMS)


@blueprint.get("/failed")
@desk.sits(Action.RETRY_NOTICE)
def failed() -> Response:
    """Messages that no channel took, the newest failure first."""
    return _failed()


@blueprint.post("/failed/<uuid:notice_id>/retry")
@desk.sits(Action.RETRY_NOTICE)
def retry(notice_id: str) -> AnyResponse:
    """Try one of them again, from the start."""
    try:
        desk.tell("POST", f"/notices/{notice_id}/retry")
    except Conflict as problem:
        return _failed(flaws_of(problem), 409)
    return desk.kept(FAILED)


def _alarms() -> Response:
    asked = desk.query()
    if request.args.get("state", "open") == "open":
        asked |= {"open": "true"}
    listed = desk.ask("/alarms", asked).body
    return desk.page("system_alarms.html", items=listed["items"], next=desk.next_of(listed))


def _failed(flaws: Flaws | None = None, status: int = 200) -> Response:
    listed = desk.ask("/notices", {"state": "failed"} | desk.query()).body
    return desk.page(
        "system_failed.html", status=status, items=listed["items"], next=desk.next_of(listed), flaws=flaws or []
    )
