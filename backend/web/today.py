"""The first page: what waits for me, late first; calls without an answer; risk now; the countdown of the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response

from backend.domain.access import may_try
from backend.domain.actions import Action
from backend.services.outlook import FRESH_S
from backend.web import desk

blueprint = desk.furnished(Blueprint("console_today", __name__, url_prefix="/console"))

MOST = 50
"""Things of a kind that are told; of more it is said that there are more."""
MOST_ALARMS = 500
_MOST_WARNINGS = 5
_WAYS: Mapping[str, Callable[[dict[str, Any]], tuple[str, str]]] = {
    "hazard": lambda each: (f"/console/hazards/{each['id']}", "see_self"),
    "order": lambda each: (f"/console/orders/{each['id']}", "see_orders"),
    "suggestion": lambda each: ("/console/cooperation?waiting=true#suggestions", "see_cooperation"),
    "clue": lambda each: ("/console/cooperation?waiting=true#clues", "see_cooperation"),
    "campaign": lambda each: (f"/console/campaigns/{each['id']}", "see_campaigns"),
}
"""Where each thing that waits is found at a desk, and what one must be allowed to see it; doors are for phones."""
_SENDS = (Action.MAKE_WARNING, Action.SIGN_WARNING)


@blueprint.get("/")
@desk.sits(Action.SEE_SELF)
def today() -> Response:
    """Numbers first, each of which opens the list behind it; then what waits, the soonest due first."""
    found = desk.ask("/today").body
    warnings = _warnings("in_force") if may_try(desk.actor(), Action.SEE_WARNINGS) else []
    waiting = _warnings("waiting") if any(may_try(desk.actor(), act) for act in _SENDS) else []
    sees_alarms = may_try(desk.actor(), Action.SEE_ALARMS)
    alarms = desk.ask("/alarms", {"open": "true", "limit": MOST_ALARMS}).body["items"] if sees_alarms else None
    lists: dict[str, Any] = {"warnings": warnings, "waiting": waiting, "alarms": alarms}
    return desk.page("today.html", found=found, most=MOST, most_alarms=MOST_ALARMS, ways=_WAYS, **lists)


def _warnings(phase: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.ask("/flood/warnings", {"phase": phase, "limit": _MOST_WARNINGS}).body["items"]
    return found


@blueprint.get("/sky")
@desk.sits(Action.SEE_FLOOD)
def sky() -> Response:
    """The part of the bar that tells of the window and of signals, looked at anew."""
    return desk.page("sky.html", sky=desk.outlook(FRESH_S))
