"""Several people in one field: their names as somebody types or pastes them, and which is meant of those alike."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from flask import request

from backend.domain.cooperation import MOST_PEOPLE
from backend.web import desk, exports, forms
from backend.web.forms import Flaws
from backend.words import Text

_APART = re.compile(r"[、，,；;\s]+")
_SET_APART = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
"""A name of two characters as minutes set it: 王　伟."""
_LONGEST, _LIMIT = 80, 200
"""Letters of a name, and people who are found at once."""


@dataclass(slots=True)
class Named:
    """Who is meant by the names of a field, what is wrong with it, and between whom one still has to choose."""

    ids: dict[str, str] = field(default_factory=dict)
    """Who is meant, with the name by which they were found."""
    flaws: Flaws = field(default_factory=list)
    choices: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """By name those who are called so: id, and by what one tells them apart."""
    chosen: frozenset[str] = frozenset()
    """Of several of one name those who were chosen."""


def named(typed: str) -> Named:
    """Look for everybody of a field called `people`, whole names apart by commas, spaces or lines; of several of one
    name the form says which, by a field called `who`.
    """
    names = [
        each for each in dict.fromkeys(part[:_LONGEST] for part in _APART.split(_SET_APART.sub(r"\1\2", typed))) if each
    ]
    if len(names) > MOST_PEOPLE:
        return Named(flaws=[forms.flaw("people", Text("coop.flaw.many", {"most": MOST_PEOPLE}))])
    same: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for person in desk.ask("/people", {"names": ",".join(names), "limit": _LIMIT}).body["items"] if names else []:
        same[person["name"]].append(person)
    return _chosen(same, frozenset(request.form.getlist("who")))


def _chosen(same: dict[str, list[dict[str, Any]]], chosen: frozenset[str]) -> Named:
    """Of each name who is meant: the only one, or who was chosen of several."""
    found = Named(chosen=chosen)
    for name, people in same.items():
        picked = [each for each in people if each["id"] in chosen] or people
        if len(people) > 1 and len(picked) == len(people) and people[0]["id"] not in chosen:
            found.choices[name] = [(each["id"], _told_apart(each)) for each in people]
        else:
            found.ids |= {each["id"]: name for each in picked}
    missing = exports.word("warnings.comma").join(name for name, people in same.items() if not people)
    if missing:
        found.flaws.append(forms.flaw("people", Text("coop.flaw.nobody", {"names": missing})))
    if found.choices:
        found.flaws.append(forms.flaw("who", "coop.flaw.several"))
    return found


def _told_apart(person: dict[str, Any]) -> str:
    held = person["posts"][:2]
    posts = [f"{each['region_name'] or each['region']} {exports.word('post.' + each['post'])}" for each in held]
    return " · ".join((person["name"], *posts, person["phone"] or ""))
