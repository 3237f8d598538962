"""Hazards as a list at a desk: filters in the address, what is due first, filters kept, and many given out at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.clock import end_of, start_of
from backend.context import house
from backend.domain.access import may_try
from backend.domain.actions import Action
from backend.domain.hazards import OPEN, SEVERE, Kind, Severity, State
from backend.domain.regions import LENGTHS
from backend.domain.terms import Level
from backend.errors import Problem
from backend.web import bulk, desk, exports, places
from backend.web.exports import Export, Item, Value
from backend.web.forms import date_of, flaws_of, id_of

blueprint = desk.furnished(Blueprint("console_hazards", __name__, url_prefix="/console"))
LIST = "/console/hazards"
COUNTED = ("class", "reported_from", "reported_to", "act", "act_from", "act_to")
"""By these statistics lead to what they counted; days, both included."""
_WHERE = ("region", "alone", "segment")
FILTERS = ("status", "kind", "severity", *_WHERE, "overdue", "waiting", "interim", "source", "q", *COUNTED)
EVERY = "all"
"""Of `status`: what is over, too; without a word the list shows what stands open."""
_SEVERE = "severe"
"""Of `severity`: major and critical, which are counted together elsewhere."""
_WORDS = {"true": "export.yes", EVERY: "hazards.all", _SEVERE: "today.severe"}
_HEADINGS = (
    *("hazards.id", "hazards.place", "hazards.region", "hazards.kind", "hazard.severity", "hazards.status"),
    *("hazards.unit", "hazards.form.person", "hazards.reporter", "hazards.reported", "hazard.deadline"),
    *("hazards.is_late", "hazards.longitude", "hazards.latitude", "hazards.description"),
)


@blueprint.get("/hazards")
@desk.sits(Action.SEE_HAZARDS)
def listed() -> Response:
    """The list that the address asks for."""
    return _list()


@blueprint.get("/hazards/export.<form>")
@desk.sits(Action.SEE_HAZARDS)
def export(form: str) -> Response:
    """The whole list as a file, a row a hazard."""
    filters = desk.filters(*FILTERS).items()
    said = [(exports.word(f"hazards.by.{name}"), _filter_said(name, value)) for name, value in filters]
    return exports.file_of(Export("hazards", "/hazards", "console.nav.hazards", _HEADINGS, _rows, _asked(), said), form)


@blueprint.post("/hazards/assign")
@desk.sits(Action.HANDLE_HAZARD)
def assign() -> Response:
    """Give the chosen ones to a unit, each by an act of its own; of each is told what came of it."""
    order = bulk.order_of(request.form)
    if flaws := bulk.lacking(order):
        return _list(order=order, flaws=flaws, status=422)
    told = bulk.give(order)
    # What was refused stays chosen, and what was typed stays typed.
    return _list(order=order.without([each.id for each in told if each.is_done]), told=told)


@blueprint.post("/hazards/filters")
@desk.sits(Action.SEE_HAZARDS)
def keep() -> AnyResponse:
    """Keep what the address asks for under a name."""
    name = request.form.get("name", "").strip()
    body = {"list": "hazards", "name": name, "query": urlencode(desk.filters(*FILTERS))}
    try:
        desk.tell("PUT", f"/me/filters/{id_of(request.form.get('id', ''))}", body)
    except Problem as problem:
        return _list(name=name, flaws=flaws_of(problem), status=422)
    return desk.kept(f"{LIST}?{body['query']}" if body["query"] else LIST, "console.did.filter_kept")


@blueprint.post("/hazards/filters/<uuid:filter_id>/forget")
@desk.sits(Action.SEE_HAZARDS)
def forget(filter_id: UUID) -> AnyResponse:
    """Forget a filter of one's own."""
    desk.tell("DELETE", f"/me/filters/{filter_id}")
    return desk.kept(LIST, "console.did.filter_forgotten")


def _list(
    *,
    order: bulk.Order | None = None,
    told: list[bulk.Told] | None = None,
    name: str = "",
    flaws: list[dict[str, str]] | None = None,
    status: int = 200,
) -> Response:
    """The list with its filters, and what came of a form that was sent from it."""
    found = desk.ask("/hazards", _asked() | desk.query()).body
    items = found["items"]
    home, regions = _regions()
    may_give = may_try(desk.actor(), Action.HANDLE_HAZARD) and bool(items)
    asked, cursor = desk.filters(*FILTERS), request.args.get("cursor")
    return desk.page(
        "hazards.html",
        status=status,
        items=items,
        next=desk.next_of(found, LIST),
        kinds=list(Kind),
        severities=list(Severity),
        states=list(State),
        regions=regions,
        asked=asked,
        query=urlencode(asked),
        whole_query=urlencode(asked | ({"cursor": cursor} if cursor else {})),
        saved=desk.ask("/me/filters", {"list": "hazards"}).body["items"],
        units=desk.ask("/units", {"region": _common(items) or home}).body["items"] if may_give else [],
        may_give=may_give,
        order=order or bulk.NOTHING,
        told=_named(told or [], items),
        flaws=flaws,
        name=name,
        new_id=str(uuid4()),
        filter_id=id_of(request.form.get("id", "")) if name else str(uuid4()),
    )


def _asked() -> dict[str, Any]:
    """The question of the address in the words of the API."""
    said: dict[str, Any] = desk.filters("kind", *_WHERE, "interim", "source", "q")
    status, severity = request.args.get("status", ""), request.args.get("severity", "")
    said["status"] = {"": [state.value for state in OPEN], EVERY: []}.get(status, [status])
    said["severity"] = {"": [], _SEVERE: [each.value for each in SEVERE]}.get(severity, [severity])
    said |= {name: "true" for name in ("overdue", "waiting") if request.args.get(name)}
    return said | _counted() | {"order": "due"}


def _counted() -> dict[str, str]:
    """What statistics ask for, with days as moments."""
    zone, said = house().settings.zone, desk.filters("class", "act")
    for name in ("reported", "act"):
        for edge, moment in (("from", start_of), ("to", end_of)):
            if (day := date_of(request.args.get(f"{name}_{edge}", ""))) is not None:
                said[f"{name}_{edge}"] = moment(day, zone).isoformat()
    return said


def _regions() -> tuple[str, list[tuple[str, str]]]:
    """The region that is looked at, and those to choose from: it (of a village its town), and what lies below it."""
    seats = sorted((seat.region for seat in desk.actor().seats), key=len)
    own = seats[0] if seats else ""
    home = (request.args.get("region") or own)[: LENGTHS[Level.TOWN]]
    if not home:
        return home, []
    here = desk.ask(f"/regions/{home}").body
    return home, [(each["code"], each["name"]) for each in (here, *places.below(home))]


def _common(items: list[dict[str, Any]]) -> str:
    """The smallest region around all of these, at least a county: whose units can mend any of them."""
    codes = [each["region"] for each in items]
    lengths = [length for level, length in LENGTHS.items() if level is not Level.PROVINCE]
    shared = [codes[0][:length] for length in sorted(lengths, reverse=True)] if codes else []
    return next((code for code in shared if all(each.startswith(code) for each in codes)), "")


def _named(told: list[bulk.Told], items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What came of each, with its name where the list still has it."""
    names = {each["id"]: f"{each['segment']['name']} · {each['kind_name']}" for each in items}
    return [
        {"id": each.id, "name": each.name or names.get(each.id) or each.id, "done": each.is_done, "why": each.why}
        for each in told
    ]


def _filter_said(name: str, value: str) -> str:
    """What a filter asks for, in words."""
    if name == "region":
        return places.around(value, Action.SEE_HAZARDS).name
    if value in _WORDS:
        return exports.word(_WORDS[value])
    key = {"status": "hazard.state", "kind": "hazard.kind", "severity": "hazard.severity"}.get(name)
    key = {"class": "stats.group", "act": "hazard.act", "source": "hazards.source"}.get(name, key)
    return exports.word(f"{key}.{value}") if key else value


def _rows(item: Item) -> list[list[Value]]:
    """A hazard as a row of a file."""
    lon, lat = item["location"] or (None, None)
    unit, person = item["unit"], item["assignee"]
    return [
        [
            *(item["id"], item["segment"]["name"], item["region_name"], item["kind_name"]),
            *(exports.word(f"hazard.severity.{item['severity']}"), exports.word(f"hazard.state.{item['state']}")),
            *(unit["name"] if unit else "", person["name"] if person else "", item["reporter"]["name"]),
            *(exports.moment(item["reported_at"]), exports.moment(item["deadlines"]["due_at"])),
            *(exports.word("hazards.overdue") if item["deadlines"]["is_late"] else "", lon, lat, item["description"]),
        ]
    ]
