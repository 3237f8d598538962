"""Reaches at a desk: the list, and one with who answers for it, what nobody walked of it, its risk and its hazards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from backend.clock import day_of, end_of, start_of
from backend.context import house, now
from backend.domain.access import Action, may_try
from backend.domain.terms import Level
from backend.web import desk
from backend.web.map import reasons

blueprint = desk.furnished(Blueprint("console_segments", __name__, url_prefix="/console/segments"))
RISKS = ("extreme", "high", "moderate", "low")
LEVELS = [level.word for level in Level if level is not Level.PROVINCE]
IDLE = ("3", "7", "10", "30")
"""Days without a walk that one may ask for."""
PERIODS = (7, 10, 30, 90)
_ENDED = ("closed", "merged", "rejected")


@blueprint.get("")
@desk.sits(Action.SEE_SEGMENTS)
def listed() -> Response:
    """By code, and so along each river; the lowest reaches unless a level is named."""
    asked = desk.query("region", "river", "level", "risk", "q", "orphan")
    idle = request.args.get("idle", "")
    if idle in IDLE:
        asked["unwalked_since"] = _begin(int(idle)).isoformat()
    found = desk.ask("/segments", asked).body
    seats = desk.actor().seats
    regions = desk.ask("/regions", {"parent": seats[0].region, "limit": 500}).body["items"] if seats else []
    return desk.page(
        "segments.html",
        found=[each["properties"] for each in found["features"]],
        next=desk.next_of(found),
        regions=regions,
        levels=LEVELS,
        risks=RISKS,
        idles=IDLE,
    )


@blueprint.get("/<path:ref>/walked")
@desk.sits(Action.SEE_SEGMENTS)
def walked(ref: str) -> Response:
    """Which metres were walked in a period, and which nobody walked."""
    said = request.args.get("days", "")
    days = int(said) if said in map(str, PERIODS) else PERIODS[0]
    period = {"from": _begin(days - 1).isoformat(), "to": end_of(_today(), house().settings.zone).isoformat()}
    found = desk.ask(f"{_path(ref)}/walked", period).body
    return _part("segment_walked.html", ref=ref, days=days, periods=PERIODS, found=found)


@blueprint.get("/<path:ref>/beside")
@desk.sits(Action.SEE_SEGMENTS)
def beside(ref: str) -> Response:
    """The newest walks on it, and the hazards that are open."""
    return _part("segment_beside.html", ref=ref, walks=_walks(ref), hazards=_hazards(ref))


@blueprint.get("/<path:ref>")
@desk.sits(Action.SEE_SEGMENTS)
def one(ref: str) -> Response:
    """One reach, by code or id."""
    facts = desk.ask(_path(ref)).body["properties"]
    return desk.page("segment.html", facts=facts, reasons=reasons(facts["risk"]))


def _walks(ref: str) -> list[Any] | None:
    """None for whoever sees none."""
    if not may_try(desk.actor(), Action.SEE_PATROLS):
        return None
    items: list[Any] = desk.ask("/patrols", {"segment": ref, "limit": 8}).body["items"]
    return items


def _hazards(ref: str) -> list[Any] | None:
    if not may_try(desk.actor(), Action.SEE_HAZARDS):
        return None
    found = desk.ask("/hazards", {"segment": ref, "limit": 50}).body["items"]
    return [each for each in found if each["state"] not in _ENDED]


def _part(template: str, **values: Any) -> Response:
    """A part of the page of a reach, or a page of its own for whoever has no scripts."""
    return desk.page(template, is_part="HX-Request" in request.headers, **values)


def _path(ref: str) -> str:
    return f"/segments/{quote(ref, safe='')}"


def _today() -> date:
    return day_of(now(), house().settings.zone)


def _begin(days: int) -> Any:
    """The first moment of the day so many days ago."""
    return start_of(_today() - timedelta(days=days), house().settings.zone)
