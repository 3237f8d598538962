"""Spot checks (抽查督导) at a desk: draws, and what was drawn with what was seen there."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.actions import Action
from backend.domain.inspections import By, Of
from backend.errors import Problem
from backend.web import desk, exports, places
from backend.web.exports import Export, Item, Value
from backend.web.forms import Flaws, field, flaws_of, id_of, status_of, whole

INSPECTIONS = "/console/inspections"
blueprint = desk.furnished(Blueprint("console_inspections", __name__, url_prefix=INSPECTIONS))
_DRAW = ("region", "each", "from", "to", "seed")
_STRATA = tuple((of, by) for of in Of for by in By)
_FIELDS = {"of": "strata", "by": "strata"}
_MOST_ROWS = "100"
_KNOWN_BY = {
    Of.SEGMENTS: ("duty.chief",),
    Of.PATROLS: ("inspect.walker", "people.post", "inspect.walked_at", "patrol.verdict"),
    Of.HAZARDS: ("inspect.hazard", "inspect.finding.severity", "inspect.closed_at", "inspect.finding.description"),
}
_WHERE = ("inspect.reach", "search.code", "people.region")
_SEEN = ("inspect.at", "inspect.inspector", "inspect.saw", "inspect.lon", "inspect.lat", "inspect.findings")


@blueprint.get("")
@desk.sits(Action.SEE_INSPECTIONS)
def draws() -> Response:
    """Draws, the newest first, and the form of another one."""
    return _draws()


@blueprint.post("")
@desk.sits(Action.INSPECT)
def draw() -> AnyResponse:
    """Draw, or go down to the regions below the chosen one first."""
    said = {name: field(name, 100) for name in (*_DRAW, "strata", "id")}
    if field("step") == "below":
        return _draws(said=said)
    body: dict[str, Any] = {name: said[name] for name in _DRAW if said[name]}
    of, _, by = said["strata"].partition("/")
    body |= {"each": whole(said["each"]), "of": of, "by": by}
    draw_id = id_of(said["id"])
    try:
        desk.tell("PUT", f"/spot-draws/{draw_id}", body)
    except Problem as problem:
        flaws = [each | {"field": _FIELDS.get(each["field"], each["field"])} for each in flaws_of(problem)]
        return _draws(said=said, flaws=flaws, status=status_of(problem))
    return desk.kept(f"{INSPECTIONS}/{draw_id}", "console.did.draw")


@blueprint.get("/<uuid:draw_id>")
@desk.sits(Action.SEE_INSPECTIONS)
def one(draw_id: UUID) -> Response:
    """One draw, with what was seen at each place."""
    return _one(draw_id)


@blueprint.get("/<uuid:draw_id>/export.<form>")
@desk.sits(Action.SEE_INSPECTIONS)
def export(draw_id: UUID, form: str) -> Response:
    """What was drawn, as a file."""
    of = Of(desk.ask(f"/spot-draws/{draw_id}").body["of"])
    path, headings = f"/spot-draws/{draw_id}/targets", ("inspect.stratum", *_KNOWN_BY[of], *_WHERE, *_SEEN)
    rows = partial(_target_rows, of)
    return exports.file_of(Export("spot_targets", path, "inspect.target", headings, rows, {}), form)


@blueprint.get("/<uuid:draw_id>/again")
@desk.sits(Action.INSPECT)
def again(draw_id: UUID) -> Response:
    """Draw again and compare."""
    found = desk.ask(f"/spot-draws/{draw_id}/again").body
    said = "same" if found["same_drawn"] and found["same_frame"] else "other" if found["same_frame"] else "frame"
    return _one(draw_id, again=said)


@blueprint.post("/<uuid:draw_id>/finish")
@desk.sits(Action.INSPECT)
def finish(draw_id: UUID) -> AnyResponse:
    """Show it to those who were inspected."""
    desk.tell("POST", f"/spot-draws/{draw_id}/finish")
    return desk.kept(f"{INSPECTIONS}/{draw_id}", "console.did.draw_over")


def _draws(*, said: dict[str, str] | None = None, flaws: Flaws | None = None, status: int = 200) -> Response:
    found = desk.ask("/spot-draws", desk.query()).body
    blank = dict.fromkeys((*_DRAW, "strata"), "") | {"each": "2", "id": str(uuid4())}
    said = said or blank | {"region": request.args.get("region", "")[:12]}
    where = places.around(said["region"], Action.INSPECT)
    strata = [(f"{of}/{by}", f"{exports.word(f'inspect.of.{of}')} · {_strata(of, by)}") for of, by in _STRATA]
    page = {"items": found["items"], "next": desk.next_of(found, INSPECTIONS), "strata_of": _strata}
    values = {"said": said, "where": where.options, "strata": strata, "flaws": flaws or []}
    return desk.page("inspections.html", status=status, **page, **values)


def _strata(of: str, by: str) -> str:
    """What makes a stratum of such a draw, in words: reaches have a level, walks a post and a verdict."""
    return exports.word(f"inspect.by.{of}.{by}")


def _one(draw_id: UUID, *, again: str = "") -> Response:
    found = desk.ask(f"/spot-draws/{draw_id}").body
    listed = desk.ask(f"/spot-draws/{draw_id}/targets", {"limit": _MOST_ROWS} | desk.query()).body
    page = {"found": found, "items": listed["items"], "next": desk.next_of(listed, f"{INSPECTIONS}/{draw_id}")}
    strata = _strata(found["of"], found["by"])
    return desk.page("inspection_draw.html", again=again, strata=strata, **page)


def _target_rows(of: Of, item: Item) -> list[list[Value]]:
    seen, reach = item["inspection"] or {}, item["segment"]
    where = (reach["name"], reach["code"], item["region_name"])
    at, found = seen.get("location") or {}, seen.get("findings", [])
    kinds = exports.word("warnings.comma").join(exports.word(f"hazard.kind.{each['kind']}") for each in found)
    saw = (exports.moment(seen.get("at")), seen.get("by"), seen.get("note"), at.get("lon"), at.get("lat"), kinds)
    return [[item["stratum_name"], *_known_by(of, item["thing"]), *where, *saw]]


def _known_by(of: Of, thing: dict[str, Any]) -> list[Value]:
    """By what one knows what was drawn, as cells."""
    if of is Of.SEGMENTS:
        return [exports.word("warnings.comma").join(each["name"] for each in thing["chiefs"])]
    if of is Of.PATROLS:
        key = "patrol.withdrawn" if thing["withdrawn"] else f"patrol.outcome.{thing['outcome']}"
        who = (thing["person"]["name"], exports.word(f"post.{thing['post']}"))
        return [*who, exports.moment(thing["walked_at"]), exports.word(key)]
    severity = exports.word(f"hazard.severity.{thing['severity']}")
    return [thing["kind_name"], severity, exports.moment(thing["closed_at"]), thing["description"]]
