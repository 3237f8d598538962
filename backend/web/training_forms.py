"""Planning a session of training (安排培训): what, where, when and for whom, with a quiz typed as plain lines."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.actions import Action
from backend.domain.terms import CHIEFS, Post
from backend.errors import Problem
from backend.web import desk, places
from backend.web.forms import (
    Flaws,
    field,
    flaw,
    flaws_of,
    id_of,
    last_of,
    moment_of,
    number,
    place_of,
    status_of,
    whole,
)
from backend.web.posts import offered
from backend.web.training import TRAINING

blueprint = desk.furnished(Blueprint("console_training_forms", __name__, url_prefix=TRAINING))
_TEXTS = ("id", "title", "place", "teacher", "begins_at", "ends_at", "hours", "text", "links", "lon", "lat")
_WORDS = (*_TEXTS, "quiz", "pass_mark", "open")
_POSTS = (*CHIEFS, Post.WARDEN, Post.OFFICE_CLERK, Post.BUREAU_CLERK, Post.UNIT_LIAISON, Post.POLICE_CHIEF)
_MOST = 200
_RIGHT, _WRONG = "*", "-"


@blueprint.get("/new")
@desk.sits(Action.KEEP_TRAINING)
def blank() -> Response:
    """A form that nobody has typed in: who is asked to come is nobody's guess."""
    return _form(dict.fromkeys(_WORDS, "") | {"id": str(uuid4()), "hours": "2", "regions": [], "posts": []})


@blueprint.post("/new")
@desk.sits(Action.KEEP_TRAINING)
def plan() -> AnyResponse:
    """Open a region of the list, or plan it."""
    said: dict[str, Any] = {name: field(name, 20_000) for name in _WORDS}
    said["open"] = last_of("open")
    said |= {name: list(dict.fromkeys(request.form.getlist(name)))[:_MOST] for name in ("regions", "posts")}
    if request.form.get("step") != "plan":
        return _form(said)
    session_id: UUID = id_of(said["id"])
    try:
        quiz = quiz_of(said["quiz"], said["pass_mark"])
    except ValueError:
        return _form(said, [flaw("quiz", "training.flaw.quiz")], 422)
    try:
        desk.tell("PUT", f"/trainings/{session_id}", _body(said) | ({"quiz": quiz} if quiz else {}))
    except Problem as problem:
        return _form(said, _named(flaws_of(problem), said), status_of(problem))
    return desk.kept(f"{TRAINING}/{session_id}", "console.did.training")


def quiz_of(typed: str, pass_mark: str) -> dict[str, Any] | None:
    """A quiz as it is typed: a line for a question, below it a line for each choice, `*` before right and `-` before
    wrong ones. ValueError for a choice without a question, or a number that is none.
    """
    questions: list[dict[str, Any]] = []
    for line in (each.strip() for each in typed.splitlines()):
        if line[:1] in (_RIGHT, _WRONG):
            if not questions:
                raise ValueError(line)
            if line[0] == _RIGHT:
                questions[-1]["right"].append(len(questions[-1]["choices"]))
            questions[-1]["choices"].append(line[1:].strip())
        elif line:
            questions.append({"text": line, "choices": [], "right": []})
    if not questions:
        return None
    least = whole(pass_mark) if pass_mark else len(questions)
    if not isinstance(least, int):
        raise ValueError(pass_mark)
    return {"questions": questions, "pass_mark": least}


def _body(said: dict[str, Any]) -> dict[str, Any]:
    """What the API takes of it: what was left open is left out."""
    body = {name: said[name] for name in ("title", "place", "teacher", "text", "posts", "regions")}
    body |= {name: moment_of(said[name]) for name in ("begins_at", "ends_at")}
    body |= {"hours": number(said["hours"]), "links": said["links"].split()}
    return body | place_of(said)


def _named(flaws: Flaws, said: dict[str, Any]) -> Flaws:
    """What the API says of the form; that nobody at all is asked, in a sentence."""
    nobody = [] if said["posts"] else [flaw("posts", "training.flaw.posts")]
    return [each for each in flaws if each["field"] != "posts" or not nobody] + nobody


def _form(said: dict[str, Any], flaws: Flaws | None = None, status: int = 200) -> Response:
    values = {
        "said": said,
        "flaws": flaws or [],
        "picker": places.picker(said["open"], said["regions"], Action.KEEP_TRAINING),
        "posts": offered(_POSTS, Action.KEEP_TRAINING),
    }
    return desk.page("training_new.html", status=status, **values)
