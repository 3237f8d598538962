"""Importing people: who holds which post where and answers for which segments; all of a sheet or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from backend.db import Session
from backend.domain.appointments import fits
from backend.domain.imports import Column, Sheet, Unreadable, codes, day, post_reader, read, region_code, words
from backend.domain.terms import CHIEFS, WALKERS, Duty, Level, Post
from backend.formats import phones
from backend.formats.city_tables import POST_NAMES
from backend.keyring import KeyRing
from backend.models.people import Appointment, Person
from backend.models.segments import Assignment
from backend.services import succession
from backend.services.imports import Imported, Rows
from backend.services.succession import Leaving
from backend.store import appointments, changes, imports

POSTS: dict[str, Post] = {name: post for post, name in POST_NAMES.items()}
"""Every post by what the people sheet calls it."""


def _phone(text: str) -> str:
    try:
        return phones.normal(text)
    except phones.BadPhone:
        raise Unreadable("import.phone", text=text[:3] + "…") from None


PERSON = (
    Column("姓名", "name", words(80)),
    Column("手机号", "phone", _phone),
    Column("职务", "post", post_reader(POSTS)),
    Column("区划代码", "region", region_code),
    Column("单位", "unit", words(80), is_required=False),
    Column("责任河段", "segments", codes, is_required=False),
    Column("任职起", "since", day),
    Column("任职止", "until", day, is_required=False),
    Column("代理人手机号", "substitute", _phone, is_required=False),
)
HEADINGS = [column.heading for column in PERSON]


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a sheet is taken: what day it is, whether it is earnest, and whether names may change."""

    today: date
    now: datetime
    is_live: bool = False
    may_rename: bool = False


@dataclass(slots=True)
class _Known:
    """What the database holds, asked once."""

    people: dict[bytes, Any]
    regions: set[str]
    units: dict[str, str]
    segments: dict[str, Any]


@dataclass(slots=True)
class _Written:
    """Rows to write, in the order of their keys."""

    people: dict[bytes, dict[str, Any]] = field(default_factory=dict)
    appointments: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)
    assignments: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)


def people(session: Session, keyring: KeyRing, rows: Rows, terms: Terms) -> Imported:
    """People by their numbers, with posts and segments; a known number is that person, under the same name.

    What the sheet ends or leaves out passes on as if the office had ended it, and everybody's phone hears of it.
    """
    sheet = read(rows, PERSON)
    known = _Known(
        imports.people_by_index(session),
        imports.region_codes(session),
        imports.units(session),
        imports.segment_places(session),
    )
    names: dict[str, tuple[int, str]] = {}
    numbers = {values["phone"] for _, values in sheet.rows}
    for row, values in sheet.rows:
        _check_person(sheet, row, values, names, keyring, known, numbers)
        _check_number(sheet, row, values, known.people.get(keyring.index(values["phone"])), terms)
        _check_post(sheet, row, values, known)
    if sheet.flaws:
        return Imported(len(sheet.rows), sorted(sheet.flaws, key=lambda flaw: flaw.row))

    before = appointments.held_on(session, terms.today)
    placed = _write(session, keyring, sheet, known, terms.now)
    _pass_on(session, sheet, placed, terms)
    after = appointments.held_on(session, terms.today)
    for person_id, segment_id in sorted(before ^ after, key=str):
        op: changes.Op = "put" if (person_id, segment_id) in after else "gone"
        changes.changed(session, terms.now, [person_id], "segment", segment_id, op)
    return Imported(len(sheet.rows))


def _check_person(
    sheet: Sheet,
    row: int,
    values: dict[str, Any],
    names: dict[str, tuple[int, str]],
    keyring: KeyRing,
    known: _Known,
    numbers: set[str],
) -> None:
    first_row, name = names.setdefault(values["phone"], (row, values["name"]))
    if name != values["name"]:
        sheet.flaw(row, "手机号", "import.phone_of_another", first=first_row)
    substitute = values["substitute"]
    if substitute == values["phone"]:
        sheet.flaw(row, "代理人手机号", "import.own_substitute")
    elif substitute and substitute not in numbers and keyring.index(substitute) not in known.people:
        sheet.flaw(row, "代理人手机号", "import.unknown_substitute")
    if values["until"] and values["until"] < values["since"]:
        sheet.flaw(row, "任职止", "import.days")


def _check_number(sheet: Sheet, row: int, values: dict[str, Any], account: Any, terms: Terms) -> None:
    """A number that was given to somebody else must not hand them the account of its former owner."""
    if account is not None and account.name != values["name"] and not terms.may_rename:
        sheet.flaw(row, "姓名", "import.name_of_known", name=account.name)
    if terms.is_live and phones.is_made_up(values["phone"]):
        sheet.flaw(row, "手机号", "flaw.made_up")


def _check_post(sheet: Sheet, row: int, values: dict[str, Any], known: _Known) -> None:
    if values["region"] not in known.regions:
        sheet.flaw(row, "区划代码", "import.unknown_region", code=values["region"])
    elif not fits(values["post"], values["region"]):
        sheet.flaw(row, "职务", "flaw.post_level")
    if values["unit"] and values["unit"] not in known.units:
        sheet.flaw(row, "单位", "import.unknown_unit", name=values["unit"])
    if values["post"] is Post.UNIT_LIAISON and not values["unit"]:
        sheet.flaw(row, "单位", "import.missing")
    if values["segments"] and values["post"] not in WALKERS:
        sheet.flaw(row, "责任河段", "import.no_walker")
        return
    for code in values["segments"] or []:
        wrong = _wrong_segment(known.segments.get(code), values)
        if wrong is not None:
            sheet.flaw(row, "责任河段", wrong, code=code)


def _wrong_segment(segment: Any, values: dict[str, Any]) -> str | None:
    """Why a post cannot hold a segment; None when it can."""
    if segment is None:
        return "import.unknown_segment"
    if not segment.region_code.startswith(values["region"]):
        return "import.segment_elsewhere"
    return None if segment.level == _level(values["post"]) else "import.segment_level"


def _level(post: Post) -> Level:
    """The level of the reaches that a post holds; wardens walk the village reaches."""
    return CHIEFS.get(post, Level.VILLAGE)


@dataclass(slots=True)
class _Placed:
    """A row of the sheet as it was written: the appointment, and when it ended before."""

    appointment: dict[str, Any]
    is_known: bool
    ended_before: date | None
    segments: set[UUID]


def _write(session: Session, keyring: KeyRing, sheet: Sheet, known: _Known, now: datetime) -> list[_Placed]:
    out = _Written()
    ids = {index: row.id for index, row in known.people.items()}
    index_of = {values["phone"]: keyring.index(values["phone"]) for _, values in sheet.rows}
    for _, values in sheet.rows:
        index = index_of[values["phone"]]
        ids.setdefault(index, uuid4())
        out.people.setdefault(index, _person_row(keyring, ids[index], index, values, now))
    posts, held = imports.appointments(session), imports.assignments(session)
    placed = [_add_post(out, keyring, ids, known, posts, held, values) for _, values in sheet.rows]
    imports.upsert(
        session,
        Person,
        list(out.people.values()),
        ["phone_index"],
        keep=["id", "created_at", "token_version", "is_active", "is_demo"],
    )
    key = ["person_id", "post", "region_code", "from_day"]
    imports.upsert(session, Appointment, list(out.appointments.values()), key, keep=["id"])
    key = ["person_id", "segment_id", "duty", "from_day"]
    imports.upsert(session, Assignment, list(out.assignments.values()), key, keep=["id"])
    imports.posts_changed(session, sorted({ids[index] for index in out.people if index in known.people}, key=str))
    return placed


def _pass_on(session: Session, sheet: Sheet, placed: list[_Placed], terms: Terms) -> None:
    """What the sheet ends, and the segments it no longer names, pass on; who only acted makes room for new chiefs."""
    says_segments = any(values["segments"] for _, values in sheet.rows)
    named: dict[UUID, set[UUID]] = {}
    for each in placed:
        named.setdefault(each.appointment["id"], set()).update(each.segments)
    for each in placed:
        until = each.appointment["until_day"]
        if until is not None and until != each.ended_before and (each.is_known or until > terms.today):
            _leave(session, each, appointments.held_by(session, _id(each), until - timedelta(days=1)), until, terms)
        elif says_segments and each.is_known and (until is None or until > terms.today):
            held = appointments.held_by(session, _id(each), terms.today)
            _leave(session, each, [row for row in held if row.segment_id not in named[_id(each)]], terms.today, terms)
    for each in placed:
        post, until = Post(each.appointment["post"]), each.appointment["until_day"]
        if post in CHIEFS and each.segments and (until is None or until > terms.today):
            since = each.appointment["from_day"]
            succession.replace(session, each.segments, since, today=terms.today, now=terms.now)


def _leave(session: Session, placed: _Placed, held: list[Any], until: date, terms: Terms) -> None:
    person, substitute = placed.appointment["person_id"], placed.appointment["substitute_id"]
    succession.leave(session, Leaving(person, substitute, until, terms.today, terms.now), held)


def _id(placed: _Placed) -> UUID:
    found: UUID = placed.appointment["id"]
    return found


def _person_row(
    keyring: KeyRing, person_id: UUID, index: bytes, values: dict[str, Any], now: datetime
) -> dict[str, Any]:
    head, tail = phones.ends(values["phone"])
    return {
        "id": person_id,
        "name": values["name"],
        "phone_sealed": keyring.seal(values["phone"]),
        "phone_index": index,
        "phone_head": head,
        "phone_tail": tail,
        "token_version": 1,
        "is_active": True,
        "is_demo": False,
        "created_at": now,
    }


def _add_post(
    out: _Written,
    keyring: KeyRing,
    ids: dict[bytes, UUID],
    known: _Known,
    posts: dict[tuple[UUID, str, str, Any], Any],
    held: dict[tuple[UUID, UUID, str, Any], UUID],
    values: dict[str, Any],
) -> _Placed:
    person_id = ids[keyring.index(values["phone"])]
    post: Post = values["post"]
    key = (person_id, post.value, values["region"], values["since"])
    there = posts.get(key)
    appointment_id = there.id if there else out.appointments.get(key, {}).get("id") or uuid4()
    # An empty cell does not say that a post goes on: one that the office has ended stays so.
    until = values["until"] or (there.until_day if there else None)
    out.appointments[key] = {
        "id": appointment_id,
        "person_id": person_id,
        "post": post.value,
        "region_code": values["region"],
        "unit_code": known.units[values["unit"]] if values["unit"] else None,
        "substitute_id": ids[keyring.index(values["substitute"])] if values["substitute"] else None,
        "from_day": values["since"],
        "until_day": until,
    }
    duty = Duty.WARDEN.value if post is Post.WARDEN else Duty.CHIEF.value
    for code in values["segments"] or []:
        part = (person_id, known.segments[code].id, duty, values["since"])
        out.assignments[part] = {
            "id": held.get(part) or uuid4(),
            "person_id": person_id,
            "segment_id": part[1],
            "appointment_id": appointment_id,
            "duty": duty,
            "from_day": values["since"],
            "until_day": until,
        }
    segments = {known.segments[code].id for code in values["segments"] or []}
    return _Placed(out.appointments[key], there is not None, there.until_day if there else None, segments)
