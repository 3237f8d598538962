"""What somebody types of a warning: read from the form, and turned into what the API takes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import request

from backend.domain.flood_warnings import CALLED
from backend.domain.terms import CHIEFS
from backend.web.forms import field, last_of, moment_of, typed_moment

Typed = dict[str, Any]
POSTS = sorted(CALLED, key=lambda post: CHIEFS.get(post, 0))
_WORDS = ("id", "level", "headline", "instruction", "contact", "expires_at", "reason", "drill_list", "open")


def blank(*, drill: bool) -> Typed:
    """A form that nobody has typed in: red is never the first choice."""
    return dict.fromkeys(_WORDS, "") | {
        "id": str(uuid4()),
        "level": "yellow",
        "regions": [],
        "posts": list(CHIEFS),
        "drill": drill,
    }


def typed() -> Typed:
    """What the form says, as it was typed."""
    said: Typed = {name: field(name) for name in _WORDS}
    lists = {name: list(dict.fromkeys(request.form.getlist(name)))[:200] for name in ("regions", "posts")}
    return said | lists | {"open": last_of("open"), "drill": request.form.get("drill") == "1"}


def of_warning(found: Any) -> Typed:
    """The form of the next revision: what the warning says now."""
    kept = {name: found[name] for name in ("level", "headline", "instruction", "contact", "regions", "posts", "drill")}
    return blank(drill=found["drill"]) | kept | {"expires_at": typed_moment(found["expires_at"])}


def body_of(said: Typed) -> dict[str, Any]:
    """What the API takes of it: what was left open is left out."""
    body = {name: said[name] for name in ("level", "headline", "instruction")}
    body |= {name: said[name] for name in ("contact", "regions", "posts") if said[name]}
    if said["expires_at"]:
        body["expires_at"] = moment_of(said["expires_at"])
    if not said["drill"]:
        return body
    return body | {"drill": True} | ({"drill_list": said["drill_list"]} if said["drill_list"] else {})
