"""Importing people: who holds which post where and answers for which segments; all of a sheet or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from backend.db import Session
from backend.domain.imports import Column, Sheet, Unreadable, codes, day, post_reader, read, region_code, words
from backend.domain.terms import CHIEFS, Duty, Post
from backend.formats import phones
from backend.formats.city_tables import POST_NAMES
from backend.keyring import KeyRing
from backend.models.people import Appointment, Person
from backend.models.segments import Assignment
from backend.services import people_checks, succession
from backend.services.imports import Imported, Rows
from backend.services.people_checks import Known, Terms
from backend.services.succession import Leaving
from backend.store import appointments, changes, imports

POSTS: dict[str, Post] = {name: post for post, name in POST_NAMES.items()}
"""Every post by what the people sheet calls it."""

ALSO_CALLED: dict[str, Post] = {
    "乡级河长": Post.TOWN_CHIEF,
    "乡镇级河长": Post.TOWN_CHIEF,
    "乡镇河长": Post.TOWN_CHIEF,
    "镇街级河长": Post.TOWN_CHIEF,
    "巡河员": Post.WARDEN,
    "河长办工作人员": Post.OFFICE_CLERK,
    "水利局工作人员": Post.BUREAU_CLERK,
    "成员单位联络员": Post.UNIT_LIAISON,
    "河道检察长": Post.PROSECUTOR,
}
"""What else offices write for a post, and what the console says of it: what is copied from there is understood."""


def _phone(text: str) -> str:
    try:
        return phones.normal(text)
    except phones.BadPhone:
        raise Unreadable("import.phone", text=text[:3] + "…") from None


PERSON = (
    Column("姓名", "name", words(80)),
    Column("手机号", "phone", _phone),
    Column("职务", "post", post_reader(POSTS, ALSO_CALLED)),
    Column("区划代码", "region", region_code),
    Column("单位", "unit", words(80), is_required=False),
    Column("责任河段", "segments", codes, is_required=False),
    Column("任职起", "since", day),
    Column("任职止", "until", day, is_required=False),
    Column("代理人手机号", "substitute", _phone, is_required=False),
)
HEADINGS = [column.heading for column in PERSON]
EXAMPLE = ["王村长", "12345678901", "村级河长", "371502001001", "", "TUHAI-371502-007", "2024-01-01", "", ""]
"""A row that shows how each column is filled in."""


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
    known = people_checks.known(session, terms.today)
    people_checks.check(sheet, keyring, known, terms)
    if sheet.flaws:
        return Imported(len(sheet.rows), sorted(sheet.flaws, key=lambda flaw: flaw.row))

    out, placed = _prepared(session, keyring, sheet, known, terms.now)
    done = Imported(len(sheet.rows), said=_said(out, placed, known))
    if terms.is_check:
        return done
    before = appointments.held_on(session, terms.today)
    _write(session, out, known)
    _pass_on(session, sheet, placed, terms)
    after = appointments.held_on(session, terms.today)
    for person_id, segment_id in sorted(before ^ after, key=str):
        op: changes.Op = "put" if (person_id, segment_id) in after else "gone"
        changes.changed(session, terms.now, [person_id], "segment", segment_id, op)
    return done


def by_hand(session: Session, keyring: KeyRing, rows: Rows, terms: Terms, sha256: str) -> Imported:
    """The same for somebody who brings a sheet in a browser; that they did is on record."""
    done = people(session, keyring, rows, terms)
    if not (done.flaws or terms.is_check):
        giver = terms.giver.person_id if terms.giver else None
        body = {"sha256": sha256, "rows": done.rows, **done.said}
        changes.record(session, terms.now, giver, "import_people", "sheet", sha256[:32], body)
    return done


@dataclass(slots=True)
class _Placed:
    """A row of the sheet as it was written: the appointment, and when it ended before."""

    appointment: dict[str, Any]
    is_known: bool
    ended_before: date | None
    segments: set[UUID]


def _prepared(
    session: Session, keyring: KeyRing, sheet: Sheet, known: Known, now: datetime
) -> tuple[_Written, list[_Placed]]:
    out = _Written()
    ids = {index: row.id for index, row in known.people.items()}
    index_of = {values["phone"]: keyring.index(values["phone"]) for _, values in sheet.rows}
    for _, values in sheet.rows:
        index = index_of[values["phone"]]
        ids.setdefault(index, uuid4())
        out.people.setdefault(index, _person_row(keyring, ids[index], index, values, now))
    held = imports.assignments(session)
    return out, [_add_post(out, keyring, ids, known, held, values) for _, values in sheet.rows]


def _said(out: _Written, placed: list[_Placed], known: Known) -> dict[str, int]:
    """What comes of a sheet, in numbers."""
    posts = {_id(each): each for each in placed}.values()
    ended = (each for each in posts if each.appointment["until_day"] not in (None, each.ended_before))
    return {
        "new_people": sum(index not in known.people for index in out.people),
        "known_people": sum(index in known.people for index in out.people),
        "new_posts": sum(not each.is_known for each in posts),
        "ended_posts": sum(each.is_known for each in ended),
    }


def _write(session: Session, out: _Written, known: Known) -> None:
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
    known_ids = (known.people[index].id for index in out.people if index in known.people)
    imports.posts_changed(session, sorted(known_ids, key=str))


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
    known: Known,
    held: dict[tuple[UUID, UUID, str, Any], UUID],
    values: dict[str, Any],
) -> _Placed:
    person_id = ids[keyring.index(values["phone"])]
    post: Post = values["post"]
    key = (person_id, post.value, values["region"], values["since"])
    there = known.posts.get(key)
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
