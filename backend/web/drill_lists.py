"""Drill lists (演练名单) at a desk: who has agreed, asking more people, and the monthly roll-call (每月点名)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.actions import Action
from backend.domain.drills import FIRST_HOUR, LAST_DAY, LAST_HOUR
from backend.errors import BadInput, Problem
from backend.web import desk, exports, places
from backend.web.exports import Export, Item, Value
from backend.web.flood_warnings import WARNINGS
from backend.web.forms import field, flaws_of, id_of, status_of, whole
from backend.web.people import post_choices

blueprint = desk.furnished(Blueprint("console_drill_lists", __name__, url_prefix=f"{WARNINGS}/drills"))
DRILLS = f"{WARNINGS}/drills"
PATH = "/flood/drill-lists"
_MOST = 500
"""People that are asked at once from one page."""
_HEADINGS = ("people.name", "drills.stands", "drills.asked_at", "drills.agreed_at", "drills.left_at", "drills.note")


@blueprint.get("")
@desk.sits(Action.MAKE_DRILL)
def listed() -> Response:
    """Lists of one's own part of the world, and the form of another."""
    return _lists({"id": str(uuid4())})


@blueprint.post("")
@desk.sits(Action.MAKE_DRILL)
def make() -> AnyResponse:
    """Make a list; its people are asked from its own page."""
    said = {name: field(name, 200) for name in ("id", "name", "region", "day", "hour")}
    list_id = id_of(said["id"])
    body: dict[str, Any] = {"name": said["name"], "region": said["region"], "people": [], "monthly": _monthly(said)}
    try:
        desk.tell("PUT", f"{PATH}/{list_id}", body)
    except Problem as problem:
        return _lists(said, problem)
    return desk.kept(f"{DRILLS}/{list_id}", "console.did.drill_list")


@blueprint.get("/<uuid:list_id>")
@desk.sits(Action.MAKE_DRILL)
def one(list_id: UUID) -> Response:
    """Who was asked, what they have said, and who may still be asked."""
    return _one(list_id)


@blueprint.get("/<uuid:list_id>/export.<form>")
@desk.sits(Action.MAKE_DRILL)
def export(list_id: UUID, form: str) -> Response:
    """Its people as a file."""
    said = [(exports.word("drills.list"), desk.ask(f"{PATH}/{list_id}").body["name"])]
    return exports.file_of(Export("drill_list", f"{PATH}/{list_id}/people", "drills", _HEADINGS, _rows, {}, said), form)


@blueprint.post("/<uuid:list_id>/ask")
@desk.sits(Action.MAKE_DRILL)
def ask(list_id: UUID) -> AnyResponse:
    """Ask those who were chosen; again is harmless."""
    chosen = list(dict.fromkeys(request.form.getlist("people")))[:_MOST]
    try:
        if not chosen:
            raise BadInput.at("/people", "drills.flaw.nobody")
        desk.tell("POST", f"{PATH}/{list_id}/people", {"people": chosen})
    except Problem as problem:
        return _one(list_id, problem, chosen=chosen)
    return desk.kept(f"{DRILLS}/{list_id}", "console.did.drill_list")


@blueprint.post("/<uuid:list_id>/monthly")
@desk.sits(Action.MAKE_DRILL)
def monthly(list_id: UUID) -> AnyResponse:
    """Say when it is called each month by itself; without a day it is not."""
    said = {name: field(name, 20) for name in ("day", "hour")}
    try:
        desk.tell("PUT", f"{PATH}/{list_id}/monthly", {"monthly": _monthly(said)})
    except Problem as problem:
        return _one(list_id, problem, said=said)
    return desk.kept(f"{DRILLS}/{list_id}", "console.did.drill_list")


@blueprint.post("/<uuid:list_id>/people/<uuid:person_id>")
@desk.sits(Action.MAKE_DRILL)
def paper(list_id: UUID, person_id: UUID) -> AnyResponse:
    """Keep a consent that was given on paper, or its end, and where the paper is."""
    said = {"agree": field("agree") == "1", "note": field("note", 500)}
    try:
        desk.tell("PUT", f"{PATH}/{list_id}/people/{person_id}", said)
    except Problem as problem:
        return _one(list_id, problem, paper=str(person_id), note=said["note"])
    return desk.kept(f"{DRILLS}/{list_id}", "console.did.drill_list")


def _monthly(said: dict[str, str]) -> dict[str, Any] | None:
    """The day and hour of a form as the API takes them."""
    if not said["day"]:
        return None
    return {name: whole(said[name]) for name in ("day", "hour")}


def _lists(said: dict[str, str], problem: Problem | None = None) -> Response:
    where = places.around(said.get("region", ""), Action.MAKE_DRILL)
    values = {"items": desk.ask(PATH).body["items"], "said": said, "flaws": flaws_of(problem), "where": where}
    return desk.page("drill_lists.html", status=status_of(problem), drill=True, **_choices(), **values)


def _one(list_id: UUID, problem: Problem | None = None, **typed: Any) -> Response:
    found = desk.ask(f"{PATH}/{list_id}").body
    members = desk.ask(f"{PATH}/{list_id}/people", desk.query() | {"limit": "100"}).body
    values: dict[str, Any] = {
        "said": found["monthly"] or {"day": "", "hour": ""},
        "chosen": [],
        "paper": "",
        "note": "",
    } | typed
    return desk.page(
        "drill_list.html",
        status=status_of(problem),
        found=found,
        items=members["items"],
        next=desk.next_of(members, f"{DRILLS}/{list_id}"),
        people=_candidates(found["region"]),
        posts=post_choices(),
        flaws=flaws_of(problem),
        drill=True,
        **_choices(),
        **values,
    )


def _candidates(region: str) -> list[Item]:
    """People of the list's region who fit what is looked for; nobody before anything is."""
    asked = desk.filters("post", "q")
    if not asked:
        return []
    items: list[Item] = desk.ask("/people", asked | {"region": region, "limit": str(_MOST)}).body["items"]
    return items


def _choices() -> dict[str, Any]:
    return {"days": range(1, LAST_DAY + 1), "hours": range(FIRST_HOUR, LAST_HOUR + 1)}


def _rows(item: Item) -> list[list[Value]]:
    stands = "in" if item["takes_part"] else "left" if item["left_at"] else "asked"
    times = (exports.moment(item[name]) for name in ("asked_at", "agreed_at", "left_at"))
    return [[item["name"], exports.word(f"drills.stands.{stands}"), *times, item["note"]]]
