"""Writing up joint work (联合巡河、联席会议) at an office's desk: who was there, what for, who does what by when."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import now, today
from backend.domain.access import LAW
from backend.domain.actions import Action
from backend.errors import Forbidden, Problem
from backend.web import dated, desk, exports, places
from backend.web.cooperation import COOPERATION
from backend.web.dated import Due
from backend.web.forms import Flaws, field, id_of, moment_of, status_of, typed_moment
from backend.web.people_named import Named, named

blueprint = desk.furnished(Blueprint("console_cooperation_forms", __name__, url_prefix=COOPERATION))
_PATROL = ("id", "segment", "day", "purpose", "people")
_MEETING = ("id", "region", "title", "place", "at", "minutes", "people", "tasks")
_NOBODY = Named()
_ORDER = re.compile(r"\S*/orders/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\S*", re.IGNORECASE)


@blueprint.get("/patrols/new")
@desk.sits(Action.COOPERATE)
def blank_patrol() -> Response:
    """A form that nobody has typed in, for today; the reach may stand in the address."""
    said = dict.fromkeys(_PATROL, "") | {"id": str(uuid4()), "day": today().isoformat()}
    return _patrol(said | {"segment": request.args.get("segment", "")[:60]})


@blueprint.post("/patrols/new")
@desk.sits(Action.COOPERATE)
def make_patrol() -> AnyResponse:
    """Write a joint patrol down; the walk of each is found by itself."""
    said = {name: field(name, 5_000) for name in _PATROL}
    people = named(said["people"])
    if people.flaws:
        return _patrol(said, people, people.flaws, 422)
    body: dict[str, Any] = {name: said[name] for name in ("segment", "day", "purpose")}
    try:
        desk.tell("PUT", f"/joint-patrols/{id_of(said['id'])}", body | {"people": list(people.ids)})
    except Problem as problem:
        return _patrol(said, people, _flaws_of(problem, people), status_of(problem))
    return desk.kept(COOPERATION, "console.did.joint_patrol")


@blueprint.get("/meetings/new")
@desk.sits(Action.COOPERATE)
def blank_meeting() -> Response:
    """A form that nobody has typed in, for now and one's own region."""
    return _meeting(dict.fromkeys(_MEETING, "") | {"id": str(uuid4()), "at": typed_moment(now().isoformat())})


@blueprint.post("/meetings/new")
@desk.sits(Action.COOPERATE)
def make_meeting() -> AnyResponse:
    """Write a meeting down with its minutes and tasks."""
    said = {name: field(name, 20_000) for name in _MEETING}
    people = named(said["people"])
    if people.flaws:
        return _meeting(said, people, people.flaws, 422)
    body: dict[str, Any] = {name: said[name] for name in ("region", "title", "place", "minutes")}
    body |= {"at": moment_of(said["at"]), "people": list(people.ids)}
    try:
        body["tasks"] = [_task(each) for each in dated.dues_of(said["tasks"], "tasks")]
        desk.tell("PUT", f"/joint-meetings/{id_of(said['id'])}", body)
    except Problem as problem:
        flaws = _flaws_of(problem, people, said["tasks"])
        return _meeting(said, people, flaws, status_of(problem))
    return desk.kept(COOPERATION, "console.did.meeting")


def _task(due: Due) -> dict[str, str]:
    """A line a task: its day, what it is, and perhaps the address of the order by which it is done."""
    order = _ORDER.search(due.text)
    text = _ORDER.sub("", due.text).strip()
    return {"due_on": due.day.isoformat(), "text": text} | ({"order": order[1]} if order else {})


def _flaws_of(problem: Problem, people: Named, tasks: str = "") -> Flaws:
    """What the API says of the form; of somebody in it with their name, of a task with its line."""
    found = dated.flaws_by_line(problem, "tasks", tasks)
    for flaw, each in zip(found, problem.flaws, strict=False):
        name, _, rest = each.pointer.strip("/").partition("/")
        place = rest.partition("/")[0]
        if name == "people" and place.isdecimal():
            which = [*people.ids.values()][int(place)]
            flaw["text"] = exports.word("coop.flaw.person", which=which, flaw=flaw["text"])
    return found


def _patrol(said: dict[str, str], people: Named = _NOBODY, flaws: Flaws | None = None, status: int = 200) -> Response:
    _check_office()
    return desk.page("cooperation_patrol.html", status=status, said=said, people=people, flaws=flaws or [])


def _meeting(said: dict[str, str], people: Named = _NOBODY, flaws: Flaws | None = None, status: int = 200) -> Response:
    _check_office()
    where = places.around("", Action.COOPERATE).options
    return desk.page(
        "cooperation_meeting.html", status=status, said=said, people=people, flaws=flaws or [], where=where
    )


def _check_office() -> None:
    """An office writes up what all did together; Forbidden for the law itself."""
    if all(seat.post in LAW for seat in desk.actor().seats):
        raise Forbidden("post")
