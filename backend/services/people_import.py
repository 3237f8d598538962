"""Importing people: who holds which post where and answers for which segments; all of a sheet or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from backend.db import Session
from backend.domain.imports import Column, Sheet, Unreadable, codes, day, post_reader, read, region_code, words
from backend.domain.terms import CHIEFS, WALKERS, Duty, Level, Post
from backend.formats import phones
from backend.formats.city_tables import POST_NAMES
from backend.keyring import KeyRing
from backend.models.people import Appointment, Person
from backend.models.segments import Assignment
from backend.services.imports import Imported, Rows
from backend.store import imports

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


def people(session: Session, keyring: KeyRing, rows: Rows, *, now: datetime) -> Imported:
    """People by their numbers, with posts and segments; a number that is known alters that person."""
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
        _check_post(sheet, row, values, known)
    if sheet.flaws:
        return Imported(len(sheet.rows), sorted(sheet.flaws, key=lambda flaw: flaw.row))

    _write(session, keyring, sheet, known, now)
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


def _check_post(sheet: Sheet, row: int, values: dict[str, Any], known: _Known) -> None:
    if values["region"] not in known.regions:
        sheet.flaw(row, "区划代码", "import.unknown_region", code=values["region"])
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


def _write(session: Session, keyring: KeyRing, sheet: Sheet, known: _Known, now: datetime) -> None:
    out = _Written()
    ids = {index: row.id for index, row in known.people.items()}
    index_of = {values["phone"]: keyring.index(values["phone"]) for _, values in sheet.rows}
    for _, values in sheet.rows:
        index = index_of[values["phone"]]
        ids.setdefault(index, uuid4())
        out.people.setdefault(index, _person_row(keyring, ids[index], index, values, now))
    posts, held = imports.appointments(session), imports.assignments(session)
    for _, values in sheet.rows:
        _add_post(out, keyring, ids, known, posts, held, values)
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
    posts: dict[tuple[UUID, str, str, Any], UUID],
    held: dict[tuple[UUID, UUID, str, Any], UUID],
    values: dict[str, Any],
) -> None:
    person_id = ids[keyring.index(values["phone"])]
    post: Post = values["post"]
    key = (person_id, post.value, values["region"], values["since"])
    appointment_id = posts.get(key) or (out.appointments[key]["id"] if key in out.appointments else uuid4())
    out.appointments[key] = {
        "id": appointment_id,
        "person_id": person_id,
        "post": post.value,
        "region_code": values["region"],
        "unit_code": known.units[values["unit"]] if values["unit"] else None,
        "substitute_id": ids[keyring.index(values["substitute"])] if values["substitute"] else None,
        "from_day": values["since"],
        "until_day": values["until"],
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
            "until_day": values["until"],
        }
