"""Drawing at a desk: a new reach, or another line for one, on the map or typed; what it does is shown first."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import today
from backend.domain.access import may
from backend.domain.actions import Action
from backend.errors import Forbidden, Problem
from backend.web import basemaps, desk, exports, lines, places
from backend.web.forms import Flaws, field, flaw, flaws_of, id_of, status_of
from backend.web.segments import SEGMENTS, page_of, path_of
from geo.datum import Crs

blueprint = desk.furnished(Blueprint("console_surveys", __name__, url_prefix=SEGMENTS))
_MOST_RIVERS = 200
_WHOLE_TURN = 360
"""Degrees of a box that holds nothing in particular."""
_NEW = ("id", "code", "name", "river", "region", "width_m", "from", "crs")


@blueprint.get("/new")
@desk.sits(Action.CHANGE_SEGMENTS)
def new_form() -> Response:
    """Where, on which river, and its line."""
    said = {name: request.args.get(name, "")[:60] for name in ("river", "region")}
    return _new(said | {"id": str(uuid4()), "from": today().isoformat(), "line": ""})


@blueprint.post("/new")
@desk.sits(Action.CHANGE_SEGMENTS)
def new() -> AnyResponse:
    """Keep it; or only list what lies below the region that was chosen."""
    said = {name: field(name, 200) for name in _NEW} | {"line": field("line", lines.MOST_TYPED)}
    if "narrow" in request.form:
        return _new(said)
    line = lines.line_of(said["line"])
    flaws = [] if line else [flaw("line", "draw.no_line")]
    body: dict[str, Any] = {name: said[name] for name in ("code", "name", "region", "from") if said[name]}
    body |= {"river": _river(said["river"]), "line": line} | _measures(said, flaws)
    if flaws:
        return _new(said, flaws, 422)
    try:
        made = desk.tell("PUT", f"/segments/{id_of(said['id'])}", body).body
    except Problem as problem:
        return _new(said, flaws_of(problem), status_of(problem))
    return desk.kept(page_of(made["code"]), "console.did.reach")


@blueprint.get("/<path:ref>/line")
@desk.sits(Action.CHANGE_SEGMENTS)
def line_form(ref: str) -> Response:
    """The line as it lies, to be moved or typed anew."""
    seen = desk.ask(_path(ref))
    _require(seen.body)
    width_m = f"{seen.body['width_m']:g}"
    said = {"line": lines.typed_of(seen.body["line"]), "width_m": width_m, "reason": "", "version": seen.etag}
    return _line(ref, seen.body, said)


@blueprint.post("/<path:ref>/line")
@desk.sits(Action.CHANGE_SEGMENTS)
def redraw(ref: str) -> AnyResponse:
    """See what another line would do; keep it when asked to."""
    said = {name: field(name, 600) for name in ("version", "crs", "width_m", "reason")}
    said["line"] = field("line", lines.MOST_TYPED)
    line, is_sure = lines.line_of(said["line"]), "sure" in request.form
    flaws = [] if line else [flaw("line", "draw.no_line")]
    body: dict[str, Any] = {"line": line, "dry_run": not is_sure} | _measures(said, flaws)
    if said["reason"]:
        body["reason"] = said["reason"]
    seen = desk.ask(_path(ref)).body
    if flaws:
        return _line(ref, seen, said, flaws, 422)
    try:
        done = desk.tell("POST", _path(ref), body, version=said["version"]).body
    except Problem as problem:
        return _line(ref, seen, said, flaws_of(problem), status_of(problem))
    if is_sure:
        return desk.kept(page_of(ref), "console.did.line")
    return _line(ref, seen, said, done=done)


def datums() -> list[tuple[str, str]]:
    """The datums in which one may type, by name."""
    return [(crs.value, exports.word(f"draw.crs.{crs.value.lower()}")) for crs in Crs]


def _new(said: dict[str, Any], flaws: Flaws | None = None, status: int = 200) -> Response:
    where = places.around(said.get("region", ""), Action.CHANGE_SEGMENTS)
    rivers = desk.ask("/rivers", {"mine": "true", "limit": _MOST_RIVERS}).body["items"]
    values = {
        "where": where,
        "rivers": rivers,
        "datums": datums(),
        "bounds": _bounds(where.code),
        "basemap": basemaps.shown(),
    }
    return basemaps.opened(desk.page("reach_new.html", status=status, said=said, flaws=flaws or [], **values))


def _line(
    ref: str,
    seen: dict[str, Any],
    said: dict[str, Any],
    flaws: Flaws | None = None,
    status: int = 200,
    done: dict[str, Any] | None = None,
) -> Response:
    values = {"ref": ref, "found": seen, "said": said, "flaws": flaws or [], "done": done, "datums": datums()}
    values["basemap"] = basemaps.shown()
    return basemaps.opened(desk.page("reach_line.html", status=status, **values))


def _bounds(region: str) -> str:
    """The box around the reaches of a region, else around all that one sees, as `west,south,east,north`; nothing where
    there are none at all.
    """
    found = desk.ask("/segments", {"region": region, "limit": 50}).body["features"] if region else []
    corners = [place for each in found for place in each["geometry"]["coordinates"]]
    if not corners:
        box = desk.ask("/tiles").body["bounds"]
        return ",".join(map(str, box)) if box[2] - box[0] < _WHOLE_TURN else ""
    lons, lats = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return f"{min(lons):.6f},{min(lats):.6f},{max(lons):.6f},{max(lats):.6f}"


def _river(typed: str) -> str:
    """The code of a river that was typed by its code or its name; what is neither, the API refuses."""
    found = desk.ask("/rivers", {"q": typed[:60], "limit": _MOST_RIVERS}).body["items"] if typed else []
    named = [each["code"] for each in found if typed in (each["code"], each["name"])]
    return named[0] if len(named) == 1 else typed[:40]


def _measures(said: dict[str, Any], flaws: Flaws) -> dict[str, Any]:
    """Datum and width as they were chosen; a width that is no number is a flaw."""
    found: dict[str, Any] = {"crs": said["crs"]} if said.get("crs") else {}
    if said.get("width_m"):
        try:
            found["width_m"] = float(said["width_m"])
        except ValueError:
            flaws.append(flaw("width_m", "draw.no_number"))
    return found


def _require(seen: dict[str, Any]) -> None:
    if not may(desk.actor(), Action.CHANGE_SEGMENTS, seen["region"]):
        raise Forbidden("post")


def _path(ref: str) -> str:
    return f"{path_of(ref)}/survey"
