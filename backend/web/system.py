"""The system: whether the house is well, alarms that somebody must look at, and messages that did not get there."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.access import Action
from backend.errors import Conflict
from backend.web import desk, exports
from backend.web.exports import Export, Item, Value, word
from backend.web.forms import Flaws, flaws_of

blueprint = desk.furnished(Blueprint("console_system", __name__, url_prefix="/console/system"))
ALARMS, FAILED = "/console/system/alarms", "/console/system/failed"
_ACTS = ("seen", "end")
_ALARM = (
    *("system.alarm", "people.region", "system.alarm.since", "system.alarm.last", "system.alarm.times"),
    *("system.alarm.seen", "system.alarm.ended"),
)
_FAILED = (
    *("system.failed.to", "system.failed.title", "system.failed.what", "warning.drill", "system.lane"),
    *("system.failed.made", "system.failed.why"),
)


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


@blueprint.get("/alarms/export.<form>")
@desk.sits(Action.SEE_ALARMS)
def alarms_export(form: str) -> Response:
    """The whole list of alarms as a file."""
    is_open = request.args.get("state", "open") == "open"
    said = [(word("system.alarm.state"), word("system.alarms.open" if is_open else "console.all"))]
    asked = {"open": "true"} if is_open else {}
    return exports.file_of(Export("alarms", "/alarms", "system.tab.alarms", _ALARM, _alarm_rows, asked, said), form)


@blueprint.get("/failed/export.<form>")
@desk.sits(Action.RETRY_NOTICE)
def failed_export(form: str) -> Response:
    """Every message that no channel took, as a file."""
    notices = Export("failed_notices", "/notices", "system.tab.failed", _FAILED, _failed_rows, {"state": "failed"})
    return exports.file_of(notices, form)


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


def _alarm_rows(item: Item) -> list[list[Value]]:
    times = {name: exports.moment(item[name]) for name in ("sounded_at", "last_at", "seen_at", "ended_at")}
    where = item["region_name"] or item["region"]
    return [
        [
            *(item["sentence"], where, times["sounded_at"], times["last_at"]),
            *(item["times"], times["seen_at"], times["ended_at"]),
        ]
    ]


def _failed_rows(item: Item) -> list[list[Value]]:
    failures = (
        f"{_named('channel', letter['channel'])}：{_named('failure', letter['failure'])}"
        for letter in item["letters"]
        if letter["failure"]
    )
    return [
        [
            *(item["name"] or item["person"], item["title"], item["text"]),
            word("export.yes") if item["is_drill"] else "",
            *(_named("lane", item["lane"]), exports.moment(item["created_at"]), "；".join(failures)),
        ]
    ]


def _named(kind: str, name: str) -> str:
    """A name of a closed list in words; one that the catalogue does not know is said as it is."""
    key = f"system.{kind}.{name}"
    said = word(key)
    return name if said == key else said
