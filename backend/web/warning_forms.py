"""Writing a warning: the form, the preview before anything goes out, the draft; and updating or correcting one."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.access import Action
from backend.domain.flood_warnings import HEADLINE_LENGTH, INSTRUCTION_LENGTH, Level
from backend.errors import Conflict, NotFound, Problem
from backend.web import desk
from backend.web.flood_warnings import PATH, PREFIX
from backend.web.warning_typed import POSTS, Typed, blank, body_of, of_warning, picker, typed
from backend.words import Text, say

blueprint = desk.furnished(Blueprint("console_warning_forms", __name__, url_prefix=PREFIX))
Flaws = list[dict[str, str]]


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
            return desk.kept(f"/console/warnings/{made['id']}")
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
            raise Typo("reason", "warnings.flaw.reason")
        preview = body_of(said) | _where(said, found) | {"of": str(warning_id), "kind": kind}
        if step == "preview":
            return _preview(said, preview, **about)
        if refused := refusal(found["number"], is_red="red" in (said["level"], found["level"])):
            return _preview(said, preview, refused, **about)
        body = {name: value for name, value in body_of(said).items() if name not in ("drill", "drill_list", "regions")}
        body |= {"id": said["id"], "reason": said["reason"]} | _changed_regions(said, found)
        made = desk.tell("POST", f"{PATH}/{warning_id}/{kind}", body).body
        return desk.kept(f"/console/warnings/{made['id']}")
    except Problem as problem:
        return _form(said, problem, **about)


class Typo(Problem):
    """Something that the form itself knows to be missing."""

    code = "bad_input"

    def __init__(self, field: str, key: str) -> None:
        super().__init__(count=1)
        self.field, self.key = field, key


def refusal(number: str, *, is_red: bool) -> Flaws:
    """Why something dangerous is not done yet: the number was not typed, or the password not lately."""
    spoken = desk.language()
    if is_red and request.form.get("number", "").strip().upper() != number:
        return [{"field": "number", "text": say(Text("warnings.flaw.number", {"number": number}), spoken)}]
    if is_red and not desk.is_proven_now():
        return [{"field": "prove", "text": say(Text("warnings.flaw.prove"), spoken)}]
    return []


def flaws_of(problem: Problem) -> Flaws:
    """What is wrong, by field."""
    if isinstance(problem, Typo):
        return [{"field": problem.field, "text": say(Text(problem.key), desk.language())}]
    if isinstance(problem, NotFound) and not problem.flaws:
        raise problem
    return desk.flaws_of(problem)


def status_of(problem: Problem) -> int:
    """The status of a form that was refused."""
    return 409 if isinstance(problem, Conflict) else 422


def to_prove() -> AnyResponse:
    """First the password, then back to this page."""
    return redirect(f"/console/prove?next={quote(request.path)}", 303)


def _found(warning_id: UUID) -> Any:
    return desk.ask(f"{PATH}/{warning_id}", {"board": "no"}).body


def _check(said: Typed) -> None:
    if not said["regions"] and not request.form.get("segments"):
        raise Typo("regions", "flaw.warning_nowhere")
    if not said["posts"]:
        raise Typo("posts", "warnings.flaw.posts")
    if said["drill"] and not said["drill_list"] and "reason" not in request.form:
        raise Typo("drill_list", "warnings.flaw.drill_list")


def _form(said: Typed, problem: Problem | None = None, *, found: Any = None, kind: str = "") -> Response:
    is_drill = said["drill"] if found is None else found["drill"]
    lists = desk.ask("/flood/drill-lists").body["items"] if is_drill and found is None else []
    return desk.page(
        "warning_form.html",
        status=status_of(problem) if problem else 200,
        said=said,
        flaws=flaws_of(problem) if problem else [],
        found=found,
        kind=kind,
        drill=is_drill,
        lists=lists,
        levels=list(Level),
        posts=POSTS,
        most={"headline": HEADLINE_LENGTH, "instruction": INSTRUCTION_LENGTH},
        picker=picker(said),
        words=_words(said),
    )


def _preview(said: Typed, body: dict[str, Any], flaws: Flaws | None = None, **about: Any) -> Response:
    found = about.get("found")
    return desk.page(
        "warning_preview.html",
        status=422 if flaws else 200,
        said=said,
        preview=desk.tell("POST", f"{PATH}/preview", body).body,
        names=_names(said),
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


def _names(said: Typed) -> list[str]:
    codes = ",".join(said["regions"])
    return [each["name"] for each in desk.ask("/regions", {"codes": codes}).body["items"]] if codes else []


def _where(said: Typed, found: Any) -> dict[str, Any]:
    """Where it is about reaches alone, and stays so, these are previewed."""
    return {"segments": found["segments"]} if found["segments"] and not _changed_regions(said, found) else {}


def _changed_regions(said: Typed, found: Any) -> dict[str, Any]:
    is_other = sorted(said["regions"]) != sorted(found["regions"])
    return {"regions": said["regions"]} if said["regions"] and is_other else {}
