"""Joint work (协作) at a desk: counts by place, suggestions with their replies, clues, meetings and joint patrols."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.access import LAW, may, may_try
from backend.domain.actions import Action
from backend.domain.cooperation import COUNTS
from backend.domain.terms import Post
from backend.errors import Problem
from backend.web import desk, exports
from backend.web.exports import Export, Item, Value
from backend.web.forms import Flaws, field, flaws_of, status_of

COOPERATION = "/console/cooperation"
blueprint = desk.furnished(Blueprint("console_cooperation", __name__, url_prefix=COOPERATION))
_FILTERS = ("region", "from", "to")
_LATEST = "20"
LISTS = ("suggestions", "clues", "joint-meetings", "joint-patrols")
_REPLIES = {"suggestions": "reply", "clues": "answer"}
_HEADINGS = ("people.region", *(f"coop.count.{name}" for name in COUNTS))


@blueprint.get("")
@desk.sits(Action.SEE_COOPERATION)
def overview() -> Response:
    """What was done together, and what waits for an answer; the law sees its own."""
    return _overview()


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_COOPERATION)
def export(form: str) -> Response:
    """The counts as a file, a row a place."""
    taken = Export(
        *("cooperation", "/cooperation", "console.nav.cooperation", _HEADINGS, _rows),
        asked=desk.filters(*_FILTERS),
        items=lambda body: body["rows"],
        is_whole=True,
    )
    return exports.file_of(taken, form)


@blueprint.post("/<any(suggestions, clues):noun>/<uuid:thing_id>")
@desk.sits(Action.COOPERATE)
def reply(noun: str, thing_id: UUID) -> AnyResponse:
    """Reply to a suggestion, or answer a clue."""
    act, name = _REPLIES[noun], f"text-{thing_id}"
    typed = field(name, 10_000)
    try:
        desk.tell("POST", f"/{noun}/{thing_id}/{act}", {"text": typed})
    except Problem as problem:
        flaws = [each | ({"field": name} if each["field"] == "text" else {}) for each in flaws_of(problem)]
        return _overview(flaws=flaws, typed={str(thing_id): typed}, status=status_of(problem))
    return desk.kept(COOPERATION, f"console.did.{act}_{noun}")


@blueprint.post("/meetings/<uuid:meeting_id>/tasks/<int:number>")
@desk.sits(Action.COOPERATE)
def finish(meeting_id: UUID, number: int) -> AnyResponse:
    """Say that a task of a meeting is done."""
    try:
        desk.tell("POST", f"/joint-meetings/{meeting_id}/tasks/{number}/done")
    except Problem as problem:
        return _overview(flaws=flaws_of(problem), status=status_of(problem))
    return desk.kept(COOPERATION, "console.did.task")


def _overview(*, flaws: Flaws | None = None, typed: Mapping[str, str] | None = None, status: int = 200) -> Response:
    here = desk.actor()
    posts = {seat.post for seat in here.seats}
    waiting = request.args.get("waiting") == "true"
    found = desk.ask("/cooperation", desk.filters(*_FILTERS)).body if posts - LAW and not waiting else None
    lists = {noun.replace("-", "_"): _page_of(noun, waiting) for noun in (_REPLIES if waiting else LISTS)}
    law = {(seat.post.value, seat.region) for seat in here.seats if seat.post in LAW}
    acts = {
        "keeps": lambda region: bool(posts - LAW) and may(here, Action.COOPERATE, region),
        "is_keeper": bool(posts - LAW) and may_try(here, Action.COOPERATE),
        "is_law": bool(law),
        "gets": lambda clue: (clue["post"], clue["law_region"]) in law,
        "suggests": Post.PROSECUTOR in posts,
    }
    values = {"found": found, "counts": COUNTS, "flaws": flaws or [], "typed": typed or {}, "waiting": waiting}
    return desk.page("cooperation.html", status=status, **values, **acts, **lists)


def _page_of(noun: str, waiting: bool) -> dict[str, Any]:
    """The newest of a list, or those from where the address goes on, and the address of the next."""
    asked = {"cursor": request.args[noun]} if noun in request.args else {}
    listed = desk.ask(f"/{noun}", {"limit": _LATEST} | asked | ({"waiting": "true"} if waiting else {})).body
    after = desk.next_of(listed, COOPERATION, noun)
    return {"items": listed["items"], "next": f"{after}#{noun}" if after else ""}


def _rows(item: Item) -> list[list[Value]]:
    return [[item["name"], *(item[name] for name in COUNTS)]]
