"""Places to choose from: the region that is chosen, those around it as far as one's own part goes, and those below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.domain.access import Action, scope_of
from backend.domain.regions import LENGTHS, way_to
from backend.domain.terms import Level
from backend.web import desk

_LOWEST = LENGTHS[Level.VILLAGE]


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
        below = desk.ask("/regions", {"parent": here["code"], "limit": 500}).body["items"]
        options += [(each["code"], "　" * len(path) + each["name"]) for each in below]
    return Places(here["code"], here["name"], tuple(options))


def _way(code: str) -> list[dict[str, Any]]:
    """A region and those around it, the widest first; nothing for one that there is not."""
    if not code.isdecimal() or not code.isascii() or len(code) > _LOWEST:
        return []
    found = desk.ask("/regions", {"codes": ",".join(way_to(code))}).body["items"]
    path = sorted(found, key=lambda each: len(each["code"]))
    return path if path and path[-1]["code"] == code else []
