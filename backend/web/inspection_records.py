"""What inspectors saw (检查记录) at a desk: written up with photos, and what they found before the chiefs.

A form has a block of fields for each finding, numbered from 0; a block without a class says nothing.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import now
from backend.domain.actions import Action
from backend.domain.hazards import Kind, Severity
from backend.domain.inspections import MOST_FINDINGS
from backend.errors import BadInput, Flaw, NotFound, Problem
from backend.web import desk, exports, hazard_acts
from backend.web.exports import Export, Item, Value
from backend.web.forms import Flaws, field, flaws_of, id_of, moment_of, place_of, status_of, typed_moment, whole
from backend.web.inspections import INSPECTIONS
from backend.words import Text

blueprint = desk.furnished(Blueprint("console_inspection_records", __name__, url_prefix=INSPECTIONS))
_RECORD = ("id", "segment", "at", "note", "lon", "lat")
_FINDING = ("id", "kind", "severity", "description")
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
        hazard_acts.upload("photos", "photos", photos)
        if field("step") == "more":
            return _form(draw_id, target, _with_another(said), photos)
        body = _body(said | {"segment": target["segment"]["code"]}, photos)
        place = {"draw": str(draw_id), "place": target["place"]}
        desk.tell("PUT", f"/inspections/{said['id']}", body | place)
    except Problem as problem:
        return _form(draw_id, target, said, photos, _flaws_of(problem, said), status_of(problem))
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
        hazard_acts.upload("photos", "photos", photos)
        if field("step") == "more":
            return _findings(_with_another(said), photos)
        desk.tell("PUT", f"/inspections/{said['id']}", _body(said, photos) | {"segment": said["segment"]})
    except Problem as problem:
        return _findings(said, photos, _flaws_of(problem, said), status_of(problem))
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


def _blank() -> dict[str, Any]:
    """A form that nobody has typed in: now, and nothing found."""
    at = typed_moment(now().isoformat())
    return _with_another(dict.fromkeys(_RECORD, "") | {"id": str(uuid4()), "at": at, "findings": []})


def _with_another(said: dict[str, Any]) -> dict[str, Any]:
    """The form with one block more for a finding."""
    block = {"id": str(uuid4()), "kind": "", "severity": Severity.ORDINARY.value, "description": ""}
    return said | {"findings": [*said["findings"], block][:MOST_FINDINGS]}


def _said() -> dict[str, Any]:
    """What the form says; it keeps its ids, so that sending it twice keeps one record."""
    said: dict[str, Any] = {name: field(name, 5_000) for name in _RECORD}
    at = [number for number in range(MOST_FINDINGS) if f"kind-{number}" in request.form]
    blocks = [{name: field(f"{name}-{number}", 5_000) for name in _FINDING} for number in at]
    findings = [block | {"id": str(id_of(block["id"]))} for block in blocks]
    return said | {"id": str(id_of(said["id"])), "findings": findings}


def _body(said: dict[str, Any], photos: list[str]) -> dict[str, Any]:
    """What the API takes of it: every finding with the place and the photos of the record.

    BadInput for a finding that is described and has no class: it would be lost.
    """
    found = _found(said)
    nameless = [number for number in found if not said["findings"][number]["kind"]]
    if nameless:
        raise BadInput(*(Flaw(f"/kind-{number}", Text("inspect.flaw.kind")) for number in nameless))
    shared: dict[str, Any] = {"photos": [{"sha256": digest} for digest in photos]} if photos else {}
    shared |= place_of(said)
    body: dict[str, Any] = {"at": moment_of(said["at"]), "note": said["note"]} | shared
    if found:
        where = {"segment": said["segment"]} if said["segment"] else {}
        body["findings"] = [said["findings"][number] | shared | where for number in found]
    return body


def _found(said: dict[str, Any]) -> list[int]:
    """The numbers of the blocks that say something."""
    return [number for number, block in enumerate(said["findings"]) if block["kind"] or block["description"]]


def _flaws_of(problem: Problem, said: dict[str, Any]) -> Flaws:
    """What the API says of the form, of a finding beside the fields of that; what all share, once."""
    found = flaws_of(problem)
    for flaw, each in zip(found, problem.flaws, strict=False):
        top, *below = each.pointer.strip("/").split("/")
        if top == "findings" and below[1:]:
            name, number = below[1], _found(said)[int(below[0])]
            shown = "kind" if name == "id" else name  # an id has no field: the first of its block stands for it
            flaw["field"] = f"{shown}-{number}" if name in _FINDING else name
    return [flaw for at, flaw in enumerate(found) if flaw not in found[:at]]


def _choices() -> dict[str, Any]:
    """What every form of a record offers."""
    return {
        "kinds": [(kind.value, exports.word(f"hazard.kind.{kind}")) for kind in Kind],
        "severities": [(each.value, exports.word(f"hazard.severity.{each}")) for each in Severity],
        "most_findings": MOST_FINDINGS,
    }


def _form(
    draw_id: UUID,
    target: dict[str, Any],
    said: dict[str, Any],
    photos: list[str] | None = None,
    flaws: Flaws | None = None,
    status: int = 200,
) -> Response:
    draw = desk.ask(f"/spot-draws/{draw_id}").body
    values = {"said": said, "photos": photos or [], "flaws": flaws or [], "found": draw, "target": target}
    return desk.page("inspection_record.html", status=status, **values, **_choices())


def _findings(
    said: dict[str, Any], photos: list[str] | None = None, flaws: Flaws | None = None, status: int = 200
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
