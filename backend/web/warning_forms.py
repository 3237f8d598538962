"""Writing a warning: the form, the preview before anything goes out, the draft; and updating or correcting one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.actions import Action
from backend.domain.flood_warnings import HEADLINE_LENGTH, INSTRUCTION_LENGTH, Level
from backend.errors import BadInput, Problem
from backend.web import desk, places
from backend.web.flood_warnings import PATH, WARNINGS
from backend.web.forms import Flaws, field, flaw, flaws_of, status_of
from backend.web.warning_typed import POSTS, Typed, blank, body_of, of_warning, typed
from backend.words import Text

blueprint = desk.furnished(Blueprint("console_warning_forms", __name__, url_prefix=WARNINGS))


@blueprint.get("/new")
@desk.sits(Action.MAKE_WARNING)
def new() -> Response:
    """An empty form, of a warning that is meant or of a drill."""
    return _form(blank(drill=request.args.get("drill") == "1"))


@blueprint.post("/new")
@desk.sits(Action.MAKE_WARNING)
def write() -> AnyResponse:
    """Open a region of the list, look at what would happen, go back to the form, or keep it as a draft."""
    said, step = typed(), request.form.get("step", "")
    if step not in ("preview", "keep"):
        return _form(said)
    try:
        _check(said)
        if step == "keep":
            made = desk.tell("POST", PATH, body_of(said) | {"id": said["id"]}).body
            return desk.kept(f"{WARNINGS}/{made['id']}")
        return _preview(said, body_of(said))
    except Problem as problem:
        return _form(said, problem)


@blueprint.post("/words")
@desk.sits(Action.MAKE_WARNING)
def words() -> Response:
    """The text message as it will be, while somebody types."""
    return desk.page("warning_words.html", words=_words(typed()))


@blueprint.get("/<uuid:warning_id>/<any(update,correct):kind>")
@desk.sits(Action.MAKE_WARNING)
def change(warning_id: UUID, kind: str) -> Response:
    """The form of the next revision, with what the warning says now."""
    found = _found(warning_id)
    return _form(of_warning(found), found=found, kind=kind)


@blueprint.post("/<uuid:warning_id>/<any(update,correct):kind>")
@desk.sits(Action.MAKE_WARNING)
def revise(warning_id: UUID, kind: str) -> AnyResponse:
    """Look at what would happen, or send it: red only with the number of the warning and a password typed lately."""
    found, said, step = _found(warning_id), typed(), request.form.get("step", "")
    if step not in ("preview", "send"):
        return _form(said, found=found, kind=kind)
    about = {"found": found, "kind": kind}
    try:
        _check(said)
        if not said["reason"]:
            raise BadInput.at("/reason", "warnings.flaw.reason")
        preview = body_of(said) | _where(said, found) | {"of": str(warning_id), "kind": kind}
        if step == "preview":
            return _preview(said, preview, **about)
        if refused := refusal(found["number"], is_red="red" in (said["level"], found["level"])):
            return _preview(said, preview, refused, **about)
        body = {name: value for name, value in body_of(said).items() if name not in ("drill", "drill_list", "regions")}
        body |= {"id": said["id"], "reason": said["reason"]} | _changed_regions(said, found)
        made = desk.tell("POST", f"{PATH}/{warning_id}/{kind}", body).body
        return desk.kept(f"{WARNINGS}/{made['id']}", f"warnings.act.{kind}")
    except Problem as problem:
        return _form(said, problem, **about)


def refusal(number: str, *, is_red: bool) -> Flaws:
    """Why something dangerous is not done yet: the number was not typed, or the password not lately."""
    if is_red and field("number").upper() != number:
        return [flaw("number", Text("warnings.flaw.number", {"number": number}))]
    if is_red and not desk.is_proven_now():
        return [flaw("prove", "warnings.flaw.prove")]
    return []


def _found(warning_id: UUID) -> Any:
    return desk.ask(f"{PATH}/{warning_id}", {"board": "no"}).body


def _check(said: Typed) -> None:
    if not said["regions"] and not request.form.get("segments"):
        raise BadInput.at("/regions", "flaw.warning_nowhere")
    if not said["posts"]:
        raise BadInput.at("/posts", "warnings.flaw.posts")
    if said["drill"] and not said["drill_list"] and "reason" not in request.form:
        raise BadInput.at("/drill_list", "warnings.flaw.drill_list")


def _form(said: Typed, problem: Problem | None = None, *, found: Any = None, kind: str = "") -> Response:
    is_drill = said["drill"] if found is None else found["drill"]
    lists = desk.ask("/flood/drill-lists").body["items"] if is_drill and found is None else []
    return desk.page(
        "warning_form.html",
        status=status_of(problem),
        said=said,
        flaws=flaws_of(problem),
        found=found,
        kind=kind,
        drill=is_drill,
        lists=lists,
        levels=list(Level),
        posts=POSTS,
        most={"headline": HEADLINE_LENGTH, "instruction": INSTRUCTION_LENGTH},
        picker=places.picker(said["open"], said["regions"], Action.MAKE_WARNING),
        words=_words(said),
    )


def _preview(said: Typed, body: dict[str, Any], flaws: Flaws | None = None, **about: Any) -> Response:
    found = about.get("found")
    return desk.page(
        "warning_preview.html",
        status=422 if flaws else 200,
        said=said,
        preview=desk.tell("POST", f"{PATH}/preview", body).body,
        names=[each["name"] for each in places.named(said["regions"])],
        flaws=flaws or [],
        found=found,
        kind=about.get("kind", ""),
        drill=found["drill"] if found else said["drill"],
        is_red=found is not None and "red" in (said["level"], found["level"]),
    )


def _words(said: Typed) -> Any:
    """Only what it says: the API is not asked whom it calls, nor told what it would refuse."""
    try:
        body = {name: said[name] for name in ("level", "headline", "instruction", "contact")}
        return desk.tell("POST", f"{PATH}/preview", body | {"drill": said["drill"]}).body["texts"][0]
    except Problem:
        return None


def _where(said: Typed, found: Any) -> dict[str, Any]:
    """Where it is about reaches alone, and stays so, these are previewed."""
    return {"segments": found["segments"]} if found["segments"] and not _changed_regions(said, found) else {}


def _changed_regions(said: Typed, found: Any) -> dict[str, Any]:
    is_other = sorted(said["regions"]) != sorted(found["regions"])
    return {"regions": said["regions"]} if said["regions"] and is_other else {}
