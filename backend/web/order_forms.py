"""Giving an order (下达): what, to whom and by when; looked at once more, then given; and the one tap after a storm."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import house, now
from backend.domain.actions import Action
from backend.domain.orders import EVENING, Kind, Wanted, after_storm
from backend.domain.terms import Post
from backend.errors import Problem
from backend.web import dated, desk, exports, places
from backend.web.forms import field, id_of, last_of, moment_of, status_of, typed_moment
from backend.web.orders import ORDERS

blueprint = desk.furnished(Blueprint("console_order_forms", __name__, url_prefix=ORDERS))
_WORDS = ("id", "kind", "wanted", "title", "document", "text", "segment", "due_at", "open", "is_safe", "milestones")
_POSTS = (
    *(Post.COUNTY_CHIEF, Post.TOWN_CHIEF, Post.VILLAGE_CHIEF, Post.WARDEN),
    *(Post.OFFICE_CLERK, Post.BUREAU_CLERK, Post.UNIT_LIAISON, Post.POLICE_CHIEF, Post.PROSECUTOR),
)
_MOST = 200


@blueprint.get("/new")
@desk.sits(Action.MAKE_ORDER)
def blank() -> Response:
    """A form that nobody has typed in; `storm` fills it for the common case, with all village chiefs."""
    said: dict[str, Any] = dict.fromkeys(_WORDS, "") | {"id": str(uuid4()), "regions": [], "posts": []}
    said |= {"kind": Kind.PATROL.value, "wanted": Wanted.PATROL.value}
    if "storm" in request.args:
        due_at = after_storm(now(), house().settings.zone)
        said |= {"title": exports.word("order.storm.title"), "text": exports.word("order.storm.text")}
        said |= {"due_at": typed_moment(due_at.isoformat()), "posts": [Post.VILLAGE_CHIEF.value]}
    return _form(said)


@blueprint.post("/new")
@desk.sits(Action.MAKE_ORDER)
def give() -> AnyResponse:
    """Open a region of the list, look at who gets it, go back to the form, or give it."""
    said, step = _typed(), request.form.get("step", "")
    if step not in ("look", "give"):
        return _form(said)
    try:
        if step == "give":
            order_id: UUID = id_of(said["id"])
            desk.tell("PUT", f"/orders/{order_id}", _body(said))
            return desk.kept(f"{ORDERS}/{order_id}", "console.did.order")
        expected = desk.tell("POST", "/orders/preview", _body(said)).body
    except Problem as problem:
        return _form(said, problem)
    posts = [exports.word(f"post.{each}") for each in said["posts"] if each in set(Post)]
    return desk.page("order_look.html", said=said, expected=expected, places=places.named(said["regions"]), posts=posts)


@blueprint.post("/after-storm")
@desk.sits(Action.MAKE_ORDER)
def storm() -> AnyResponse:
    """One tap: every village chief of one's region walks; where that cannot be, the form says why."""
    order_id = id_of(field("id", 40))
    try:
        desk.tell("POST", "/orders/after-storm", {"id": str(order_id)})
    except Problem as problem:
        if not problem.flaws:
            raise
        said: dict[str, Any] = dict.fromkeys(_WORDS, "") | {"id": str(uuid4()), "regions": []}
        said |= {"kind": Kind.PATROL.value, "wanted": Wanted.PATROL.value, "posts": [Post.VILLAGE_CHIEF.value]}
        said |= {"title": exports.word("order.storm.title"), "text": exports.word("order.storm.text")}
        said["due_at"] = typed_moment(after_storm(now(), house().settings.zone).isoformat())
        return _form(said, problem)
    return desk.kept(f"{ORDERS}/{order_id}", "console.did.order")


def _typed() -> dict[str, Any]:
    """What the form says, as it was typed."""
    said: dict[str, Any] = {name: field(name, 10_000) for name in _WORDS}
    said["open"] = last_of("open")
    return said | {name: list(dict.fromkeys(request.form.getlist(name)))[:_MOST] for name in ("regions", "posts")}


def _body(said: dict[str, Any]) -> dict[str, Any]:
    """What the API takes of it: what was left open is left out."""
    body = {name: said[name] for name in ("kind", "wanted", "title", "text")}
    body |= {"to": {"posts": said["posts"], "regions": said["regions"]}, "due_at": moment_of(said["due_at"])}
    body |= {name: said[name] for name in ("document", "segment") if said[name]}
    body |= {"milestones": _milestones(said["milestones"])} if said["milestones"] else {}
    return body | ({"is_safe_to_patrol": True} if said["is_safe"] else {})


def _milestones(said: str) -> list[dict[str, str]]:
    """A line a milestone: its day, on which it is due by the end of office hours, then what it is."""
    dues = dated.dues_of(said, "milestones")
    return [{"due_at": moment_of(f"{each.day}T{EVENING}"), "title": each.text} for each in dues]


def _form(said: dict[str, Any], problem: Problem | None = None) -> Response:
    values = {
        "said": said,
        "flaws": dated.flaws_by_line(problem, "milestones", said["milestones"]),
        "picker": places.picker(said["open"], said["regions"], Action.MAKE_ORDER),
        "kinds": [(kind.value, exports.word(f"order.kind.{kind}")) for kind in Kind],
        "acts": [(wanted.value, exports.word(f"order.wanted.{wanted}")) for wanted in Wanted],
        "posts": [(post.value, exports.word(f"post.{post}")) for post in _POSTS],
    }
    return desk.page("order_new.html", status=status_of(problem), **values)
