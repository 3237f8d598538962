"""Seasons (汛期): the dates of a year in a region, who set them when, and other dates, tried before they are kept."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import today
from backend.domain.actions import Action
from backend.domain.seasons import FURTHEST
from backend.errors import Problem
from backend.web import desk, places
from backend.web.flood import region
from backend.web.forms import Flaws, field, flaw, flaws_of, id_of, status_of, whole

blueprint = desk.furnished(Blueprint("console_seasons", __name__, url_prefix="/console/rules/seasons"))
SEASONS = "/console/rules/seasons"
_DAYS = ("begin", "end", "window_begin", "window_end")
_MOST_REASON = 2_000


@blueprint.get("")
@desk.sits(Action.SEE_FLOOD)
def seasons() -> Response:
    """What holds in a region in a year, and every version that bears on it."""
    found = desk.ask("/flood/season", {"region": region()} | desk.query("year")).body
    where = places.around(found["region"], Action.SEE_FLOOD)
    return desk.page("rule_seasons.html", found=found, where=where, years=_years())


@blueprint.get("/new")
@desk.sits(Action.CHANGE_SEASON)
@desk.proven
def form() -> AnyResponse:
    """The dates that hold, to be typed over."""
    found = desk.ask("/flood/season", {"region": region()} | desk.query("year")).body
    said = {name: found[name] for name in ("region", *_DAYS)} | {"year": str(found["year"]), "id": str(uuid4())}
    return _form(said)


@blueprint.post("/new")
@desk.sits(Action.CHANGE_SEASON)
@desk.proven
def propose() -> AnyResponse:
    """Try the dates, keep what was tried, or go back to the form."""
    said = {name: field(name, _MOST_REASON) for name in ("id", "region", "year", *_DAYS, "reason", "document", "seen")}
    if request.form.get("go") == "back":
        return _form(said)
    body: dict[str, Any] = {name: said[name] for name in ("region", *_DAYS)} | {"year": whole(said["year"])}
    try:
        if not said["reason"]:
            return _form(said, [flaw("reason", "rules.flaw.missing")], 422)
        if request.form.get("go") == "keep":
            more = {"document": said["document"], "seen": whole(said["seen"])}
            body |= {"reason": said["reason"]} | {name: value for name, value in more.items() if value != ""}
            desk.tell("PUT", f"/flood/seasons/{id_of(said['id'])}", body)
            return desk.kept(f"{SEASONS}?region={said['region']}&year={said['year']}", "console.did.season")
        found = desk.tell("POST", "/flood/seasons/estimate", body).body
    except Problem as problem:
        return _form(said, flaws_of(problem), status_of(problem))
    name, said["seen"] = _known(said)
    return desk.page("rule_season_try.html", said=said, found=found, days=_DAYS, name=name)


def _form(said: dict[str, str], flaws: Flaws | None = None, status: int = 200) -> Response:
    where = places.around(said["region"], Action.CHANGE_SEASON)
    values = {"said": said, "where": where, "years": _years()[1:], "days": _DAYS, "flaws": flaws or []}
    return desk.page("rule_season_form.html", status=status, **values)


def _known(said: dict[str, str]) -> tuple[str, str]:
    """The name of the region, and the newest version of its own that is shown beside what is tried."""
    found = desk.ask("/flood/season", {"region": said["region"], "year": said["year"]}).body
    own = [each["version"] for each in found["versions"] if each["region"] == said["region"]]
    return found["region_name"], str(max(own, default=0))


def _years() -> list[tuple[str, str]]:
    """The last year, and those for which dates can be set."""
    this = today().year
    return [(str(year), str(year)) for year in range(this - 1, this + FURTHEST + 1)]
