"""Silences (静默): for a while blue and yellow calls of a region wait; red, orange and the all-clear pass."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.access import may
from backend.domain.actions import Action
from backend.errors import Problem
from backend.web import desk, places
from backend.web.flood_warnings import WARNINGS
from backend.web.forms import field, flaws_of, id_of, moment_of, status_of

blueprint = desk.furnished(Blueprint("console_silences", __name__, url_prefix=f"{WARNINGS}/silences"))
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
    return desk.kept(f"{WARNINGS}/silences", "console.did.silence")


@blueprint.post("/<uuid:silence_id>/end")
@desk.sits(Action.MAKE_WARNING)
def end(silence_id: UUID) -> AnyResponse:
    """End one early: who waited is called."""
    desk.tell("DELETE", f"/flood/silences/{silence_id}")
    return desk.kept(f"{WARNINGS}/silences", "console.did.silence_ended")


def _page(said: dict[str, str], problem: Problem | None = None) -> Response:
    items = desk.ask("/flood/silences").body["items"]
    seats = [seat.region for seat in desk.actor().seats]
    may_make = any(may(desk.actor(), Action.MAKE_WARNING, seat) for seat in seats)
    return desk.page(
        "silences.html",
        status=status_of(problem),
        items=items,
        names={each["code"]: each["name"] for each in places.named({each["region"] for each in items})},
        regions=_regions() if may_make else [],
        may_make=may_make,
        said=said,
        flaws=flaws_of(problem),
        drill=False,
    )


def _regions() -> list[tuple[str, str]]:
    """One's own regions, and those directly below."""
    found = places.picker("", (), Action.MAKE_WARNING)
    below = [each for items in found["below"].values() for each in items]
    return [(each["code"], each["name"]) for each in (*found["roots"], *below)]
