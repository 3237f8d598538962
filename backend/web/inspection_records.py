"""What inspectors saw (检查记录) at a desk: written up with photos, and what they found before the chiefs."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import now
from backend.domain.actions import Action
from backend.domain.hazards import Kind, Severity
from backend.errors import NotFound, Problem
from backend.web import desk, exports, hazard_acts
from backend.web.exports import Export, Item, Value
from backend.web.forms import Flaws, field, flaws_of, id_of, moment_of, place_of, status_of, typed_moment, whole
from backend.web.inspections import INSPECTIONS

blueprint = desk.furnished(Blueprint("console_inspection_records", __name__, url_prefix=INSPECTIONS))
_RECORD = ("id", "finding", "segment", "at", "note", "kind", "severity", "description", "lon", "lat")
_FINDING = ("kind", "severity", "description")
_FINDINGS = ("region", "from", "to", "unseen")
_HEADINGS = (
    *("inspect.hazard", "inspect.finding.severity", "inspect.reach", "people.region", "inspect.at"),
    *("inspect.finding.description", "inspect.before"),
)


@blueprint.get("/<uuid:draw_id>/record")
@desk.sits(Action.INSPECT)
def blank(draw_id: UUID) -> AnyResponse:
    """The form of what was seen at a `place` of a draw; where somebody has been already, the draw."""
    target = _target(draw_id, request.args.get("place", ""))
    return redirect(f"{INSPECTIONS}/{draw_id}") if target["inspection"] else _form(draw_id, target, _blank())


@blueprint.post("/<uuid:draw_id>/record")
@desk.sits(Action.INSPECT)
def record(draw_id: UUID) -> AnyResponse:
    """Write down what was seen at a place of a draw."""
    said, photos = _said(), hazard_acts.kept_photos()
    target = _target(draw_id, field("place", 10))
    try:
        body = _body(said | {"segment": target["segment"]["code"]}, photos)
        place = {"draw": str(draw_id), "place": target["place"]}
        desk.tell("PUT", f"/inspections/{id_of(said['id'])}", body | place)
    except Problem as problem:
        return _form(draw_id, target, said, photos, _flaws_of(problem), status_of(problem))
    return desk.kept(f"{INSPECTIONS}/{draw_id}", "console.did.inspection")


@blueprint.get("/findings")
@desk.sits(Action.SEE_INSPECTIONS)
def findings() -> Response:
    """What inspectors found, and what of it no chief had reported."""
    return _findings(_blank())


@blueprint.post("/findings")
@desk.sits(Action.INSPECT)
def unannounced() -> AnyResponse:
    """Write down what was seen somewhere, without a draw."""
    said, photos = _said(), hazard_acts.kept_photos()
    try:
        desk.tell("PUT", f"/inspections/{id_of(said['id'])}", _body(said, photos) | {"segment": said["segment"]})
    except Problem as problem:
        return _findings(said, photos, _flaws_of(problem), status_of(problem))
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


def _target(draw_id: UUID, place: str) -> dict[str, Any]:
    """What was drawn at a place; NotFound for a place that there is not."""
    if not isinstance(whole(place), int):
        raise NotFound()
    found: list[dict[str, Any]] = desk.ask(f"/spot-draws/{draw_id}/targets", {"place": place}).body["items"]
    if not found:
        raise NotFound()
    return found[0]


def _blank() -> dict[str, str]:
    """A form that nobody has typed in: now, and nothing found."""
    made = {"id": str(uuid4()), "finding": str(uuid4()), "severity": Severity.ORDINARY.value}
    return dict.fromkeys(_RECORD, "") | made | {"at": typed_moment(now().isoformat())}


def _said() -> dict[str, str]:
    """What the form says; it keeps its ids, so that sending it twice keeps one record."""
    said = {name: field(name, 5_000) for name in _RECORD}
    return said | {name: str(id_of(said[name])) for name in ("id", "finding")}


def _body(said: dict[str, str], photos: list[str]) -> dict[str, Any]:
    """What the API takes of it: one finding at most, with the place and the photos of the record."""
    hazard_acts.upload("photos", "photos", photos)
    shared: dict[str, Any] = {"photos": [{"sha256": digest} for digest in photos]} if photos else {}
    shared |= place_of(said)
    body: dict[str, Any] = {"at": moment_of(said["at"]), "note": said["note"]} | shared
    if said["kind"]:
        finding = {"id": said["finding"]} | {name: said[name] for name in _FINDING} | shared
        body["findings"] = [finding | ({"segment": said["segment"]} if said["segment"] else {})]
    return body


def _flaws_of(problem: Problem) -> Flaws:
    """What the API says of the form, of its finding beside the fields of that; what both share, once."""
    found = flaws_of(problem)
    for flaw, each in zip(found, problem.flaws, strict=False):
        parts = each.pointer.strip("/").split("/")
        if parts[0] == "findings" and parts[2:]:
            flaw["field"] = "findings" if parts[2] == "id" else parts[2]
    return [flaw for at, flaw in enumerate(found) if flaw not in found[:at]]


def _choices() -> dict[str, Any]:
    """What every form of a record offers."""
    return {
        "kinds": [(kind.value, exports.word(f"hazard.kind.{kind}")) for kind in Kind],
        "severities": [(each.value, exports.word(f"hazard.severity.{each}")) for each in Severity],
    }


def _form(
    draw_id: UUID,
    target: dict[str, Any],
    said: dict[str, str],
    photos: list[str] | None = None,
    flaws: Flaws | None = None,
    status: int = 200,
) -> Response:
    draw = desk.ask(f"/spot-draws/{draw_id}").body
    values = {"said": said, "photos": photos or [], "flaws": flaws or [], "found": draw, "target": target}
    return desk.page("inspection_record.html", status=status, **values, **_choices())


def _findings(
    said: dict[str, str], photos: list[str] | None = None, flaws: Flaws | None = None, status: int = 200
) -> Response:
    found = desk.ask("/inspections/findings", desk.filters(*_FINDINGS)).body
    values = {"found": found, "said": said, "photos": photos or [], "flaws": flaws or []}
    return desk.page("inspection_findings.html", status=status, **values, **_choices())


def _rows(item: Item) -> list[list[Value]]:
    before = item["chief_report"]
    return [
        [
            *(exports.word(f"hazard.kind.{item['kind']}"), exports.word(f"hazard.severity.{item['severity']}")),
            *(item["segment"], item["region_name"], exports.moment(item["at"]), item["description"]),
            f"{before['by']}" if before else exports.word("inspect.before.none"),
        ]
    ]
