"""What somebody types of a warning: read from the form, turned into what the API takes, and the picker of regions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import request

from backend.domain.access import TABLE, Action
from backend.domain.flood_warnings import CALLED
from backend.domain.regions import way_to, widest
from backend.domain.terms import CHIEFS
from backend.web import desk
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


def picker(said: Typed, action: Action = Action.MAKE_WARNING) -> dict[str, Any]:
    """The regions to choose from: one's own, and below it along the way to the one that was opened."""
    posts = {post for post, relations in TABLE[action].items() if relations}
    roots = widest(seat.region for seat in desk.actor().seats if seat.post in posts)
    wanted_way = way_to(said["open"]) if said["open"].isdigit() else []
    opened = [code for code in wanted_way if any(code.startswith(root) for root in roots)]
    below = {code: desk.ask("/regions", {"parent": code, "limit": 500}).body["items"] for code in opened or roots[:1]}
    shown = {*roots, *(each["code"] for items in below.values() for each in items)}
    wanted = [code for code in (*roots, *said["regions"]) if code.isdigit()]
    named = desk.ask("/regions", {"codes": ",".join(wanted[:200])}).body["items"] if wanted else []
    names: Mapping[str, str] = {each["code"]: each["name"] for each in named}
    return {
        "roots": [{"code": code, "name": names.get(code, code)} for code in roots],
        "below": below,
        "elsewhere": [{"code": code, "name": names.get(code, code)} for code in said["regions"] if code not in shown],
    }
