"""Checks of a people sheet: what is wrong with a row beside its cells, and whether the giver may give it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor, Seat, may
from backend.domain.actions import Action
from backend.domain.appointments import fits, may_add_to, may_give
from backend.domain.imports import Sheet
from backend.domain.terms import CHIEFS, WALKERS, Level, Post
from backend.formats import phones
from backend.keyring import KeyRing
from backend.store import imports

Held = dict[tuple[UUID, str, str, Any], Any]
"""Appointments (id, until_day, unit_code) by person, post, region and first day."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a sheet is taken: what day it is, whether it is earnest, and whether names may change."""

    today: date
    now: datetime
    is_live: bool = False
    may_rename: bool = False
    giver: Actor | None = None
    """Who brings it, and may give posts as far as theirs reach; None: at the server's command line, all of them."""
    is_check: bool = False
    """Only say what is wrong and what would come of it; nothing is written."""


@dataclass(slots=True)
class Known:
    """What the database holds, asked once."""

    people: dict[bytes, Any]
    regions: set[str]
    units: dict[str, str]
    segments: dict[str, Any]
    posts: Held
    seats: dict[UUID, list[Seat]] = field(default_factory=dict)
    """The posts of everybody that are not over."""


def known(session: Session, today: date) -> Known:
    """Everything that a sheet can speak of."""
    found = Known(
        imports.people_by_index(session),
        imports.region_codes(session),
        imports.units(session),
        imports.segment_places(session),
        imports.appointments(session),
    )
    seats: dict[UUID, list[Seat]] = defaultdict(list)
    for (person_id, post, region, _), row in found.posts.items():
        if row.until_day is None or row.until_day > today:
            seats[person_id].append(Seat(Post(post), region, row.unit_code))
    found.seats = dict(seats)
    return found


def check(sheet: Sheet, keyring: KeyRing, found: Known, terms: Terms) -> None:
    """Note everything that is wrong with any row."""
    names: dict[str, tuple[int, str]] = {}
    numbers = {values["phone"] for _, values in sheet.rows}
    for row, values in sheet.rows:
        account = found.people.get(keyring.index(values["phone"]))
        _check_person(sheet, row, values, names, keyring, found, numbers)
        if _is_anothers(account, found, terms):
            sheet.flaw(row, "手机号", "import.number_elsewhere")
        else:
            _check_number(sheet, row, values, account, terms)
            _check_charge(sheet, row, account, found, terms)
        _check_post(sheet, row, values, found)
        _check_giver(sheet, row, values, found, terms)


def _is_anothers(account: Any, found: Known, terms: Terms) -> bool:
    """Whether the number is that of somebody whom the giver does not see, and must not hear the name of."""
    seats = found.seats.get(account.id, []) if account is not None else []
    if terms.giver is None or not seats:
        return False
    return not any(may(terms.giver, Action.SEE_PEOPLE, seat.region) for seat in seats)


def _check_charge(sheet: Sheet, row: int, account: Any, found: Known, terms: Terms) -> None:
    """Nobody alters their own posts, nor an administrator's but another one."""
    if terms.giver is None or account is None:
        return
    if account.id == terms.giver.person_id:
        sheet.flaw(row, "手机号", "import.own_row")
    elif not may_add_to(terms.giver, found.seats.get(account.id, [])):
        sheet.flaw(row, "手机号", "import.not_yours_to_give")


def _check_giver(sheet: Sheet, row: int, values: dict[str, Any], found: Known, terms: Terms) -> None:
    """Nobody gives by a sheet what they could not give by hand."""
    if terms.giver is None or values["region"] not in found.regions:
        return
    if not may(terms.giver, Action.CHANGE_PEOPLE, values["region"]):
        sheet.flaw(row, "区划代码", "import.region_outside", code=values["region"])
    elif not may_give(terms.giver, values["post"], values["region"]):
        sheet.flaw(row, "职务", "import.not_yours_to_give")


def _check_person(
    sheet: Sheet,
    row: int,
    values: dict[str, Any],
    names: dict[str, tuple[int, str]],
    keyring: KeyRing,
    found: Known,
    numbers: set[str],
) -> None:
    first_row, name = names.setdefault(values["phone"], (row, values["name"]))
    if name != values["name"]:
        sheet.flaw(row, "手机号", "import.phone_of_another", first=first_row)
    substitute = values["substitute"]
    if substitute == values["phone"]:
        sheet.flaw(row, "代理人手机号", "import.own_substitute")
    elif substitute and substitute not in numbers and keyring.index(substitute) not in found.people:
        sheet.flaw(row, "代理人手机号", "import.unknown_substitute")
    if values["until"] and values["until"] < values["since"]:
        sheet.flaw(row, "任职止", "import.days")


def _check_number(sheet: Sheet, row: int, values: dict[str, Any], account: Any, terms: Terms) -> None:
    """A number that was given to somebody else must not hand them the account of its former owner."""
    if account is not None and account.name != values["name"] and not terms.may_rename:
        sheet.flaw(row, "姓名", "import.name_of_known", name=account.name)
    if terms.is_live and phones.is_made_up(values["phone"]):
        sheet.flaw(row, "手机号", "flaw.made_up")


def _check_post(sheet: Sheet, row: int, values: dict[str, Any], found: Known) -> None:
    if values["region"] not in found.regions:
        sheet.flaw(row, "区划代码", "import.unknown_region", code=values["region"])
    elif not fits(values["post"], values["region"]):
        sheet.flaw(row, "职务", "flaw.post_level")
    if values["unit"] and values["unit"] not in found.units:
        sheet.flaw(row, "单位", "import.unknown_unit", name=values["unit"])
    if values["post"] is Post.UNIT_LIAISON and not values["unit"]:
        sheet.flaw(row, "单位", "import.missing")
    if values["segments"] and values["post"] not in WALKERS:
        sheet.flaw(row, "责任河段", "import.no_walker")
        return
    for code in values["segments"] or []:
        wrong = _wrong_segment(found.segments.get(code), values)
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
