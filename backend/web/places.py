"""Places to choose from: one in a select, several in a list that opens; and the names of those that are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from backend.domain.access import TABLE, scope_of
from backend.domain.actions import Action
from backend.domain.regions import LENGTHS, way_to, widest
from backend.domain.terms import Level
from backend.web import desk

_LOWEST = LENGTHS[Level.VILLAGE]
_MOST_NAMED = 200
_MOST_BELOW = 500


@dataclass(frozen=True, slots=True)
class Places:
    """The chosen region with its name, and the regions that a select offers."""

    code: str = ""
    name: str = ""
    options: tuple[tuple[str, str], ...] = ()


def around(chosen: str, action: Action) -> Places:
    """What a select of regions offers: one chooses down step by step, and up again."""
    tops = scope_of(desk.actor(), action).regions
    if not tops:
        return Places()
    path = _way(chosen) or _way(tops[0])
    if not path:
        return Places()
    here = path[-1]
    path = [each for each in path if any(each["code"].startswith(top) for top in tops)]
    options = [(each["code"], "　" * depth + each["name"]) for depth, each in enumerate(path)]
    if len(here["code"]) < _LOWEST:
        options += [(each["code"], "　" * len(path) + each["name"]) for each in below(here["code"])]
    return Places(here["code"], here["name"], tuple(options))


def picker(opened: str, chosen: Sequence[str], action: Action) -> dict[str, Any]:
    """The regions of a list that opens: one's own, and below them along the way to the one that was opened last."""
    posts = {post for post, relations in TABLE[action].items() if relations}
    roots = widest(seat.region for seat in desk.actor().seats if seat.post in posts)
    way = [code for code in (way_to(opened) if opened.isdigit() else []) if any(map(code.startswith, roots))]
    opens = {code: below(code) for code in way or roots[:1]}
    shown = {*roots, *(each["code"] for items in opens.values() for each in items)}
    wanted = [code for code in (*roots, *chosen) if code.isdigit()]
    names = {each["code"]: each["name"] for each in named(wanted[:_MOST_NAMED])}
    return {
        "roots": [{"code": code, "name": names.get(code, code)} for code in roots],
        "below": opens,
        "elsewhere": [{"code": code, "name": names.get(code, code)} for code in chosen if code not in shown],
    }


def below(code: str) -> list[dict[str, Any]]:
    """The regions directly below one."""
    found: list[dict[str, Any]] = desk.ask("/regions", {"parent": code, "limit": _MOST_BELOW}).body["items"]
    return found


def below_own() -> list[dict[str, Any]]:
    """Those directly below the region of one's first post."""
    seats = desk.actor().seats
    return below(seats[0].region) if seats else []


def named(codes: Iterable[str]) -> list[dict[str, Any]]:
    """The regions of these codes; of no code, none."""
    asked = ",".join(codes)
    found: list[dict[str, Any]] = desk.ask("/regions", {"codes": asked}).body["items"] if asked else []
    return found


def _way(code: str) -> list[dict[str, Any]]:
    """A region and those around it, the widest first; nothing for one that there is not."""
    if not code.isdecimal() or not code.isascii() or len(code) > _LOWEST:
        return []
    path = sorted(named(way_to(code)), key=lambda each: len(each["code"]))
    return path if path and path[-1]["code"] == code else []
