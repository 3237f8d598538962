"""Deliveries (送达): what waits by channel and lane, what failed and why, one letter's story, and sending again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.actions import Action
from backend.domain.lanes import Lane
from backend.domain.notices import CHANNELS
from backend.errors import BadInput
from backend.web import desk, exports
from backend.web.exports import Export, Item, Value, word
from backend.web.forms import Flaws, flaw, flaws_of, status_of

blueprint = desk.furnished(Blueprint("console_deliveries", __name__, url_prefix="/console/deliveries"))
DELIVERIES = "/console/deliveries"
_FILTERS = ("state", "channel", "lane", "failure", "person")
_STATES = ("failed", "retrying", "waiting")
_COLUMNS = (
    *("system.failed.to", "system.failed.what", "deliveries.channel", "system.lane", "system.failed.why"),
    "deliveries.due",
)


@blueprint.get("")
@desk.sits(Action.RETRY_NOTICE)
def deliveries() -> Response:
    """The queues, and the letters of a filter: without a word those that no channel took."""
    return _listed()


@blueprint.get("/<uuid:letter_id>")
@desk.sits(Action.RETRY_NOTICE)
def one(letter_id: UUID) -> Response:
    """One letter: to whom, what it says, what became of it, and which other channels were taken."""
    return desk.page("delivery.html", **desk.ask(f"/letters/{letter_id}").body)


@blueprint.get("/export.<form>")
@desk.sits(Action.RETRY_NOTICE)
def export(form: str) -> Response:
    """The letters of a filter as a file."""
    asked = {"state": "failed"} | desk.filters(*_FILTERS)
    state = f"deliveries.state.{asked['state']}" if asked["state"] in _STATES else "console.all"
    said = [(word("deliveries.state"), word(state))]
    said += [
        (word(f"deliveries.{name}" if name == "channel" else "system.lane"), _named(name, asked[name]))
        for name in ("channel", "lane")
        if name in asked
    ]
    return exports.file_of(Export("letters", "/letters", "console.nav.deliveries", _COLUMNS, _rows, asked, said), form)


@blueprint.post("/retry")
@desk.sits(Action.RETRY_NOTICE)
def retry() -> AnyResponse:
    """Send again: those that were chosen, or all of a filter after a second look."""
    asked = {name: request.form[name] for name in _FILTERS if request.form.get(name)}
    chosen, is_all = request.form.getlist("notice")[:500], "all" in request.form
    if is_all and "sure" not in request.form:
        return _sure(asked)
    if not is_all and not chosen:
        return _listed([flaw("notice", "deliveries.none_chosen")], 422)
    which: dict[str, Any] = {"notices": chosen}
    if is_all:
        which = {name: each for name, each in asked.items() if name not in ("state", "person")}
    try:
        found = desk.tell("POST", "/letters/retry", which).body
    except BadInput as problem:
        return _listed(flaws_of(problem), status_of(problem))
    back = {} if is_all else asked
    return redirect(f"{DELIVERIES}?{urlencode(back | {'again': found['notices']})}", 303)


def _listed(flaws: Flaws | None = None, status: int = 200) -> Response:
    asked, wrong = desk.query(*_FILTERS), list(flaws or [])
    queues = desk.ask("/letters/queues").body
    try:
        listed = desk.ask("/letters", asked).body
    except BadInput as problem:  # an address that somebody typed
        wrong, status = wrong + flaws_of(problem), status_of(problem)
        listed, asked = desk.ask("/letters").body, {}
    return desk.page(
        "deliveries.html",
        status=status,
        asked={"state": "failed"} | asked,
        items=listed["items"],
        next=desk.next_of(listed, DELIVERIES),
        queues=queues,
        flaws=wrong,
        states=[(each, word(f"deliveries.state.{each}")) for each in _STATES],
        channels=[(each, word(f"system.channel.{each}")) for each in CHANNELS],
        lanes=[(each.value, word(f"system.lane.{each}")) for each in Lane],
        again=request.args.get("again", ""),
    )


def _sure(asked: dict[str, str]) -> Response:
    """How many there are, before all of them go out again."""
    names = [name for name in ("channel", "lane", "failure") if name in asked]
    dead = desk.ask("/letters/queues").body["dead"]
    count = sum(each["count"] for each in dead if all(each[name] == asked[name] for name in names))
    if not names or not count:
        return _listed([flaw("", "deliveries.none_left")], 422)
    return desk.page("delivery_all.html", asked=asked, count=count)


def _rows(item: Item) -> list[list[Value]]:
    why = _named("failure", item["failure"]) if item["failure"] else ""
    drill = f"{word('warning.drill')} " if item["is_drill"] else ""
    names = (_named(kind, item[kind]) for kind in ("channel", "lane"))
    return [[item["person"]["name"], drill + item["title"], *names, why, exports.moment(item["due_at"])]]


def _named(kind: str, name: str) -> str:
    """A name of a closed list in words; one that the catalogue does not know is said as it is."""
    key = f"system.{kind}.{name}"
    said = word(key)
    return name if said == key else said
