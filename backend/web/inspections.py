"""Spot checks (抽查督导) at a desk: draws, what was drawn and seen, and what inspectors found before the chiefs."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from backend.context import house, now
from backend.domain.actions import Action
from backend.domain.hazards import Kind, Severity
from backend.domain.inspections import By, Of
from backend.errors import Problem
from backend.web import desk, exports
from backend.web.exports import Export, Item, Value
from backend.web.forms import Flaws, field, flaws_of, id_of, moment_of, status_of, typed_moment, whole

INSPECTIONS = "/console/inspections"
blueprint = desk.furnished(Blueprint("console_inspections", __name__, url_prefix=INSPECTIONS))
_DRAW = ("region", "of", "by", "each", "from", "to", "seed")
_RECORD = ("place", "segment", "at", "note", "kind", "severity", "description", "lon", "lat")
_FINDINGS = ("region", "from", "to", "unseen")
_HEADINGS = (
    *("inspect.hazard", "inspect.finding.severity", "inspect.reach", "people.region", "inspect.at"),
    *("inspect.finding.description", "inspect.before"),
)
_KNOWN_BY = {
    Of.SEGMENTS: ("duty.chief",),
    Of.PATROLS: ("inspect.walker", "people.post", "inspect.walked_at", "patrol.verdict"),
    Of.HAZARDS: ("inspect.hazard", "inspect.finding.severity", "inspect.closed_at", "inspect.finding.description"),
}
_WHERE = ("inspect.reach", "search.code", "people.region")
_SEEN = ("inspect.at", "inspect.inspector", "inspect.saw")


@blueprint.get("")
@desk.sits(Action.SEE_INSPECTIONS)
def draws() -> Response:
    """Draws, the newest first, and the form of another one."""
    return _draws()


@blueprint.post("")
@desk.sits(Action.INSPECT)
def draw() -> AnyResponse:
    """Draw."""
    said = {name: field(name, 100) for name in (*_DRAW, "id")}
    body: dict[str, Any] = {name: said[name] for name in _DRAW if said[name]}
    body["each"] = whole(said["each"])
    draw_id = id_of(said["id"])
    try:
        desk.tell("PUT", f"/spot-draws/{draw_id}", body)
    except Problem as problem:
        return _draws(said=said, flaws=flaws_of(problem), status=status_of(problem))
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


@blueprint.post("/<uuid:draw_id>/record")
@desk.sits(Action.INSPECT)
def record(draw_id: UUID) -> AnyResponse:
    """Write down what was seen at a place of a draw."""
    said = {name: field(name, 5_000) for name in (*_RECORD, "id", "finding")}
    try:
        place = {"draw": str(draw_id), "place": whole(said["place"])}
        desk.tell("PUT", f"/inspections/{id_of(said['id'])}", _body(said) | place)
    except Problem as problem:
        return _one(draw_id, said=said, flaws=flaws_of(problem), status=status_of(problem))
    return desk.kept(f"{INSPECTIONS}/{draw_id}", "console.did.inspection")


@blueprint.get("/findings")
@desk.sits(Action.SEE_INSPECTIONS)
def findings() -> Response:
    """What inspectors found, and what of it no chief had reported."""
    return _findings()


@blueprint.post("/findings")
@desk.sits(Action.INSPECT)
def unannounced() -> AnyResponse:
    """Write down what was seen somewhere, without a draw."""
    said = {name: field(name, 5_000) for name in (*_RECORD, "id", "finding")}
    try:
        desk.tell("PUT", f"/inspections/{id_of(said['id'])}", _body(said) | {"segment": said["segment"]})
    except Problem as problem:
        return _findings(said=said, flaws=flaws_of(problem), status=status_of(problem))
    return desk.kept(f"{INSPECTIONS}/findings", "console.did.inspection")


@blueprint.get("/findings/export.<form>")
@desk.sits(Action.SEE_INSPECTIONS)
def findings_export(form: str) -> Response:
    """The same as a file."""
    taken = Export(
        *("inspection_findings", "/inspections/findings", "inspect.findings", _HEADINGS, _rows),
        asked=desk.filters(*_FINDINGS),
        is_whole=True,
    )
    return exports.file_of(taken, form)


def _body(said: dict[str, str]) -> dict[str, Any]:
    """What the API takes of it: one finding at most, typed beside what was seen."""
    body: dict[str, Any] = {"at": moment_of(said["at"]), "note": said["note"]}
    if said["kind"]:
        finding: dict[str, Any] = {"id": str(id_of(said["finding"]))}
        finding |= {name: said[name] for name in ("kind", "severity", "description")}
        finding |= {"segment": said["segment"]} if said["segment"] else {}
        if said["lon"] or said["lat"]:
            finding["location"] = {"lon": _number(said["lon"]), "lat": _number(said["lat"])}
        body["findings"] = [finding]
    return body


def _number(said: str) -> float | str:
    try:
        return float(said)
    except ValueError:
        return said


def _form() -> dict[str, Any]:
    """What every form of a record needs."""
    return {
        "kinds": [(kind.value, exports.word(f"hazard.kind.{kind}")) for kind in Kind],
        "severities": [(each.value, exports.word(f"hazard.severity.{each}")) for each in Severity],
        "ids": (str(uuid4()), str(uuid4())),
        "at": typed_moment(now().astimezone(house().settings.zone).isoformat()),
    }


def _draws(*, said: dict[str, str] | None = None, flaws: Flaws | None = None, status: int = 200) -> Response:
    found = desk.ask("/spot-draws", desk.query()).body
    seats = desk.actor().seats
    blank = dict.fromkeys(_DRAW, "") | {"region": seats[0].region if seats else "", "each": "2", "id": str(uuid4())}
    values = {
        "of": [(each.value, exports.word(f"inspect.of.{each}")) for each in Of],
        "by": [(each.value, exports.word(f"inspect.by.{each}")) for each in By],
    }
    page = {"items": found["items"], "next": desk.next_of(found, INSPECTIONS), "said": said or blank}
    return desk.page("inspections.html", status=status, flaws=flaws or [], **page, **values)


def _one(draw_id: UUID, *, status: int = 200, **shown: Any) -> Response:
    found = desk.ask(f"/spot-draws/{draw_id}").body
    listed = desk.ask(f"/spot-draws/{draw_id}/targets", {"limit": "200"} | desk.query()).body
    values: dict[str, Any] = {"flaws": [], "said": dict.fromkeys(_RECORD, ""), "again": ""} | shown
    page = {"found": found, "items": listed["items"], "next": desk.next_of(listed, f"{INSPECTIONS}/{draw_id}")}
    return desk.page("inspection_draw.html", status=status, **page, **values, **_form())


def _findings(*, said: dict[str, str] | None = None, flaws: Flaws | None = None, status: int = 200) -> Response:
    found = desk.ask("/inspections/findings", desk.filters(*_FINDINGS)).body
    values = {"found": found, "said": said or dict.fromkeys(_RECORD, ""), "flaws": flaws or []}
    return desk.page("inspection_findings.html", status=status, **values, **_form())


def _rows(item: Item) -> list[list[Value]]:
    before = item["chief_report"]
    return [
        [
            *(exports.word(f"hazard.kind.{item['kind']}"), exports.word(f"hazard.severity.{item['severity']}")),
            *(item["segment"], item["region_name"], exports.moment(item["at"]), item["description"]),
            f"{before['by']}" if before else exports.word("inspect.before.none"),
        ]
    ]


def _target_rows(of: Of, item: Item) -> list[list[Value]]:
    seen, reach = item["inspection"] or {}, item["segment"]
    where = (reach["name"], reach["code"], item["region_name"])
    saw = (exports.moment(seen.get("at")), seen.get("by"), seen.get("note"))
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
