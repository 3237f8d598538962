"""The water: season and window of a region, signals and responses in force, who is on duty, and the stations."""

from __future__ import annotations

from flask import Blueprint, Response, request

from backend.domain.actions import Action
from backend.errors import BadInput
from backend.web import desk, exports, flood_files, places
from backend.web.exports import Export, Item

blueprint = desk.furnished(Blueprint("console_flood", __name__, url_prefix="/console/flood"))
FLOOD = "/console/flood"
QUANTITIES = ("water_level_m", "flow_m3s", "rain_mm_1h")
_SAME = ("flood.station", "flood.code", "flood.kind", "people.region", "flood.warning", "flood.guaranteed")
_HEADINGS = (*_SAME, *(f"flood.{each}" for each in QUANTITIES), "flood.at")


@blueprint.get("")
@desk.sits(Action.SEE_FLOOD)
def flood() -> Response:
    """What holds in one's region now."""
    where = {"region": region()}
    return desk.page(
        "flood.html",
        season=desk.ask("/flood/season", where).body,
        signals=desk.ask("/flood/signals", where | {"active": "true"}).body["items"],
        responses=desk.ask("/flood/responses", where | {"active": "true"}).body["items"],
        own=region(),
    )


@blueprint.get("/stations")
@desk.sits(Action.SEE_FLOOD)
def stations() -> Response:
    """Stations by code, each with its latest values."""
    asked = {"region": region(), "pressing_first": "true"} | desk.query("region")
    listed = desk.ask("/flood/stations", asked).body
    where = places.around(asked["region"], Action.SEE_FLOOD)
    rivers = {each["code"]: each["name"] for each in desk.ask("/rivers", {"limit": 500}).body["items"]}
    shown = {"items": listed["items"], "next": desk.next_of(listed), "where": where, "rivers": rivers}
    return desk.page("flood_stations.html", **shown)


@blueprint.get("/stations/export.<form>")
@desk.sits(Action.SEE_FLOOD)
def export(form: str) -> Response:
    """Every station of the region as a file."""
    asked = {"region": region(), "pressing_first": "true"}
    said = [(exports.word("people.region"), places.around(asked["region"], Action.SEE_FLOOD).name)]
    return exports.file_of(Export("stations", "/flood/stations", "flood.stations", _HEADINGS, _rows, asked, said), form)


@blueprint.get("/responses/export.<form>")
@desk.sits(Action.SEE_FLOOD)
def responses_export(form: str) -> Response:
    """Every response over the region that was ever declared or ended, newest first, as a file."""
    return exports.file_of(flood_files.responses(region()), form)


@blueprint.get("/signals/export.<form>")
@desk.sits(Action.SEE_FLOOD)
def signals_export(form: str) -> Response:
    """Every signal that touched the region, newest first, as a file."""
    return exports.file_of(flood_files.signals(region()), form)


def region() -> str:
    """The region that is looked at: the one of the address, else that of one's first post."""
    if not desk.actor().seats:
        raise BadInput.at("/region", "Missing data for required field.")
    return request.args.get("region") or desk.actor().seats[0].region


def _rows(item: Item) -> list[list[exports.Value]]:
    latest = item["latest"]
    at = exports.moment(max((each["at"] for each in latest.values()), default=None))
    marks = [item["warning_m"], item["guaranteed_m"]]
    values = [latest[each]["value"] if each in latest else None for each in QUANTITIES]
    kind = exports.word(f"flood.kind.{item['kind']}")
    return [[item["name"], item["code"], kind, item["region_name"], *marks, *values, at]]
