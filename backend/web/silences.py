"""Silences (静默): for a while blue and yellow calls of a region wait; red, orange and the all-clear pass."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.access import Action, may
from backend.errors import Problem
from backend.web import desk
from backend.web.flood_warnings import PREFIX
from backend.web.forms import field, flaws_of, id_of, moment_of, status_of
from backend.web.warning_typed import picker

blueprint = desk.furnished(Blueprint("console_silences", __name__, url_prefix=f"{PREFIX}/silences"))
_WORDS = ("id", "region", "until", "reason")


@blueprint.get("")
@desk.sits(Action.SEE_WARNINGS)
def listed() -> Response:
    """Silences that are not over, and the form of another."""
    return _page(dict.fromkeys(_WORDS, "") | {"id": str(uuid4())})


@blueprint.post("")
@desk.sits(Action.MAKE_WARNING)
def keep() -> AnyResponse:
    """Keep quiet about a region for a while."""
    said = {name: field(name, 600) for name in _WORDS}
    body = {"region": said["region"], "until": moment_of(said["until"]), "reason": said["reason"]}
    try:
        desk.tell("PUT", f"/flood/silences/{id_of(said['id'])}", body)
    except Problem as problem:
        return _page(said, problem)
    return desk.kept(f"{PREFIX}/silences")


@blueprint.post("/<uuid:silence_id>/end")
@desk.sits(Action.MAKE_WARNING)
def end(silence_id: UUID) -> AnyResponse:
    """End one early: who waited is called."""
    desk.tell("DELETE", f"/flood/silences/{silence_id}")
    return desk.kept(f"{PREFIX}/silences")


def _page(said: dict[str, str], problem: Problem | None = None) -> Response:
    items = desk.ask("/flood/silences").body["items"]
    seats = [seat.region for seat in desk.actor().seats]
    may_make = any(may(desk.actor(), Action.MAKE_WARNING, seat) for seat in seats)
    codes = ",".join({each["region"] for each in items})
    named = desk.ask("/regions", {"codes": codes}).body["items"] if codes else []
    return desk.page(
        "silences.html",
        status=status_of(problem),
        items=items,
        names={each["code"]: each["name"] for each in named},
        regions=_regions() if may_make else [],
        may_make=may_make,
        said=said,
        flaws=flaws_of(problem),
        drill=False,
    )


def _regions() -> list[tuple[str, str]]:
    """One's own regions, and those directly below."""
    found: dict[str, Any] = picker({"open": "", "regions": []})
    below = [each for items in found["below"].values() for each in items]
    return [(each["code"], each["name"]) for each in (*found["roots"], *below)]
