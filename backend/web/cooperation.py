"""Joint work (协作) at a desk: counts by place, suggestions with their replies, clues, meetings and joint patrols."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.actions import Action
from backend.domain.cooperation import COUNTS
from backend.errors import Problem
from backend.web import desk, exports
from backend.web.exports import Export, Item, Value
from backend.web.forms import Flaws, field, flaws_of, status_of

COOPERATION = "/console/cooperation"
blueprint = desk.furnished(Blueprint("console_cooperation", __name__, url_prefix=COOPERATION))
_FILTERS = ("region", "from", "to")
_LATEST = "20"
_HEADINGS = ("people.region", *(f"coop.count.{name}" for name in COUNTS))


@blueprint.get("")
@desk.sits(Action.SEE_COOPERATION)
def overview() -> Response:
    """What was done together, and what waits for an answer; the law sees its own."""
    return _overview()


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_COOPERATION)
def export(form: str) -> Response:
    """The counts as a file, a row a place."""
    taken = Export(
        *("cooperation", "/cooperation", "console.nav.cooperation", _HEADINGS, _rows),
        asked=desk.filters(*_FILTERS),
        items=lambda body: body["rows"],
        is_whole=True,
    )
    return exports.file_of(taken, form)


@blueprint.post("/<any(suggestions, clues):noun>/<uuid:thing_id>")
@desk.sits(Action.COOPERATE)
def reply(noun: str, thing_id: UUID) -> AnyResponse:
    """Reply to a suggestion, or answer a clue."""
    act = "reply" if noun == "suggestions" else "answer"
    try:
        desk.tell("POST", f"/{noun}/{thing_id}/{act}", {"text": field("text", 10_000)})
    except Problem as problem:
        return _overview(flaws=flaws_of(problem), status=status_of(problem))
    return desk.kept(COOPERATION, "console.did.clue")


def _overview(*, flaws: Flaws | None = None, status: int = 200) -> Response:
    is_above = any(seat.post not in ("police_chief", "prosecutor") for seat in desk.actor().seats)
    found = desk.ask("/cooperation", desk.filters(*_FILTERS)).body if is_above else None
    nouns = ("suggestions", "clues", "joint-meetings", "joint-patrols")
    lists: dict[str, Any] = {
        noun.replace("-", "_"): desk.ask(f"/{noun}", {"limit": _LATEST}).body["items"] for noun in nouns
    }
    values = {"found": found, "counts": COUNTS, "flaws": flaws or [], "is_above": is_above}
    return desk.page("cooperation.html", status=status, **values, **lists)


def _rows(item: Item) -> list[list[Value]]:
    return [[item["name"], *(item[name] for name in COUNTS)]]
