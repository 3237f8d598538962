"""A roll (叫应) from the region down to one person: who is silent, what was done, answering for them, and the doors."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import house, now
from backend.domain.actions import Action
from backend.domain.callouts import Answer, State
from backend.domain.regions import way_to
from backend.errors import Problem
from backend.services.door_knocks import Outcome
from backend.web import desk, exports, places
from backend.web.exports import Export, Item, Value
from backend.web.flood_warnings import PATH, WARNINGS, may_over
from backend.web.forms import field, flaws_of, status_of

blueprint = desk.furnished(Blueprint("console_rolls", __name__, url_prefix=WARNINGS))
_STATES = ("silent", *State)
_NOTE = 1_000
_PEOPLE = (
    *("warnings.person", "warnings.post", "warnings.place", "warnings.stands", "roll.late", "warnings.called_at"),
    *("warnings.calls", "warnings.answered_at", "roll.how", "warnings.phone"),
)
_DOORS = (
    *("warnings.person", "warnings.place", "warnings.given_to", "warnings.given_at", "warnings.outcome"),
    *("roll.done_at", "warnings.note"),
)


@blueprint.get("/<uuid:warning_id>/people")
@desk.sits(Action.SEE_WARNINGS)
def people(warning_id: UUID) -> Response:
    """People of a roll, by region and by how they stand."""
    found = desk.ask(f"{PATH}/{warning_id}/people", desk.query("region", "state") | {"limit": "100"}).body
    region = request.args.get("region", "")
    return desk.page(
        "roll.html",
        warning=found["warning"],
        items=found["items"],
        next=desk.next_of(found),
        states=_STATES,
        way=places.named(way_to(region) if region.isdigit() else ()),
        drill=found["warning"]["drill"],
    )


@blueprint.route("/<uuid:warning_id>/people/export.<form>", methods=exports.METHODS)
@desk.sits(Action.SEE_WARNINGS)
def people_export(warning_id: UUID, form: str) -> Response:
    """People of the roll as a file, those who are late first."""
    asked = desk.filters("region", "state")
    said = [
        *_which(warning_id),
        *((exports.word(f"roll.by.{name}"), _filter_said(name, value)) for name, value in asked.items()),
    ]
    path = f"{PATH}/{warning_id}/people"
    roll = Export("roll", path, "warnings.roll", _PEOPLE, _person_rows, asked, said, has_phones=True)
    return exports.file_of(roll, form)


@blueprint.get("/<uuid:warning_id>/doors/export.<form>")
@desk.sits(Action.SEE_WARNINGS)
def doors_export(warning_id: UUID, form: str) -> Response:
    """Doors to knock at as a file."""
    path, said = f"{PATH}/{warning_id}/doors", _which(warning_id)
    return exports.file_of(Export("doors", path, "warnings.doors", _DOORS, _door_rows, {}, said), form)


@blueprint.get("/callouts/<uuid:callout_id>")
@desk.sits(Action.ANSWER_CALL)
def callout(callout_id: UUID) -> Response:
    """One person's call-out with everything that was done and said about it."""
    return _callout_page(callout_id)


@blueprint.post("/callouts/<uuid:callout_id>/answer")
@desk.sits(Action.ANSWER_FOR)
def answer(callout_id: UUID) -> AnyResponse:
    """What somebody says on the telephone, under the name of whoever sits here."""
    return _answered(callout_id, "ack-for")


@blueprint.post("/callouts/<uuid:callout_id>/own")
@desk.sits(Action.ANSWER_CALL)
def own(callout_id: UUID) -> AnyResponse:
    """Whoever was called, or acts for them, answers here as in the app."""
    return _answered(callout_id, "ack")


def _answered(callout_id: UUID, how: str) -> AnyResponse:
    said = {
        "id": request.form.get("id", ""),
        "status": request.form.get("status", ""),
        "note": field("note", _NOTE),
        "at": now().astimezone(house().settings.zone).isoformat(),
    }
    try:
        desk.tell("POST", f"/flood/callouts/{callout_id}/{how}", said)
    except Problem as problem:
        return _callout_page(callout_id, said=said, problem=problem)
    return desk.kept(f"{WARNINGS}/callouts/{callout_id}", "console.did.answered")


@blueprint.post("/callouts/<uuid:callout_id>/phone")
@desk.sits(Action.REVEAL_PHONE)
def phone(callout_id: UUID) -> Response:
    """The clear number for a reason, which is kept; it stands on this one answer alone."""
    found = desk.ask(f"/flood/callouts/{callout_id}").body
    reason = field("reason", _NOTE)
    try:
        said = desk.tell("POST", f"/people/{found['person']['id']}/phone-reveal", {"reason": reason})
    except Problem as problem:
        return _callout_page(callout_id, reason=reason, problem=problem)
    return _callout_page(callout_id, number=said.body["phone"])


@blueprint.get("/<uuid:warning_id>/doors")
@desk.sits(Action.SEE_WARNINGS)
def doors(warning_id: UUID) -> Response:
    """Doors to knock at: the list to print."""
    return _doors_page(warning_id)


@blueprint.post("/<uuid:warning_id>/doors")
@desk.sits(Action.ANSWER_FOR)
def knocked(warning_id: UUID) -> AnyResponse:
    """What came of a knock, from whoever reports it on paper or by telephone."""
    said = {"outcome": field("outcome"), "note": field("note", _NOTE)}
    if request.form.get("status"):
        said["status"] = request.form["status"]
    try:
        desk.tell("POST", f"/flood/doors/{UUID(request.form.get('door', ''))}", said)
    except ValueError:
        return _doors_page(warning_id)
    except Problem as problem:
        return _doors_page(warning_id, problem)
    return desk.kept(f"{WARNINGS}/{warning_id}/doors", "console.did.knocked")


def _callout_page(callout_id: UUID, *, problem: Problem | None = None, **typed: Any) -> Response:
    found = desk.ask(f"/flood/callouts/{callout_id}").body
    here = [found["region"]]
    return desk.page(
        "callout.html",
        status=status_of(problem),
        found=found,
        flaws=flaws_of(problem),
        said=typed.get("said") or {"id": str(uuid4()), "status": "", "note": ""},
        reason=typed.get("reason", ""),
        number=typed.get("number", ""),
        statuses=list(Answer),
        is_own=UUID(found["person"]["id"]) in desk.actor().whose and found["state"] != State.ENDED,
        may_answer=may_over(Action.ANSWER_FOR, here) and found["state"] != State.ENDED,
        may_reveal=may_over(Action.REVEAL_PHONE, here),
        drill=found["drill"],
    )


def _doors_page(warning_id: UUID, problem: Problem | None = None) -> Response:
    found = desk.ask(f"{PATH}/{warning_id}/doors", desk.query() | {"limit": "200"}).body
    return desk.page(
        "doors.html",
        status=status_of(problem),
        flaws=flaws_of(problem),
        warning=found["warning"],
        items=found["items"],
        next=desk.next_of(found),
        outcomes=list(Outcome),
        statuses=list(Answer),
        typed=request.form,
        drill=found["warning"]["drill"],
    )


def _which(warning_id: UUID) -> list[tuple[str, str]]:
    """Which warning a file is about."""
    found = desk.ask(f"{PATH}/{warning_id}", {"board": "no"}).body
    mark = exports.word("warnings.mark") if found["drill"] else ""
    return [(exports.word("warnings.what"), f"{mark}{found['number']} {found['headline']}")]


def _filter_said(name: str, value: str) -> str:
    if name == "region":
        return places.around(value, Action.SEE_WARNINGS).name
    return exports.word(f"warnings.stands.{value}")


def _person_rows(item: Item) -> list[list[Value]]:
    is_waiting = item["state"] == State.OPEN and not item["called_at"]
    return [
        [
            *(item["person"]["name"], exports.word(f"post.{item['post']}"), item["place"] or item["region"]),
            exports.word("warnings.stands.uncalled" if is_waiting else f"warnings.stands.{item['state']}"),
            exports.yes(item["late"]),
            *(exports.moment(item["called_at"]), item["calls"], exports.moment(item["answered_at"])),
            exports.word(f"warnings.how_answered.{item['how']}") if item["how"] else "",
            item["person"]["phone"],
        ]
    ]


def _door_rows(item: Item) -> list[list[Value]]:
    return [
        [
            *(item["person"]["name"], item["place"] or item["region"], item["given_to"]),
            exports.moment(item["given_at"]),
            exports.word(f"warnings.outcome.{item['outcome']}") if item["outcome"] else "",
            *(exports.moment(item["done_at"]), item["note"]),
        ]
    ]
