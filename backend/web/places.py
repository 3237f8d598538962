"""Places to choose from: the region that is chosen, those around it as far as one's own part goes, and those below."""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.access import Action, scope_of
from backend.domain.regions import LENGTHS
from backend.domain.terms import Level
from backend.errors import BadInput, NotFound
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
    try:
        found = desk.ask(f"/regions/{chosen or tops[0]}").body
    except (NotFound, BadInput):
        found = desk.ask(f"/regions/{tops[0]}").body
    path = [each for each in found["path"] if any(each["code"].startswith(top) for top in tops)]
    options = [(each["code"], "　" * depth + each["name"]) for depth, each in enumerate(path)]
    if len(found["code"]) < _LOWEST:
        below = desk.ask("/regions", {"parent": found["code"], "limit": 500}).body["items"]
        options += [(each["code"], "　" * len(path) + each["name"]) for each in below]
    return Places(found["code"], found["name"], tuple(options))
