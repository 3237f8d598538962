"""The system: whether the house is well, and alarms that somebody must look at."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.actions import Action
from backend.web import desk, exports
from backend.web.exports import Export, Item, Value, word

blueprint = desk.furnished(Blueprint("console_system", __name__, url_prefix="/console/system"))
ALARMS = "/console/system/alarms"
_ACTS = ("seen", "end")
_ALARM = (
    *("system.alarm", "people.region", "system.alarm.since", "system.alarm.last", "system.alarm.times"),
    *("system.alarm.seen", "system.alarm.ended"),
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


@blueprint.post("/alarms/<uuid:alarm_id>/<act>")
@desk.sits(Action.SEE_ALARMS)
def mark(alarm_id: str, act: str) -> AnyResponse:
    """I look after it, or it is over."""
    desk.tell("POST", f"/alarms/{alarm_id}/{act if act in _ACTS else _ACTS[0]}")
    return desk.kept(
        desk.inside(request.form.get("next", "")) if "next" in request.form else ALARMS, "console.did.alarm"
    )


def _alarms() -> Response:
    asked = desk.query()
    if request.args.get("state", "open") == "open":
        asked |= {"open": "true"}
    listed = desk.ask("/alarms", asked).body
    return desk.page("system_alarms.html", items=listed["items"], next=desk.next_of(listed))


def _alarm_rows(item: Item) -> list[list[Value]]:
    times = {name: exports.moment(item[name]) for name in ("sounded_at", "last_at", "seen_at", "ended_at")}
    where = item["region_name"] or item["region"]
    return [
        [
            *(item["sentence"], where, times["sounded_at"], times["last_at"]),
            *(item["times"], times["seen_at"], times["ended_at"]),
        ]
    ]
