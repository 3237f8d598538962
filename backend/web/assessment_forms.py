"""Making an assessment (考核): which posts, where and when; looked at once more, then counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import today
from backend.domain.actions import Action
from backend.domain.duties import Span, around
from backend.domain.terms import CHIEFS, Post
from backend.errors import Problem
from backend.web import desk, exports, places
from backend.web.assessments import ASSESSMENTS
from backend.web.forms import Flaws, date_of, field, flaws_of, id_of, status_of
from backend.web.posts import offered

blueprint = desk.furnished(Blueprint("console_assessment_forms", __name__, url_prefix=ASSESSMENTS))
_POSTS = (*CHIEFS, Post.WARDEN)
_WORDS = ("id", "name", "region", "from", "to")


@blueprint.get("/new")
@desk.sits(Action.MAKE_ASSESSMENT)
def blank() -> Response:
    """The last quarter that is over, for every chief of one's region."""
    begin, _ = around(Span.QUARTER, today())
    before, _ = around(Span.QUARTER, begin - timedelta(days=1))
    quarter = exports.word("assessments.quarter", year=before.year, number=(before.month + 2) // 3)
    said: dict[str, Any] = {"id": str(uuid4()), "name": quarter, "region": request.args.get("region", "")[:12]}
    said |= {"from": before.isoformat(), "to": (begin - timedelta(days=1)).isoformat()}
    return _form(said | {"posts": [Post.TOWN_CHIEF.value, Post.VILLAGE_CHIEF.value]})


@blueprint.post("/new")
@desk.sits(Action.MAKE_ASSESSMENT)
def make() -> AnyResponse:
    """Look at whom it is about, go back to the form, or count it."""
    said: dict[str, Any] = {name: field(name, 200) for name in _WORDS}
    said["posts"] = list(dict.fromkeys(request.form.getlist("posts")))[: len(_POSTS)]
    step = request.form.get("step", "")
    if step not in ("look", "make"):
        return _form(said)
    try:
        if step == "make":
            assessment_id = id_of(said["id"])
            desk.tell("PUT", f"/assessments/{assessment_id}", _body(said))
            return desk.kept(f"{ASSESSMENTS}/{assessment_id}", "console.did.assessment")
        expected = desk.tell("POST", "/assessments/preview", _body(said)).body
    except Problem as problem:
        return _form(said, [_named(each) for each in flaws_of(problem)], status_of(problem))
    return desk.page("assessment_look.html", said=said, expected=expected, places=places.named([said["region"]]))


def _body(said: dict[str, Any]) -> dict[str, Any]:
    """What the API takes of it: a form says the last day, the API the one after it."""
    last = date_of(said["to"])
    until = (last + timedelta(days=1)).isoformat() if last else said["to"]
    body = {name: said[name] for name in ("name", "region", "from", "posts")}
    return body | {"until": until}


def _named(flaw: dict[str, str]) -> dict[str, str]:
    return flaw | {"field": "to"} if flaw["field"] == "until" else flaw


def _form(said: dict[str, Any], flaws: Flaws | None = None, status: int = 200) -> Response:
    where = places.around(said["region"], Action.MAKE_ASSESSMENT)
    values = {
        "said": said | {"region": said["region"] or where.code},
        "flaws": flaws or [],
        "where": where,
        "posts": offered(_POSTS, Action.MAKE_ASSESSMENT),
    }
    return desk.page("assessment_new.html", status=status, **values)
