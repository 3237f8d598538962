"""People: the list with its filters, one person with every post, and acts on the account."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import today
from backend.domain.access import Seat, may_try
from backend.domain.actions import Action
from backend.domain.appointments import has_charge, may_give, may_reveal
from backend.domain.terms import Post
from backend.errors import Problem
from backend.web import desk, exports, places
from backend.web.exports import Export
from backend.web.forms import flaws_of, id_of, status_of
from backend.web.moments import standing

blueprint = desk.furnished(Blueprint("console_people", __name__, url_prefix="/console/people"))
PEOPLE = "/console/people"


@blueprint.get("")
@desk.sits(Action.SEE_PEOPLE)
def people() -> Response:
    """Who holds a post here today, by name."""
    listed = desk.ask("/people", desk.query("region", "post", "q")).body
    where = places.around(request.args.get("region", ""), Action.SEE_PEOPLE)
    return desk.page("people.html", items=listed["items"], next=desk.next_of(listed), where=where, posts=post_choices())


@blueprint.route("/export.<form>", methods=exports.METHODS)
@desk.sits(Action.SEE_PEOPLE)
def export(form: str) -> Response:
    """The whole list as a file, a row a post."""
    asked = desk.filters("region", "post", "q")
    said = [(exports.word(f"people.{name}"), _filter_said(name, value)) for name, value in asked.items()]
    headings = ("people.name", "people.phone", "people.post", "people.region", "people.region_code")
    people = Export("people", "/people", "console.nav.people", headings, _rows, asked, said, has_phones=True)
    return exports.file_of(people, form)


@blueprint.get("/new")
@desk.sits(Action.CHANGE_PEOPLE)
def new_form() -> Response:
    """Somebody new."""
    return desk.page("person_new.html", said={"id": str(uuid4())}, flaws=[])


@blueprint.post("/new")
@desk.sits(Action.CHANGE_PEOPLE)
def new() -> AnyResponse:
    """Keep somebody new; sent twice, kept once."""
    said = request.form
    try:
        person_id = id_of(said.get("id", ""))
        desk.tell("PUT", f"/people/{person_id}", {"name": said.get("name", ""), "phone": said.get("phone", "")})
    except Problem as problem:
        return desk.page("person_new.html", status=status_of(problem), said=said, flaws=flaws_of(problem))
    return desk.kept(f"{PEOPLE}/{person_id}", "console.did.person")


@blueprint.get("/<uuid:person_id>")
@desk.sits(Action.SEE_PEOPLE)
def person(person_id: UUID) -> Response:
    """One person: every post, and the reaches of today."""
    return _person(person_id)


@blueprint.post("/<uuid:person_id>/reveal")
@desk.sits(Action.REVEAL_PHONE)
def reveal(person_id: UUID) -> Response:
    """The clear number, this once, for a reason that is kept."""
    reason = request.form.get("reason", "").strip()
    try:
        phone = desk.tell("POST", f"/people/{person_id}/phone-reveal", {"reason": reason}).body["phone"]
    except Problem as problem:
        return _person(person_id, status=status_of(problem), reason=reason, flaws=flaws_of(problem))
    return _person(person_id, clear=phone)


@blueprint.get("/<uuid:person_id>/reset")
@desk.sits(Action.RESET_LOGIN)
@desk.proven
def reset_form(person_id: UUID) -> AnyResponse:
    """Ask again, with the name of the person, before their login is opened anew."""
    return desk.page("person_reset.html", found=desk.ask(f"/people/{person_id}").body, code=None, flaws=[])


@blueprint.post("/<uuid:person_id>/reset")
@desk.sits(Action.RESET_LOGIN)
@desk.proven
def reset(person_id: UUID) -> AnyResponse:
    """A one-time code, said once."""
    found, flaws, code, status = desk.ask(f"/people/{person_id}").body, [], None, 200
    try:
        code = desk.tell("POST", f"/people/{person_id}/reset-login").body["code"]
    except Problem as problem:
        flaws, status = flaws_of(problem), status_of(problem)
    return desk.page("person_reset.html", status=status, found=found, code=code, flaws=flaws)


@blueprint.get("/<uuid:person_id>/phone")
@desk.sits(Action.CHANGE_PEOPLE)
@desk.proven
def phone_form(person_id: UUID) -> AnyResponse:
    """Another number, which is another way into the account."""
    seen = desk.ask(f"/people/{person_id}")
    return desk.page("person_phone.html", found=seen.body, said={"version": seen.etag}, flaws=[])


@blueprint.post("/<uuid:person_id>/phone")
@desk.sits(Action.CHANGE_PEOPLE)
@desk.proven
def phone(person_id: UUID) -> AnyResponse:
    """Keep another number."""
    said = request.form
    try:
        desk.tell("POST", f"/people/{person_id}/phone", {"phone": said.get("phone", "")}, version=said.get("version"))
    except Problem as problem:
        seen = desk.ask(f"/people/{person_id}")
        again = {"phone": said.get("phone", ""), "version": seen.etag}
        flaws = flaws_of(problem)
        return desk.page("person_phone.html", status=status_of(problem), found=seen.body, said=again, flaws=flaws)
    return desk.kept(f"{PEOPLE}/{person_id}", "console.did.number")


def post_choices() -> list[tuple[str, str]]:
    """Every post with its name."""
    return [(post.value, exports.word(f"post.{post}")) for post in Post]


def _person(person_id: UUID, *, status: int = 200, **shown: Any) -> Response:
    seen = desk.ask(f"/people/{person_id}")
    reaches = desk.ask("/segments", {"person": person_id, "limit": 50}).body["features"]
    held = [each | {"when": standing(each, today())} for each in seen.body["appointments"]]
    order = ("now", "later", "over")
    held.sort(key=lambda each: order.index(each["when"]))
    values = {"reason": "", "flaws": [], "clear": None} | shown
    may = _acts(held)
    return desk.page("person.html", status=status, found=seen.body, held=held, reaches=reaches, acts=may, **values)


def _acts(held: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What the reader may do here: nobody is offered what would be refused."""
    actor = desk.actor()
    seats = [(each["id"], Seat(Post(each["post"]), each["region"])) for each in held if each["when"] != "over"]
    own = [seat for _, seat in seats]
    return {
        "reveal": bool(own) and may_try(actor, Action.REVEAL_PHONE) and may_reveal(actor, own),
        "account": bool(own) and may_try(actor, Action.RESET_LOGIN) and has_charge(actor, own),
        "appoint": may_try(actor, Action.CHANGE_PEOPLE),
        "close": {key for key, seat in seats if may_give(actor, seat.post, seat.region)},
    }


def _rows(item: dict[str, Any]) -> list[list[exports.Value]]:
    return [
        [item["name"], item["phone"], exports.word(f"post.{post['post']}"), post["region_name"], post["region"]]
        for post in item["posts"]
    ]


def _filter_said(name: str, value: str) -> str:
    if name == "post":
        return exports.word(f"post.{value}")
    return places.around(value, Action.SEE_PEOPLE).name if name == "region" else value
