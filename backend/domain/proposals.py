"""A proposed policy as somebody wrote it: what it names must be known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from backend.words import Text


class ImpossiblePolicy(ValueError):
    """A policy that cannot be meant; `name` says which part, `text` why."""

    def __init__(self, name: str, text: Text) -> None:
        super().__init__(name)
        self.name, self.text = name, text


def some(name: str, said: Any, choices: Iterable[str]) -> list[str]:
    """A list of known words, not empty."""
    known = list(choices)
    if not isinstance(said, list) or not said or any(each not in known for each in said):
        raise ImpossiblePolicy(name, choice(known))
    return said


def members(name: str, said: Any, choices: Iterable[str]) -> Mapping[str, Any]:
    """An object with known members only."""
    known = list(choices)
    if not isinstance(said, Mapping):
        raise ImpossiblePolicy(name, Text("Not a valid mapping type."))
    for each in said.keys() - set(known):
        raise ImpossiblePolicy(f"{name}/{each}".lstrip("/"), choice(known))
    return said


def choice(choices: Iterable[str]) -> Text:
    """What there is to choose from."""
    return Text("flaw.choice", {"choices": ", ".join(choices)})
