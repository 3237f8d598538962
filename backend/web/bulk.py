"""Giving out many hazards at once: each by an act of its own, so that one that is refused stops no other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from werkzeug.datastructures import MultiDict

from backend.domain.hazards import Act, State
from backend.errors import Problem, Unauthenticated
from backend.web import desk
from backend.web.forms import Flaws, flaw, id_of
from backend.words import say

MOST = 100
"""As many as stand on a page, and some."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One that was chosen, as it was when the list was shown."""

    id: str
    state: str
    version: str


@dataclass(frozen=True, slots=True)
class Order:
    """To whom they are given, and what is said with it; sent twice, it is the same."""

    id: UUID
    chosen: tuple[Chosen, ...]
    unit: str
    note: str
    accepts: bool
    """Whether what nobody has accepted yet is accepted first."""

    @property
    def ids(self) -> list[str]:
        """Of those that were chosen."""
        return [each.id for each in self.chosen]

    def without(self, ids: Collection[str]) -> Order:
        """The same for the rest."""
        return replace(self, chosen=tuple(each for each in self.chosen if each.id not in ids))


NOTHING = Order(UUID(int=0), (), "", "", False)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one: done, or refused and why."""

    id: str
    name: str
    is_done: bool
    why: str = ""


def order_of(form: MultiDict[str, str]) -> Order:
    """The form as it was filled in; what is no hazard of ours in it is left out."""
    chosen = (_chosen(said) for said in form.getlist("hazard")[:MOST])
    return Order(
        id=id_of(form.get("id", "")),
        chosen=tuple({each.id: each for each in chosen if each is not None}.values()),
        unit=form.get("unit", "").strip(),
        note=form.get("note", "").strip(),
        accepts=bool(form.get("accepts")),
    )


def lacking(order: Order) -> Flaws:
    """What the order cannot be understood without."""
    flaws = [] if order.chosen else [flaw("hazard", "hazards.none_chosen")]
    return flaws if order.unit else [*flaws, flaw("unit", "hazards.no_unit")]


def give(order: Order) -> list[Told]:
    """Act on each, one after the other."""
    return [_give(order, each) for each in order.chosen]


def _give(order: Order, chosen: Chosen) -> Told:
    try:
        version: str | None = chosen.version
        if order.accepts and chosen.state == State.REPORTED:
            version = _act(order, chosen, Act.ACCEPT, version, {}).etag
        said = {"unit": order.unit} | ({"note": order.note} if order.note else {})
        body = _act(order, chosen, Act.ASSIGN, version, said).body
    except Unauthenticated:
        raise
    except Problem as problem:
        return Told(chosen.id, "", False, _why(problem))
    return Told(chosen.id, f"{body['segment']['name']} · {body['kind_name']}", True)


def _act(order: Order, chosen: Chosen, act: Act, version: str | None, said: dict[str, Any]) -> Any:
    body = {"id": str(uuid5(order.id, f"{chosen.id} {act}")), "action": act.value} | said
    return desk.tell("POST", f"/hazards/{chosen.id}/actions", body, version=version)


def _why(problem: Problem) -> str:
    """In one sentence; where somebody was quicker, how it is now."""
    said = [each.text for each in problem.flaws] or [problem.text]
    why = " ".join(say(each, desk.language()) for each in said)
    present = problem.extra.get("present")
    return f"{why} {present['sentence']}" if present else why


def _chosen(said: str) -> Chosen | None:
    found, _, rest = said.partition(" ")
    state, _, version = rest.partition(" ")
    try:
        return Chosen(str(UUID(found)), state, version)
    except ValueError:
        return None
