"""The flood season and its key window (汛期、七下八上) at a desk: what holds in a region, its versions, another one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.clock import day_of
from backend.context import house, now
from backend.domain.access import Action, may_try
from backend.domain.seasons import FURTHEST
from backend.errors import BadInput, NotFound, Problem
from backend.web import desk, places
from backend.web.flood import FLOOD, region
from backend.web.forms import field, flaws_of, id_of, status_of

blueprint = desk.furnished(Blueprint("console_seasons", __name__, url_prefix=f"{FLOOD}/season"))
SEASON = f"{FLOOD}/season"
DAYS = ("begin", "end", "window_begin", "window_end")


@blueprint.get("")
@desk.sits(Action.SEE_FLOOD)
def season() -> Response:
    """The days of a region's year, who has set them, and the form of other ones for whoever may."""
    return _page(region(), request.args.get("year", ""))


@blueprint.post("")
@desk.sits(Action.CHANGE_SEASON)
@desk.proven
def keep() -> AnyResponse:
    """Set a year of a region; it holds from today on."""
    said = {name: field(name, 2_000) for name in ("id", "region", "year", *DAYS, "reason", "document")}
    body: dict[str, Any] = {name: said[name] for name in ("region", *DAYS, "reason")}
    body |= {"year": int(said["year"]) if said["year"].isdigit() else said["year"]}
    body |= {"document": said["document"]} if said["document"] else {}
    try:
        desk.tell("PUT", f"/flood/seasons/{id_of(said['id'])}", body)
    except Problem as problem:
        return _page(said["region"], said["year"], said, problem)
    return desk.kept(f"{SEASON}?region={said['region']}&year={said['year']}")


def _page(code: str, year: str, said: dict[str, str] | None = None, problem: Problem | None = None) -> Response:
    this_year = day_of(now(), house().settings.zone).year
    years = [str(this_year + ahead) for ahead in range(FURTHEST + 1)]
    asked = {"region": code} | ({"year": year} if year.isdigit() else {})
    try:
        found = desk.ask("/flood/season", asked).body
    except (NotFound, BadInput):
        if problem is None:
            raise
        found = desk.ask("/flood/season").body
    return desk.page(
        "season.html",
        status=status_of(problem),
        found=found,
        where=places.around(found["region"], Action.SEE_FLOOD),
        years=years,
        said=said or {name: found[name] for name in DAYS} | {"id": str(uuid4())},
        flaws=flaws_of(problem),
        may_set=may_try(desk.actor(), Action.CHANGE_SEASON),
        proven=desk.is_proven_now(),
    )
