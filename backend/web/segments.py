"""Reaches at a desk: the list, and one with who answers for it, what nobody walked of it, its risk and its hazards."""

from __future__ import annotations

from datetime import timedelta
from operator import itemgetter
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from backend.clock import end_of, start_of
from backend.context import house, today
from backend.domain.access import may, may_try
from backend.domain.actions import Action
from backend.domain.appointments import may_give
from backend.domain.hazards import OPEN
from backend.domain.terms import CHIEFS, Duty, Level
from backend.web import desk, exports, places
from backend.web.exports import Export, Item, Value
from backend.web.map import reasons
from backend.web.moments import standing

SEGMENTS = "/console/segments"
blueprint = desk.furnished(Blueprint("console_segments", __name__, url_prefix=SEGMENTS))
RISKS = ("extreme", "high", "moderate", "low")
LEVELS = [level.word for level in Level if level is not Level.PROVINCE]
IDLE = ("3", "7", "10", "30")
"""Days without a walk that one may ask for."""
PERIODS = (7, 10, 30, 90)
_FILTERS = ("region", "river", "level", "risk", "q", "orphan", "idle")
_HEADINGS = (
    *("patrol.reach", "segment.code", "segment.river", "segment.region", "segment.level", "segment.chiefs"),
    *("segment.last_patrol", "segment.risk", "segment.length_m"),
)
_MOST_HAZARDS = 50


@blueprint.get("")
@desk.sits(Action.SEE_SEGMENTS)
def listed() -> Response:
    """By code, and so along each river; the lowest reaches unless a level is named."""
    found = desk.ask("/segments", _asked() | desk.query()).body
    return desk.page(
        "segments.html",
        found=[each["properties"] for each in found["features"]],
        next=desk.next_of(found),
        regions=places.below_own(),
        levels=LEVELS,
        risks=RISKS,
        idles=IDLE,
    )


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_SEGMENTS)
def export(form: str) -> Response:
    """The whole list as a file, a row a reach."""
    said = [
        (exports.word(f"segment.by.{name}"), _filter_said(name, value))
        for name, value in desk.filters(*_FILTERS).items()
    ]
    reaches = Export(
        "segments", "/segments", "console.nav.segments", _HEADINGS, _rows, _asked(), said, items=itemgetter("features")
    )
    return exports.file_of(reaches, form)


@blueprint.get("/<path:ref>/walked")
@desk.sits(Action.SEE_SEGMENTS)
def walked(ref: str) -> Response:
    """Which metres were walked in a period, and which nobody walked."""
    said = request.args.get("days", "")
    days = int(said) if said in map(str, PERIODS) else PERIODS[0]
    period = {"from": _begin(days - 1).isoformat(), "to": end_of(today(), house().settings.zone).isoformat()}
    found = desk.ask(f"{path_of(ref)}/walked", period).body
    return _part("segment_walked.html", ref=ref, days=days, periods=PERIODS, found=found)


@blueprint.get("/<path:ref>/beside")
@desk.sits(Action.SEE_SEGMENTS)
def beside(ref: str) -> Response:
    """The newest walks on it, and the hazards that are open."""
    return _part("segment_beside.html", ref=ref, walks=_walks(ref), hazards=open_hazards(ref))


@blueprint.get("/<path:ref>/held")
@desk.sits(Action.SEE_SEGMENTS)
def held(ref: str) -> Response:
    """Who answers for it, who did and who will, and what it was cut from or into."""
    rows = [each | {"when": standing(each, today())} for each in desk.ask(f"{path_of(ref)}/assignments").body]
    came = desk.ask(f"{path_of(ref)}/origin").body
    return _part("segment_held.html", ref=ref, rows=rows, came=came)


@blueprint.get("/<path:ref>/panel")
@desk.sits(Action.SEE_SEGMENTS)
def panel(ref: str) -> Response:
    """What one should know of it, beside the list."""
    facts = desk.ask(path_of(ref)).body["properties"]
    acts = _acts(facts)
    return _part("segment_panel.html", ref=ref, facts=facts, acts=acts, walks=_walks(ref), hazards=open_hazards(ref))


@blueprint.get("/<path:ref>")
@desk.sits(Action.SEE_SEGMENTS)
def one(ref: str) -> Response:
    """One reach, by code or id."""
    facts = desk.ask(path_of(ref)).body["properties"]
    return desk.page("segment.html", facts=facts, reasons=reasons(facts["risk"]), acts=_acts(facts))


def path_of(ref: str) -> str:
    """Where the API has a reach."""
    return f"/segments/{quote(ref, safe='')}"


def page_of(ref: str) -> str:
    """Where its page is."""
    return f"{SEGMENTS}/{quote(ref, safe='')}"


def open_hazards(ref: str) -> list[Any] | None:
    """The newest hazards that stand open on it; None for whoever sees none."""
    if not may_try(desk.actor(), Action.SEE_HAZARDS):
        return None
    asked = {"segment": ref, "status": [state.value for state in OPEN], "limit": _MOST_HAZARDS}
    items: list[Any] = desk.ask("/hazards", asked).body["items"]
    return items


def _acts(facts: dict[str, Any]) -> dict[str, bool]:
    """What the reader may do here: nobody is offered what would be refused."""
    actor, region = desk.actor(), facts["region"]
    post = next((post for post, level in CHIEFS.items() if level.word == facts["level"]), None)
    is_vacant = not any(each["duty"] == Duty.CHIEF for each in facts["chiefs"])
    gives = post is not None and may(actor, Action.CHANGE_PEOPLE, region) and may_give(actor, post, region)
    return {"change": may(actor, Action.CHANGE_SEGMENTS, region), "appoint": is_vacant and gives}


def _asked() -> dict[str, str]:
    """The question of the address in the words of the API: days without a walk as a moment."""
    asked, idle = desk.filters("region", "river", "level", "risk", "q", "orphan"), request.args.get("idle", "")
    return asked | ({"unwalked_since": _begin(int(idle)).isoformat()} if idle in IDLE else {})


def _filter_said(name: str, value: str) -> str:
    if name in ("level", "risk"):
        return exports.word(f"level.{value}" if name == "level" else f"map.risk.{value}")
    if name == "idle":
        return exports.word("segment.idle.days", days=value)
    if name == "region":
        return places.around(value, Action.SEE_SEGMENTS).name
    return exports.word("export.yes") if value == "true" else value


def _rows(feature: Item) -> list[list[Value]]:
    """A reach as a row of a file."""
    facts = feature["properties"]
    chiefs = [chief["name"] for chief in facts["chiefs"] if chief["duty"] == "chief"]
    return [
        [
            *(facts["name"], facts["code"], facts["river_name"], facts["region_name"]),
            *(exports.word(f"level.{facts['level']}"), "、".join(chiefs) or exports.word("segment.orphan")),
            exports.moment(facts["last_patrol_at"]),
            exports.word(f"map.risk.{facts['risk']['level']}") if facts["risk"] else "",
            round(facts["length_m"]),
        ]
    ]


def _walks(ref: str) -> list[Any] | None:
    """None for whoever sees none."""
    if not may_try(desk.actor(), Action.SEE_PATROLS):
        return None
    items: list[Any] = desk.ask("/patrols", {"segment": ref, "limit": 8}).body["items"]
    return items


def _part(template: str, **values: Any) -> Response:
    """A part of the page of a reach, or a page of its own for whoever has no scripts."""
    return desk.page(template, is_part="HX-Request" in request.headers, **values)


def _begin(days: int) -> Any:
    """The first moment of the day so many days ago."""
    return start_of(today() - timedelta(days=days), house().settings.zone)
