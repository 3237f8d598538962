"""Training (培训) at a desk: the list, one session with its code on the screen and the list of names, and changes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import segno
from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import house
from backend.domain.actions import Action
from backend.domain.training import STEP_S, Status
from backend.errors import Conflict, Problem
from backend.web import desk, exports
from backend.web.exports import Export, Item, Value
from backend.web.forms import field, flaws_of, moment_of, status_of, typed_moment

TRAINING = "/console/training"
blueprint = desk.furnished(Blueprint("console_training", __name__, url_prefix=TRAINING))
_SCALE, _BORDER = 14, 2
"""Of the square on the screen: readable from the last row of a hall."""
_LOOK_S = 5
"""The screen asks so often for the code that holds: each stands for 20 seconds."""
_HEADINGS = (
    *("training.title", "training.when", "training.place", "training.teacher", "training.hours", "training.region"),
    *("training.asked", "training.present", "training.credited", "training.doubtful"),
)
_PEOPLE = (
    *("training.person", "people.post", "people.region", "ledger.column.phone", "training.how", "training.at"),
    *("training.doubtful", "training.right", "training.hours"),
)
_MOST_NAMES = "50"
"""A page of names; the API gives the next."""
_CHANGED = ("title", "place", "teacher")


@blueprint.get("")
@desk.sits(Action.SEE_TRAINING)
def listed() -> Response:
    """Sessions of one's own part of the world, the newest first."""
    found = desk.ask("/trainings", desk.query("mine")).body
    return desk.page("trainings.html", items=found["items"], next=desk.next_of(found))


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_TRAINING)
def export(form: str) -> Response:
    """The whole list as a file, a row a session."""
    asked = desk.filters("mine")
    return exports.file_of(Export("trainings", "/trainings", "console.nav.training", _HEADINGS, _rows, asked), form)


@blueprint.get("/<uuid:session_id>")
@desk.sits(Action.SEE_TRAINING)
def one(session_id: UUID) -> Response:
    """One session, and who was there."""
    return _one(session_id)


@blueprint.route("/<uuid:session_id>/people/export.<form>", methods=exports.METHODS)
@desk.sits(Action.SEE_TRAINING)
def people_export(session_id: UUID, form: str) -> Response:
    """The list of names as a file."""
    said = [(exports.word("training.title"), desk.ask(f"/trainings/{session_id}").body["title"])]
    path, asked = f"/trainings/{session_id}/people", desk.filters("status")
    taken = Export("training_people", path, "training.people", _PEOPLE, _people, asked, said, True)
    return exports.file_of(taken, form)


@blueprint.get("/<uuid:session_id>/screen")
@desk.sits(Action.KEEP_TRAINING)
def screen(session_id: UUID) -> Response:
    """The page for the projector: the code, which changes by itself."""
    found = desk.ask(f"/trainings/{session_id}").body
    return desk.page("training_screen.html", found=found, every_s=_LOOK_S, **_code(session_id))


@blueprint.get("/<uuid:session_id>/code")
@desk.sits(Action.KEEP_TRAINING)
def code(session_id: UUID) -> Response:
    """The part of it that changes."""
    return desk.page("training_code.html", id=session_id, every_s=_LOOK_S, **_code(session_id))


@blueprint.post("/<uuid:session_id>/attendance")
@desk.sits(Action.KEEP_TRAINING)
def tick(session_id: UUID) -> AnyResponse:
    """Tick who was there of the names that were shown; whose tick was taken out was not."""
    there = set(request.form.getlist("there"))
    before, shown = set(request.form.getlist("before")), request.form.getlist("shown")
    said = {"there": [each for each in shown if each in there - before]}
    said |= {"away": [each for each in shown if each in before - there]}
    try:
        desk.tell("POST", f"/trainings/{session_id}/attendance", said)
    except Problem as problem:
        return _one(session_id, status=status_of(problem), flaws=flaws_of(problem))
    asked = urlencode(desk.query("status"))
    return desk.kept(f"{TRAINING}/{session_id}{'?' if asked else ''}{asked}", "console.did.attendance")


@blueprint.post("/<uuid:session_id>/<any(correct, withdraw):act>")
@desk.sits(Action.KEEP_TRAINING)
def change(session_id: UUID, act: str) -> AnyResponse:
    """Put it right, or call it off; with a reason."""
    said: dict[str, Any] = {"reason": field("reason", 2_000)}
    if act == "correct":
        said |= {name: field(name, 120) for name in _CHANGED}
        said |= {name: moment_of(field(name, 40)) for name in ("begins_at", "ends_at")}
    try:
        desk.tell("POST", f"/trainings/{session_id}/{act}", said, version=request.form.get("version"))
    except Problem as problem:
        return _one(session_id, status=status_of(problem), flaws=flaws_of(problem), said=said)
    return desk.kept(f"{TRAINING}/{session_id}", "console.did.training")


def _one(session_id: UUID, *, status: int = 200, **shown: Any) -> Response:
    seen = desk.ask(f"/trainings/{session_id}")
    found = seen.body
    asked = desk.query("status")
    people = desk.ask(f"/trainings/{session_id}/people", {"limit": _MOST_NAMES} | asked).body
    said = {name: found[name] for name in _CHANGED} | {"reason": ""}
    said |= {name: typed_moment(found[name]) for name in ("begins_at", "ends_at")}
    values: dict[str, Any] = {"flaws": [], "said": said, "statuses": list(Status)} | shown
    page = {"found": found, "version": seen.etag, "people": people["items"], "asked": urlencode(asked)}
    page |= {"next": desk.next_of(people, f"{TRAINING}/{session_id}")}
    return desk.page("training.html", status=status, **page, **values)


def _code(session_id: UUID) -> dict[str, Any]:
    """What stands on the screen, as a picture; without it, why nobody signs in now."""
    try:
        said = desk.ask(f"/trainings/{session_id}/code").body
    except Conflict as problem:
        return {"square": "", "why": flaws_of(problem)[0]["text"], "present": 0, "step_s": STEP_S}
    base = (house().settings.address or request.host_url).rstrip("/")
    square = segno.make(base + said["path"], error="m").svg_data_uri(scale=_SCALE, border=_BORDER)
    return {"square": square, "why": "", "present": said["present"], "step_s": STEP_S}


def _rows(item: Item) -> list[list[Value]]:
    totals = item["totals"] or {}
    return [
        [
            *(item["title"], exports.moment(item["begins_at"]), item["place"], item["teacher"], item["hours"]),
            *(item["region_name"], *(totals.get(name) for name in ("asked", "present", "credited", "doubtful"))),
        ]
    ]


def _people(item: Item) -> list[list[Value]]:
    there = item["there"] or {}
    return [
        [
            *(item["person"]["name"], exports.word(f"post.{item['post']}"), item["region_name"]),
            *(item["person"]["phone"], exports.word(f"training.how.{there['how']}") if there else ""),
            *(exports.moment(there.get("at")), exports.yes(there.get("doubtful"))),
            *(there.get("right"), there.get("hours")),
        ]
    ]
