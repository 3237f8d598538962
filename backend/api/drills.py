"""The door for drills: lists, consent, and the report on numbers that lead nowhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Response

from backend.api import shown_drills as shown
from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.etag import version_of
from backend.api.paging import next_path, place_in
from backend.api.schemas.drills import (
    AskSchema,
    ConsentSchema,
    CountedListAnswer,
    DeadNumbersAnswer,
    DeadNumbersArguments,
    DrillListAnswer,
    DrillListsAnswer,
    DrillListSchema,
    MemberAnswer,
    MemberArguments,
    MemberPage,
    MonthlyChangeSchema,
    MyDrillsAnswer,
    PaperSchema,
    list_of,
)
from backend.context import house, language, now, today
from backend.domain.actions import Action
from backend.domain.flood_warnings import WARNING
from backend.errors import Conflict
from backend.formats import books
from backend.services import drills, flood_warnings
from backend.services.drills import Word

door = Door("drills", "Drills (演练): lists of people who have agreed to be called, and whose number leads nowhere.")
_WORKBOOK = {"type": "string", "format": "binary"}


@door.put("/flood/drill-lists/<uuid:list_id>")
@needs(Action.MAKE_DRILL)
@door.arguments(DrillListSchema)
@door.response(201, DrillListAnswer, description="Made; its people are asked.")
@door.alt_response(200, schema=DrillListAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def put(loaded: dict[str, Any], list_id: UUID) -> Response:
    """Make a list and ask its people; nobody is called before they have agreed."""
    with house().database.transaction() as session:
        row, is_new = drills.put(session, actor(), list_of(list_id, loaded), now=now(), today=today())
    return answer(shown.drill_list(row, house().settings.zone), 201 if is_new else 200)


@door.get("/flood/drill-lists")
@needs(Action.MAKE_DRILL)
@door.response(200, DrillListsAnswer)
def listed() -> Response:
    """Lists of one's own part of the world, newest first, with how many take part."""
    with house().database.reading() as session:
        rows = drills.listed(session, actor())
    return answer({"items": [shown.counted_list(row, house().settings.zone) for row in rows]})


@door.get("/flood/drill-lists/<uuid:list_id>")
@needs(Action.MAKE_DRILL)
@door.response(200, CountedListAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def one(list_id: UUID) -> Response:
    """One list with how many take part."""
    with house().database.reading() as session:
        body = shown.counted_list(drills.one(session, actor(), list_id), house().settings.zone)
    return answer(body, etag=version_of(body))


@door.get("/flood/drill-lists/<uuid:list_id>/people")
@needs(Action.MAKE_DRILL)
@door.arguments(MemberArguments, location="query")
@door.response(200, MemberPage)
def people(asked: dict[str, Any], list_id: UUID) -> Response:
    """Who was asked, and what they have said."""
    limit, after = asked["limit"], place_in(asked["cursor"], UUID)
    with house().database.reading() as session:
        rows = drills.members(session, actor(), list_id, limit=limit, after=after[0] if after else None)
    items = [shown.member(row, house().settings.zone) for row in rows[:limit]]
    return answer({"items": items, "next": next_path([str(rows[limit - 1].person_id)] if len(rows) > limit else None)})


@door.post("/flood/drill-lists/<uuid:list_id>/people")
@needs(Action.MAKE_DRILL)
@door.arguments(AskSchema)
@door.response(200, DrillListAnswer)
def ask(said: dict[str, Any], list_id: UUID) -> Response:
    """Ask more people; again is harmless."""
    with house().database.transaction() as session:
        row = drills.ask(session, actor(), list_id, list(dict.fromkeys(said["people"])), now=now(), today=today())
    return answer(shown.drill_list(row, house().settings.zone))


@door.put("/flood/drill-lists/<uuid:list_id>/people/<uuid:person_id>")
@needs(Action.MAKE_DRILL)
@door.arguments(PaperSchema)
@door.response(200, MemberAnswer)
@fails(Conflict)
def paper(said: dict[str, Any], list_id: UUID, person_id: UUID) -> Response:
    """Keep a consent that was given on paper, or its end; who has said no themselves stays out."""
    return _said(list_id, person_id, Word(said["agree"], said["note"]))


@door.put("/flood/drill-lists/<uuid:list_id>/monthly")
@needs(Action.MAKE_DRILL)
@door.arguments(MonthlyChangeSchema)
@door.response(200, DrillListAnswer)
def set_monthly(said: dict[str, Any], list_id: UUID) -> Response:
    """Say when the list is called each month by itself (每月点名), or with null that it is not."""
    with house().database.transaction() as session:
        row = drills.set_monthly(session, actor(), list_id, said["monthly"], now=now())
    return answer(shown.drill_list(row, house().settings.zone))


@door.get("/me/drills")
@needs(Action.SEE_SELF)
@door.response(200, MyDrillsAnswer)
def mine() -> Response:
    """Lists that have asked me whether I take part."""
    with house().database.reading() as session:
        rows = drills.of_person(session, actor().person_id)
    return answer({"items": [shown.member(row, house().settings.zone) for row in rows]})


@door.put("/me/drills/<uuid:list_id>")
@needs(Action.SEE_SELF)
@door.arguments(ConsentSchema)
@door.response(200, MemberAnswer)
@fails(Conflict)
def consent(said: dict[str, Any], list_id: UUID) -> Response:
    """I take part, or do not; from that moment on no drill of the list says anything to me."""
    return _said(list_id, actor().person_id, Word(said["agree"]))


@door.get("/flood/warnings/<uuid:warning_id>/dead-numbers")
@needs(Action.SEE_WARNINGS)
@door.arguments(DeadNumbersArguments, location="query")
@door.response(200, DeadNumbersAnswer, description="As JSON, or as a workbook.")
@door.doc(responses={200: {"content": {books.MEDIA_TYPE: {"schema": _WORKBOOK}}}})
def dead_numbers(asked: dict[str, Any], warning_id: UUID) -> Response:
    """Whom no call of a roll reached: first those whose number leads nowhere, then those who only did not answer."""
    if asked.get("format") == "xlsx":
        return _workbook(warning_id)
    with house().database.reading() as session:
        warning, parts = flood_warnings.seen(session, actor(), warning_id)
        found = drills.unreached(session, warning.root_id, parts)
    return answer(shown.dead_numbers(warning, found))


def _workbook(warning_id: UUID) -> Response:
    """As a workbook; that it was taken out of the house is on record."""
    with house().database.transaction() as session:
        warning, parts = flood_warnings.seen(session, actor(), warning_id)
        found = drills.unreached(session, warning.root_id, parts)
        flood_warnings.taken_out(session, actor(), warning, now=now())
    response = Response(books.workbook([shown.sheet(found, language())]), mimetype=books.MEDIA_TYPE)
    filename = quote(f"{warning.number}-{now().astimezone(house().settings.zone):%Y%m%d-%H%M}.xlsx", safe="")
    response.headers["Content-Disposition"] = f"attachment; filename=\"{WARNING}.xlsx\"; filename*=UTF-8''{filename}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _said(list_id: UUID, person_id: UUID, word: Word) -> Response:
    with house().database.transaction() as session:
        row = drills.say(session, actor(), list_id, person_id, word, now=now())
    return answer(shown.member(row, house().settings.zone))
