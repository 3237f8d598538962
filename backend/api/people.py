"""The door for people: lists with masked numbers, somebody new, clear numbers on record, resets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails, nothing
from backend.api.etag import IF_MATCH, require_match, version_of
from backend.api.logins import check_number
from backend.api.paging import next_path
from backend.api.schemas.logins import NewPhoneSchema, OneTimeCodeAnswer
from backend.api.schemas.people import (
    NewPersonSchema,
    PeopleArguments,
    PersonDetailAnswer,
    PersonPageAnswer,
    PhoneAnswer,
    ReasonSchema,
)
from backend.context import house, now, today
from backend.db import Session
from backend.domain.actions import Action
from backend.errors import BadInput, Conflict, Stale, VersionNeeded
from backend.formats import phones
from backend.services import logins, people
from backend.services.charge import Posts

door = Door("people", "People (人员).")
_FIRST = ("", "00000000-0000-0000-0000-000000000000")
_MOST_NAMES = 50


@door.get("/people")
@needs(Action.SEE_PEOPLE)
@door.arguments(PeopleArguments, location="query")
@door.response(200, PersonPageAnswer)
def listed(asked: dict[str, Any]) -> Response:
    """People with a post in one's part of the world, by name."""
    limit, after = asked.pop("limit"), _place(asked.pop("cursor"))
    asked |= {"names": asked["names"].split(",")[:_MOST_NAMES]} if "names" in asked else {}
    with house().database.reading() as session:
        rows = people.listed(session, actor(), today=today(), after=after, limit=limit, **asked)
        posts = people.posts_on(session, rows[:limit], today())
    last = [rows[limit - 1].name, str(rows[limit - 1].id)] if len(rows) > limit else None
    return answer({"items": [_shown(row) | {"posts": posts[row.id]} for row in rows[:limit]], "next": next_path(last)})


@door.get("/people/<uuid:person_id>")
@needs(Action.SEE_PEOPLE)
@door.response(200, PersonDetailAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def one(person_id: UUID) -> Response:
    """One person with every post, past ones too."""
    with house().database.reading() as session:
        person, held = people.one(session, actor(), person_id, today=today())
    return answer(_detail(person, held), etag=_version(person, held))


@door.put("/people/<uuid:person_id>")
@needs(Action.CHANGE_PEOPLE)
@door.arguments(NewPersonSchema)
@door.response(201, PersonDetailAnswer)
@door.alt_response(200, schema=PersonDetailAnswer, description="It was here already.", success=True)
@fails(Conflict)
def create(said: dict[str, Any], person_id: UUID) -> Response:
    """Somebody new, without a post yet."""
    check_number(said["phone"])
    with house().database.transaction() as session:
        is_new = people.create(session, house().keyring, actor(), person_id, said["name"], said["phone"], now=now())
        etag = present_version(session, person_id)
    return answer({"id": str(person_id), "name": said["name"]}, 201 if is_new else 200, etag=etag)


@door.post("/people/<uuid:person_id>/phone-reveal")
@needs(Action.REVEAL_PHONE)
@door.arguments(ReasonSchema)
@door.response(200, PhoneAnswer)
def reveal(said: dict[str, Any], person_id: UUID) -> Response:
    """The clear number, for a reason that is kept on record."""
    with house().database.transaction() as session:
        number = people.reveal_phone(
            session, house().keyring, actor(), person_id, said["reason"], today=today(), now=now()
        )
    return answer({"phone": number}, Cache_Control="no-store")


@door.post("/people/<uuid:person_id>/reset-login")
@needs(Action.RESET_LOGIN)
@door.response(200, OneTimeCodeAnswer)
@fails(Conflict)
def reset_login(person_id: UUID) -> Response:
    """A one-time code for somebody who forgot the password; said once."""
    with house().database.transaction() as session:
        code = logins.reset_by_office(session, house().keyring, actor(), person_id, today=today(), now=now())
    return answer({"code": code}, Cache_Control="no-store")


@door.post("/people/<uuid:person_id>/phone")
@needs(Action.CHANGE_PEOPLE)
@door.arguments(NewPhoneSchema)
@door.response(204)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def phone(said: dict[str, Any], person_id: UUID) -> Response:
    """Another number for somebody's account, entered by the office."""
    check_number(said["phone"])
    with house().database.transaction() as session:
        unchanged(session, person_id)
        logins.change_phone_by_office(
            session, house().keyring, actor(), person_id, said["phone"], today=today(), now=now()
        )
        etag = present_version(session, person_id)
    return nothing(etag=etag)


def unchanged(session: Session, person_id: UUID) -> None:
    """Nobody else has changed the person since the asker looked, nor can until the transaction ends."""
    people.hold(session, person_id)
    person, held = people.one(session, actor(), person_id, today=today())
    require_match(_version(person, held), _detail(person, held))


def present_version(session: Session, person_id: UUID) -> str:
    """The person's version after a change, with which the same office may go on."""
    session.expire_all()
    return _version(*people.as_kept(session, person_id))


def _version(person: Any, held: Posts) -> str:
    """The version of what two clerks may edit: name, number and posts."""
    number = person.phone_index.hex() if person.phone_index else ""
    return version_of(_detail(person, held), number)


def _detail(person: Any, held: Posts) -> dict[str, Any]:
    appointments = [
        {
            "id": str(row.id),
            "post": row.post,
            "region": row.region_code,
            "region_name": row.region_name,
            "unit": row.unit_code,
            "unit_name": row.unit_name,
            "from": row.from_day.isoformat(),
            "until": row.until_day.isoformat() if row.until_day else None,
            "substitute": str(row.substitute_id) if row.substitute_id else None,
        }
        for row in held
    ]
    return _shown(person) | {"appointments": appointments}


def _shown(row: Any) -> dict[str, Any]:
    return {"id": str(row.id), "name": row.name, "phone": phones.masked(row.phone_head, row.phone_tail)}


def _place(cursor: list[Any] | None) -> tuple[str, str]:
    if cursor is None:
        return _FIRST
    try:
        return str(cursor[0]), str(UUID(str(cursor[1])))
    except (ValueError, IndexError):
        raise BadInput.at("/cursor", "flaw.cursor") from None
