"""The roster of duty (值班表) at a desk: who is on duty, the shifts of some days, and several entered at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import today
from backend.domain.access import may
from backend.domain.actions import Action
from backend.errors import Problem
from backend.web import desk, exports, flood_files, places
from backend.web.flood import FLOOD, region
from backend.web.forms import Flaws, date_of, flaw, flaws_of, id_of, moment_of

blueprint = desk.furnished(Blueprint("console_roster", __name__, url_prefix=f"{FLOOD}/duty"))
DUTY = f"{FLOOD}/duty"
SPANS = ("1", "7", "31")
"""Days that are looked at at once."""
MOST_ROWS = 31
_HANDOVER = "08:00"


@dataclass(frozen=True, slots=True)
class Row:
    """One shift as it stands in the form; `person` empty: nobody yet."""

    id: str
    person: str
    begin: str
    until: str


@blueprint.get("")
@desk.sits(Action.SEE_FLOOD)
def duty() -> Response:
    """Who is on duty now, and the shifts of a day or of some."""
    code, (first, last) = region(), _days()
    found = desk.ask("/flood/roster", {"region": code, "day": first, "last_day": last}).body
    where = places.around(code, Action.SEE_FLOOD)
    may_enter = may(desk.actor(), Action.CHANGE_SEASON, code)
    shifts = [each for each in found["shifts"] if not each["withdrawn_at"]]
    return desk.page("flood_duty.html", found=found, shifts=shifts, where=where, spans=SPANS, may_enter=may_enter)


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_FLOOD)
def export(form: str) -> Response:
    """The shifts of these days as a file."""
    return exports.file_of(flood_files.shifts(region(), *_days()), form)


@blueprint.get("/new")
@desk.sits(Action.CHANGE_SEASON)
def blank() -> Response:
    """A row for each day, or for each half of one, from a day on."""
    return _form(_proposed())


@blueprint.post("/new")
@desk.sits(Action.CHANGE_SEASON)
def enter() -> AnyResponse:
    """Enter every row with a person, each by itself; those that are refused are told beside their row."""
    code, rows = region(), _typed()
    flaws: Flaws = []
    for at, row in enumerate(rows):
        if row.person:
            flaws += _entered(code, at, row)
    if not any(row.person for row in rows):
        flaws.append(flaw("person-0", "roster.flaw.nobody"))
    if flaws:
        return _form(rows, flaws)
    return desk.kept(f"{DUTY}?region={code}&day={rows[0].begin[:10]}&span={SPANS[1]}", "console.did.shift")


@blueprint.post("/<uuid:shift_id>/withdraw")
@desk.sits(Action.CHANGE_SEASON)
def withdraw(shift_id: UUID) -> AnyResponse:
    """Take a shift out; that it was there stays on record."""
    desk.tell("DELETE", f"/flood/roster/{shift_id}")
    return desk.kept(desk.inside(request.form.get("next", DUTY)), "console.did.shift_withdrawn")


def _entered(code: str, at: int, row: Row) -> Flaws:
    """Enter one row; what is wrong with it. Sent again, one that is there already changes nothing."""
    body = {"region": code, "person": row.person, "from": moment_of(row.begin), "until": moment_of(row.until)}
    try:
        desk.tell("PUT", f"/flood/roster/{id_of(row.id)}", body)
    except Problem as problem:
        fields = {"": "person", "region": "person"}
        return [each | {"field": f"{fields.get(each['field'], each['field'])}-{at}"} for each in flaws_of(problem)]
    return []


def _typed() -> list[Row]:
    """The rows of the form, in their order."""
    names = ("id", "person", "from", "until")
    columns = [[value.strip()[:40] for value in request.form.getlist(name)[:MOST_ROWS]] for name in names]
    return [Row(*row) for row in zip(*columns, strict=False)]


def _proposed() -> list[Row]:
    """Rows from a day on: each shift ends where the next begins."""
    first, handover = _day(), _time(request.args.get("at", ""))
    said = request.args.get("count", "7")
    count = min(MOST_ROWS, max(1, int(said))) if said.isdecimal() and len(said) < 3 else 7
    lasts = timedelta(hours=12) if request.args.get("half") else timedelta(days=1)
    begin = datetime.combine(first, handover)
    moments = [begin + lasts * at for at in range(count + 1)]
    pairs = pairwise(moments)
    return [Row(str(uuid4()), "", f"{start:%Y-%m-%dT%H:%M}", f"{end:%Y-%m-%dT%H:%M}") for start, end in pairs]


def _form(rows: list[Row], flaws: Flaws | None = None) -> Response:
    code = region()
    people: dict[str, Any] = {}
    for each in desk.ask("/flood/roster/people", {"region": code}).body["items"]:
        people.setdefault(each["id"], each)  # the nearest of somebody's posts
    return desk.page(
        "roster_new.html",
        status=422 if flaws else 200,
        rows=rows,
        people=list(people.values()),
        where=places.around(code, Action.CHANGE_SEASON),
        flaws=flaws or [],
    )


def _days() -> tuple[str, str]:
    """The first and the last day that the address asks for."""
    first, span = _day(), request.args.get("span", SPANS[0])
    last = first + timedelta(days=int(span) - 1 if span in SPANS else 0)
    return first.isoformat(), last.isoformat()


def _day() -> date:
    """The day that the address asks for; today for what is none."""
    return date_of(request.args.get("day", "")) or today()


def _time(said: str) -> time:
    try:
        return time.fromisoformat(said or _HANDOVER).replace(tzinfo=None)
    except ValueError:
        return time.fromisoformat(_HANDOVER)
