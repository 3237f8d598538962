"""The first page: what waits for me, late first; calls without an answer; risk now; the countdown of the window."""

from __future__ import annotations

from flask import Blueprint, Response

from backend.domain.access import Action, may_try
from backend.services.outlook import FRESH_S
from backend.web import desk

blueprint = desk.furnished(Blueprint("console_today", __name__, url_prefix="/console"))


@blueprint.get("/")
@desk.sits(Action.SEE_SELF)
def today() -> Response:
    """Numbers first, each of which opens the list behind it; then what waits, the soonest due first."""
    found = desk.ask("/today").body
    sees = may_try(desk.actor(), Action.SEE_WARNINGS)
    warnings = desk.ask("/flood/warnings", {"state": "issued", "limit": 5}).body["items"] if sees else []
    return desk.page("today.html", found=found, warnings=warnings)


@blueprint.get("/sky")
@desk.sits(Action.SEE_FLOOD)
def sky() -> Response:
    """The part of the bar that tells of the window and of signals, looked at anew."""
    return desk.page("sky.html", sky=desk.outlook(FRESH_S))
