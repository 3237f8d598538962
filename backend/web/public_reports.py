"""Pages on which anybody reports what is wrong with a river, and follows by a code what becomes of it.

They work without scripts, on the cheapest of phones: two forms one after the other, so that cases which are known
already are offered before anybody takes a picture. Nobody's name stands on them but that of the house.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from backend.clock import day_of
from backend.context import declares, house, now, today
from backend.domain.actions import Action
from backend.domain.public_reports import (
    CHOICES,
    LONGEST,
    MOST_PHOTOS,
    PUBLIC,
    Told,
    sender_of,
    spaced,
    without_numbers,
)
from backend.errors import BadInput, Conflict, NotFound, Problem, TooLarge, TooMany, Unavailable
from backend.services import gates, photos, public_reports
from backend.services.gates import Gate
from backend.statuses import STATUS
from backend.web import basemaps, public_forms, public_map, public_pages

blueprint = Blueprint("public_reports", __name__)


@blueprint.get("/report")
@declares(Action.PUBLIC)
def start() -> Response:
    """The first page: what it is, and where; from a board's code the place is known."""
    return _start({**public_forms.typed_in(request.args), "kind": request.args.get("kind", "")})


@blueprint.post("/report/look")
@declares(Action.PUBLIC)
def look() -> Response:
    """The second page: cases nearby that may be the same, and the rest of the form."""
    _enter(Gate.LOOK)
    typed = public_forms.typed_in(request.form)
    try:
        return _look(typed)
    except Problem as problem:
        return _start(typed, problem)


@blueprint.post("/report")
@declares(Action.PUBLIC)
def tell() -> AnyResponse:
    """Keep a report and lead to its code; where it cannot be taken the form comes back as it was filled in."""
    try:
        _enter(Gate.REPORT)
        form, files = _sent()
        return _to(_told(form, public_forms.chosen(files)))
    except TooMany as problem:
        return _refused(problem)
    except Problem as problem:
        return _again(problem)


@blueprint.post("/report/join")
@declares(Action.PUBLIC)
def join() -> AnyResponse:
    """One tap: it is the same as that one."""
    try:
        _enter(Gate.REPORT)
        typed = public_forms.typed_in(request.form)
        told, hazard_id = _typed_report(typed, _admitted()), _uuid(request.form.get("case", ""))
        with house().database.transaction() as session:
            code = public_reports.join(session, told, hazard_id, house().keyring, now=now(), today=today())
        return _to(code)
    except TooMany as problem:
        return _refused(problem)
    except Problem as problem:
        return _again(problem)


@blueprint.get("/report/puzzle")
@declares(Action.PUBLIC)
def puzzle() -> Response:
    """A fresh puzzle, for a page that was open for too long."""
    return jsonify(puzzle=gates.puzzle(house().gates, house().keyring, now=now()))


@blueprint.get("/report/find")
@declares(Action.PUBLIC)
def find() -> AnyResponse:
    """From a typed code to its page."""
    typed = "".join(letter for letter in request.args.get("code", "") if letter.isalnum())[:20]
    return redirect(f"/report/{typed or '-'}?language={public_pages.language_of_page()}", 303)


@blueprint.get("/report/<code>")
@declares(Action.PUBLIC)
def follow(code: str) -> Response:
    """Where a case stands, in plain words and without anybody's name."""
    return _followed(code)


@blueprint.post("/report/<code>/answer")
@declares(Action.PUBLIC)
def answer(code: str) -> AnyResponse:
    """Whether it is good now, asked 28 days after it was closed."""
    said = request.form.get("satisfied")
    try:
        if said not in ("yes", "no"):
            raise BadInput.at("/satisfied", "report.flaw.satisfied")
        with house().database.transaction() as session:
            public_reports.answer(session, code, said == "yes", now=now())
    except (BadInput, Conflict):
        return _followed(code, 409)
    except NotFound:
        return _followed(code)
    return _to(code)


def _enter(gate: Gate) -> None:
    """Count a request by its address before anything of its body is read."""
    house().gates.enter(gate, sender_of(request.remote_addr), now())


def _sent() -> tuple[MultiDict[str, str], list[Any]]:
    """The form and its photos; TooLarge where the whole is more than a body may be."""
    try:
        return request.form, request.files.getlist("photos")
    except RequestEntityTooLarge:
        raise TooLarge("http") from None


def _admitted() -> UUID:
    """The report that the puzzle of the form is good for."""
    said = (request.form.get("puzzle", ""), request.form.get("answer", ""))
    return gates.admitted(house().gates, house().keyring, said, sender_of(request.remote_addr), now=now())


def _told(form: MultiDict[str, str], files: list[Any]) -> str:
    """Ask whether there is room, look into the photos, and keep it all in one short transaction; the code."""
    here, told = house(), _typed_report(public_forms.typed_in(form), _admitted())
    with here.database.reading() as session:
        if not public_reports.is_known(session, told.id):
            reach = public_reports.reach_of(session, told, today=today())
            public_reports.check_room(session, reach, len(files), now=now())
    with (
        public_forms.looked_into(files) as pictures,
        public_forms.kept(pictures),
        here.database.transaction() as session,
    ):
        return public_reports.tell(
            session, told, pictures, here.keyring, now=now(), zone=here.settings.zone, today=today()
        )


def _typed_report(typed: dict[str, str], report_id: UUID = public_forms.NOT_YET) -> Told:
    return public_forms.told_of(typed, _board(typed["sign"]), report_id)


def _board(token: str) -> Any:
    """The board that was read; None without one, and for a code that is none: then the place is asked for."""
    if not token:
        return None
    try:
        with house().database.reading() as session:
            return public_reports.board(session, token)
    except NotFound:
        house().gates.pass_unknown(request.remote_addr, now())
        return None


def _start(typed: dict[str, str], problem: Problem | None = None, found: list[Any] | None = None) -> Response:
    board = _board(typed["sign"])
    status = STATUS[type(problem)] if problem else 200
    values: dict[str, Any] = {"typed": typed, "board": board, "kinds": list(CHOICES), "found": found or []}
    values |= {"basemap": basemaps.shown(), "extent": public_map.extent(), "zoom": public_map.REACHES_ZOOM}
    return basemaps.opened(_page("start.html", status, problem, **values))


def _look(typed: dict[str, str], problem: Problem | None = None) -> Response:
    """Which reach is meant, what is known there, and the rest of the form; of several reaches one is chosen first."""
    board = _board(typed["sign"])
    told = public_forms.told_of(typed | {"phone": "", "description": ""}, board)
    with house().database.reading() as session:
        if told.lonlat is None and told.segment is None:
            found = public_reports.called(session, typed["where"], today=today())
            if len(found) != 1:
                key = "report.flaw.which" if found else "report.flaw.nowhere" if typed["where"] else "report.flaw.place"
                return _start(typed, BadInput.at("/place", key), found)
            typed = typed | {"segment": found[0].code}
            told = public_forms.told_of(typed | {"phone": "", "description": ""}, board)
        reach = public_reports.reach_of(session, told, today=today())
        alike = public_reports.alike(session, told, reach, now=now())
    values = {
        "typed": typed,
        "board": board,
        "reach": reach,
        "alike": [(each, _day(each.reported_at)) for each in alike],
    }
    status = STATUS[type(problem)] if problem else 200
    return _page(
        *("tell.html", status, problem),
        **values,
        puzzle=gates.puzzle(house().gates, house().keyring, now=now()),
        longest=LONGEST,
        most_photos=MOST_PHOTOS,
    )


def _again(problem: Problem) -> Response:
    """The second form as it was filled in, with what is wrong; the first one where its part is wrong."""
    if isinstance(problem, TooLarge | Unavailable):
        return _refused(problem)
    typed = public_forms.typed_in(request.form)
    try:
        return _look(typed, problem)
    except Problem as other:
        return _start(typed, other)


def _refused(problem: Problem) -> Response:
    """That no more is taken now, and when to try again."""
    response = _page("later.html", STATUS[type(problem)], problem)
    if isinstance(problem, TooMany | Unavailable):
        response.headers["Retry-After"] = str(problem.seconds)
    return response


def _followed(code: str, status: int = 200) -> Response:
    try:
        with house().database.reading() as session:
            found = public_reports.follow(session, code, now=now())
            many = photos.came_with(session, PUBLIC, found.row.id)
    except NotFound as problem:
        try:
            house().gates.pass_unknown(request.remote_addr, now())
        except TooMany as busy:
            return _refused(busy)
        return _page("unknown.html", 404, problem)
    row = found.row
    days = {name: _day(at) if at else None for name, at in (("told", row.reported_at), ("closed", row.closed_at))}
    points = [(each, _day(each.at), without_numbers(each.reason)) for each in found.points.entries]
    values = {"found": found, "row": row, "days": days, "points": points, "spaced": spaced(row.code), "photos": many}
    return _page("followed.html", status, None, **values)


def _to(code: str) -> AnyResponse:
    return redirect(f"/report/{code}?language={public_pages.language_of_page()}", 303)


def _uuid(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise NotFound() from None


def _day(at: Any) -> Any:
    return day_of(at, house().settings.zone)


def _page(template: str, status: int, problem: Problem | None, **values: Any) -> Response:
    response = public_pages.as_page(
        Response(public_pages.rendered(template, problem, **values), status, mimetype="text/html")
    )
    response.headers["Cache-Control"] = "no-store"
    return response
