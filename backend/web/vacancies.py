"""Vacant reaches at a desk: the list, who answers meanwhile, and a chief for one, right there."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import today
from backend.domain.access import may, may_try
from backend.domain.actions import Action
from backend.domain.appointments import may_give
from backend.domain.handovers import Held, fitting
from backend.domain.terms import CHIEFS, Duty, Level, Post
from backend.errors import NotFound, Problem
from backend.web import desk, exports, places
from backend.web.exports import Export
from backend.web.forms import Flaws, field, flaw, flaws_of, id_of, status_of
from backend.web.segments import LEVELS, SEGMENTS, page_of

blueprint = desk.furnished(Blueprint("console_vacancies", __name__, url_prefix=SEGMENTS))
MOST_FOUND = 20
_LEVEL_OF = {level.word: level for level in Level}
_POST_AT = {level: post for post, level in CHIEFS.items()}


@blueprint.get("/vacancies")
@desk.sits(Action.SEE_PEOPLE)
def listed() -> Response:
    """Reaches without a chief of their own, by code and so along each river."""
    found = desk.ask("/segments/vacancies", desk.query("region", "level")).body
    where = places.around(request.args.get("region", ""), Action.SEE_PEOPLE)
    items = [each | {"days": (today() - date.fromisoformat(each["since"])).days} for each in found["items"]]
    following = desk.next_of(found)
    return desk.page("vacancies.html", items=items, next=following, where=where, levels=LEVELS, gives=_gives)


@blueprint.get("/vacancies/export.<form>")
@desk.sits(Action.SEE_PEOPLE)
def export(form: str) -> Response:
    """The whole list as a file."""
    asked = desk.filters("region", "level")
    said = [(exports.word(f"vacancy.{name}"), _filter_said(name, value)) for name, value in asked.items()]
    names = ("reach", "code", "river", "region", "level", "since", "last", "meanwhile")
    headings = tuple(f"vacancy.{name}" for name in names)
    return exports.file_of(
        Export("vacancies", "/segments/vacancies", "vacancy.title", headings, _rows, asked, said), form
    )


@blueprint.get("/<path:ref>/chief")
@desk.sits(Action.CHANGE_PEOPLE)
def form(ref: str) -> Response:
    """Who shall be its chief: somebody is looked for by name, then chosen."""
    return _form(ref, {"id": str(uuid4()), "from": today().isoformat(), "q": request.args.get("q", "")})


@blueprint.post("/<path:ref>/chief")
@desk.sits(Action.CHANGE_PEOPLE)
def appoint(ref: str) -> AnyResponse:
    """Give it to somebody who is chief there already, or make them chief of the place with it."""
    said: dict[str, Any] = {name: field(name, 200) for name in ("id", "person", "from", "q", "reason")}
    vacancy = _vacancy(ref)
    if vacancy is None:
        return _form(ref, said, [flaw("", "vacancy.taken")], 409)
    try:
        person = UUID(said["person"])
    except ValueError:
        return _form(ref, said, [flaw("person", "vacancy.choose")], 422)
    try:
        _give(vacancy, person, said)
    except Problem as problem:
        return _form(ref, said, _beside(flaws_of(problem)), status_of(problem))
    return desk.kept(page_of(ref), "console.did.assigned")


def _give(vacancy: dict[str, Any], person: UUID, said: dict[str, Any]) -> None:
    """By a post that fits, where the person has one on that day; else with a new one."""
    seen = desk.ask(f"/people/{person}")
    if _fits(vacancy, seen.body["appointments"], said["from"]):
        asked = {"taker": str(person), "from": said["from"], "segments": vacancy["code"]}
        look = desk.ask("/handovers/preview", asked)
        body = {"id": str(id_of(said["id"])), "taker": str(person), "from": said["from"]}
        what = {"segments": [vacancy["code"]], "reason": said["reason"]}
        desk.tell("POST", "/handovers", body | what, version=look.etag)
        return
    post = _POST_AT[_LEVEL_OF[vacancy["level"]]]
    placing = {"id": str(id_of(said["id"])), "post": post.value, "region": vacancy["region"], "from": said["from"]}
    segments = {"segments": [vacancy["code"]]}
    desk.tell("POST", f"/people/{person}/appointments", placing | segments, version=seen.etag)


def _form(ref: str, said: dict[str, Any], flaws: Flaws | None = None, status: int = 200) -> Response:
    vacancy = _vacancy(ref)
    if vacancy is None and status == 200:
        raise NotFound()
    people: list[Any] = []
    if said["q"].strip():
        people = desk.ask("/people", {"q": said["q"].strip()[:60], "limit": MOST_FOUND}).body["items"]
    values = {"ref": ref, "vacancy": vacancy, "said": said, "flaws": flaws or [], "people": people}
    return desk.page("vacancy_chief.html", status=status, gives=_gives, **values)


def _vacancy(ref: str) -> dict[str, Any] | None:
    """The vacant reach of that code; None for one that is not vacant, or not seen."""
    found = desk.ask("/segments/vacancies", {"segment": ref[:60]}).body["items"]
    return found[0] if found else None


def _gives(vacancy: dict[str, Any]) -> bool:
    """Whether the reader may give it a chief: nobody is offered what would be refused."""
    actor, post = desk.actor(), _POST_AT.get(_LEVEL_OF[vacancy["level"]])
    if post is None or not may_try(actor, Action.CHANGE_PEOPLE):
        return False
    return may(actor, Action.CHANGE_PEOPLE, vacancy["region"]) and may_give(actor, post, vacancy["region"])


def _fits(vacancy: dict[str, Any], appointments: list[dict[str, Any]], day: str) -> bool:
    try:
        held = [
            Held(
                UUID(each["id"]),
                Post(each["post"]),
                each["region"],
                date.fromisoformat(each["from"]),
                date.fromisoformat(each["until"]) if each["until"] else None,
            )
            for each in appointments
        ]
        first = date.fromisoformat(day)
    except ValueError:
        return False
    level = _LEVEL_OF[vacancy["level"]]
    return fitting(held, level=level, region=vacancy["region"], duty=Duty.CHIEF, day=first) is not None


def _beside(flaws: Flaws) -> Flaws:
    """The API's words for the fields of this form."""
    names = {"taker": "person", "post": "person", "region": "person", "segments": ""}
    return [each | {"field": names.get(each["field"], each["field"])} for each in flaws]


def _filter_said(name: str, value: str) -> str:
    return places.around(value, Action.SEE_PEOPLE).name if name == "region" else exports.word(f"level.{value}")


def _rows(item: dict[str, Any]) -> list[list[exports.Value]]:
    meanwhile = [each["name"] for each in item["acting"] or item["above"]]
    row = [item["name"], item["code"], item["river_name"], item["region_name"], exports.word(f"level.{item['level']}")]
    return [[*row, item["since"], item["last"]["name"] if item["last"] else "", "、".join(meanwhile)]]
