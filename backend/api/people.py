"""The door for people and posts: lists with masked numbers, appointments, succession, absences, resets."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer
from backend.api.logins import check_number
from backend.api.paging import next_path
from backend.api.schemas.logins import NewPhoneSchema, OneTimeCodeAnswer
from backend.api.schemas.people import (
    AbsenceSchema,
    AppointmentSchema,
    ClosingSchema,
    NewPersonSchema,
    PassedAnswer,
    PeopleArguments,
    PersonDetailAnswer,
    PersonPageAnswer,
    PhoneAnswer,
    ReasonSchema,
)
from backend.clock import day_of
from backend.context import house, now
from backend.domain.access import Action
from backend.domain.terms import Post
from backend.errors import BadInput
from backend.formats import phones
from backend.services import logins, people
from backend.services.people import Placing

door = Door("people", "People and posts (人员与任职).")
_FIRST = ("", "00000000-0000-0000-0000-000000000000")


@door.get("/people")
@needs(Action.SEE_PEOPLE)
@door.arguments(PeopleArguments, location="query")
@door.response(200, PersonPageAnswer)
def listed(asked: dict[str, Any]) -> Response:
    """People with a post in one's part of the world, by name."""
    limit, after = asked.pop("limit"), _place(asked.pop("cursor"))
    with house().database.reading() as session:
        rows = people.listed(session, actor(), today=_today(), after=after, limit=limit, **asked)
    last = [rows[limit - 1].name, str(rows[limit - 1].id)] if len(rows) > limit else None
    return answer({"items": [_shown(row) for row in rows[:limit]], "next": next_path(last)})


@door.get("/people/<uuid:person_id>")
@needs(Action.SEE_PEOPLE)
@door.response(200, PersonDetailAnswer)
def one(person_id: UUID) -> Response:
    """One person with every post, past ones too."""
    with house().database.reading() as session:
        person, held = people.one(session, actor(), person_id, Action.SEE_PEOPLE)
    appointments = [
        {
            "id": str(row.id),
            "post": row.post,
            "region": row.region_code,
            "region_name": row.region_name,
            "unit": row.unit_code,
            "from": row.from_day.isoformat(),
            "until": row.until_day.isoformat() if row.until_day else None,
            "substitute": str(row.substitute_id) if row.substitute_id else None,
        }
        for row in held
    ]
    return answer(_shown(person) | {"appointments": appointments})


@door.put("/people/<uuid:person_id>")
@needs(Action.CHANGE_PEOPLE)
@door.arguments(NewPersonSchema)
@door.response(201, PersonDetailAnswer)
def create(said: dict[str, Any], person_id: UUID) -> Response:
    """Somebody new, without a post yet."""
    check_number(said["phone"])
    with house().database.transaction() as session:
        is_new = people.create(session, house().keyring, actor(), person_id, said["name"], said["phone"], now=now())
    return answer({"id": str(person_id), "name": said["name"]}, 201 if is_new else 200)


@door.post("/people/<uuid:person_id>/appointments")
@needs(Action.CHANGE_PEOPLE)
@door.arguments(AppointmentSchema)
@door.response(201, PersonDetailAnswer)
def appoint(said: dict[str, Any], person_id: UUID) -> Response:
    """Give somebody a post and its segments."""
    placing = Placing(
        id=said["id"],
        post=Post(said["post"]),
        region=said["region"],
        since=said["since"],
        unit=said.get("unit"),
        segments=tuple(said.get("segments", ())),
        substitute=said.get("substitute"),
    )
    with house().database.transaction() as session:
        is_new = people.appoint(session, actor(), person_id, placing, now=now())
    return answer({"id": str(placing.id)}, 201 if is_new else 200)


@door.post("/people/<uuid:person_id>/appointments/<uuid:appointment_id>/close")
@needs(Action.CHANGE_PEOPLE)
@door.arguments(ClosingSchema)
@door.response(200, PassedAnswer)
def close(said: dict[str, Any], person_id: UUID, appointment_id: UUID) -> Response:
    """End a post; its segments pass to the substitute or the superior the same moment."""
    with house().database.transaction() as session:
        passed = people.close(session, actor(), person_id, appointment_id, said["until"], said["reason"], now=now())
    return answer({"passed_to": {segment: str(heir) if heir else None for segment, heir in passed.items()}})


@door.post("/people/<uuid:person_id>/phone-reveal")
@needs(Action.REVEAL_PHONE)
@door.arguments(ReasonSchema)
@door.response(200, PhoneAnswer)
def reveal(said: dict[str, Any], person_id: UUID) -> Response:
    """The clear number, for a reason that is kept on record."""
    with house().database.transaction() as session:
        number = people.reveal_phone(session, house().keyring, actor(), person_id, said["reason"], now=now())
    return answer({"phone": number}, Cache_Control="no-store")


@door.post("/people/<uuid:person_id>/reset-login")
@needs(Action.RESET_LOGIN)
@door.response(200, OneTimeCodeAnswer)
def reset_login(person_id: UUID) -> Response:
    """A one-time code for somebody who forgot the password; said once."""
    with house().database.transaction() as session:
        _, held = people.one(session, actor(), person_id, Action.RESET_LOGIN)
        region = held[-1].region_code
        code = logins.reset_by_office(session, house().keyring, actor(), person_id, region, now=now())
    return answer({"code": code}, Cache_Control="no-store")


@door.post("/people/<uuid:person_id>/phone")
@needs(Action.CHANGE_PEOPLE)
@door.arguments(NewPhoneSchema)
@door.response(204)
def phone(said: dict[str, Any], person_id: UUID) -> Response:
    """Another number for somebody's account, entered by the office."""
    check_number(said["phone"])
    with house().database.transaction() as session:
        people.one(session, actor(), person_id, Action.CHANGE_PEOPLE)
        logins.change_phone(session, house().keyring, person_id, said["phone"], actor().person_id, now=now())
    return Response(status=204)


@door.put("/me/absences/<uuid:absence_id>")
@needs(Action.SEE_SELF)
@door.arguments(AbsenceSchema)
@door.response(201, description="On record. 200: it was already.")
def absence(said: dict[str, Any], absence_id: UUID) -> Response:
    """I am away; somebody looks after my segments under an account of their own."""
    with house().database.transaction() as session:
        is_new = people.be_absent(
            session, actor().person_id, absence_id, said["substitute"], said["begin"], said["until"], now=now()
        )
    return answer({"id": str(absence_id)}, 201 if is_new else 200)


def _shown(row: Any) -> dict[str, Any]:
    return {"id": str(row.id), "name": row.name, "phone": phones.masked(row.phone_head, row.phone_tail)}


def _place(cursor: list[Any] | None) -> tuple[str, str]:
    if cursor is None:
        return _FIRST
    try:
        return str(cursor[0]), str(UUID(str(cursor[1])))
    except (ValueError, IndexError):
        raise BadInput.at("/cursor", "flaw.cursor") from None


def _today() -> date:
    return day_of(now(), house().settings.zone)
