"""Search: one field for reaches, people and hazards."""

from __future__ import annotations

from flask import Blueprint, Response, request

from backend.domain.actions import Action
from backend.errors import BadInput
from backend.web import desk
from backend.web.forms import flaws_of

blueprint = desk.furnished(Blueprint("console_search", __name__, url_prefix="/console/search"))


@blueprint.get("")
@desk.sits(Action.SEE_SELF)
def search() -> Response:
    """What was found, by noun, at most ten of each."""
    words = request.args.get("q", "").strip()
    found, flaws = None, []
    try:
        found = desk.ask("/search", {"q": words}).body if words else None
    except BadInput as problem:
        flaws = flaws_of(problem)
    status = 422 if flaws else 200
    return desk.page("search.html", status=status, words=words, found=found, flaws=flaws)
