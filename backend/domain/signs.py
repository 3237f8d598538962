"""Notice boards (公示牌): what stands on one, in what it differs from today, and when it is out of date."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

from backend.errors import BadInput, Flaw
from backend.words import Text

SIGN = "notice_board"
"""What it is called on record."""
LIMIT = timedelta(days=15)
"""So long after a change a board may still say what was."""
MOST_SHEETS = 50
"""Boards that are printed at once."""
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Those that nobody takes for another."""
_LENGTH = 8


class State(StrEnum):
    """Which boards a list is about."""

    STANDING = "standing"
    OVERDUE = "overdue"
    """What is on it has been wrong for longer than the limit."""
    TAKEN_DOWN = "taken_down"


class What(StrEnum):
    """In what a board differs from today."""

    NEVER_PRINTED = "never_printed"
    """Nobody has said what is on it."""
    CHIEF = "chief"
    """Somebody else answers for the reach, or in another post."""
    REACH = "reach"
    """It stands on another reach since its own was cut."""
    TEXT = "text"
    """Telephone, goals or forbidden acts were written anew."""
    NAMES = "names"
    """River, reach or a person is called otherwise, without anything having changed on a known day."""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody in charge as a board names them; without a post: acting for one that is vacant."""

    person_id: UUID
    name: str
    post: str
    region: str
    from_day: date

    @property
    def key(self) -> tuple[UUID, str]:
        """Who in which post."""
        return self.person_id, self.post


@dataclass(frozen=True, slots=True)
class Content:
    """What is printed on a board; empty goals and forbidden acts stand for the usual ones."""

    river: str
    reach: str
    chiefs: tuple[Named, ...]
    office_phone: str
    goals: str
    forbidden: str

    def shown(self) -> dict[str, Any]:
        """As it is kept: names and words, and no id of anybody."""
        return {
            "river": self.river,
            "reach": self.reach,
            "chiefs": [{"name": each.name, "post": each.post, "region": each.region} for each in self.chiefs],
            "office_phone": self.office_phone,
            "goals": self.goals,
            "forbidden": self.forbidden,
        }


@dataclass(frozen=True, slots=True)
class Printed:
    """What was put on a board when, and where each of those whom it names has stopped since (None: not at all)."""

    on: date
    content: dict[str, Any]
    segment_id: UUID
    names: dict[tuple[UUID, str], date | None]


@dataclass(frozen=True, slots=True)
class Today:
    """How it is now: content, reach with its first day, and when the texts were written."""

    content: Content
    segment_id: UUID
    reach_since: date
    text_since: date
    put_up_on: date | None
    is_text_newer: bool
    """Whether the texts were written after the board was printed, be it on the same day."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a board is wrong, and since when; None where no day is known."""

    what: What
    since: date | None


@dataclass(frozen=True, slots=True)
class SignDraft:
    """A board as somebody describes it."""

    code: str
    segment: str
    lonlat: tuple[float, float] | None
    """In WGS 84; None: the upper end of the reach."""
    place: str
    put_up_on: date | None
    taken_down_on: date | None
    office_phone: str
    goals: str
    forbidden: str
    photo: bytes | None = None
    """The digest of a picture of it."""


def new_token() -> str:
    """A short code for the address on a board, which nobody finds by counting: one of 8·10^11."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def is_token(said: str) -> bool:
    """Whether it can be one."""
    return len(said) == _LENGTH and all(letter in _LETTERS for letter in said)


def digest(content: dict[str, Any]) -> str:
    """By which a printed sheet is told from another one."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def differences(printed: Printed | None, now: Today) -> list[Difference]:
    """In what a board differs from how it is now, what has been wrong longest first."""
    if printed is None:
        return [Difference(What.NEVER_PRINTED, now.put_up_on)]
    found = [Difference(What.CHIEF, day) for day in _chiefs(printed.names, now.content.chiefs)]
    if printed.segment_id != now.segment_id:
        found.append(Difference(What.REACH, now.reach_since))
    if now.is_text_newer:
        found.append(Difference(What.TEXT, now.text_since))
    if not found and printed.content != now.content.shown():
        found.append(Difference(What.NAMES, None))
    earliest: dict[What, Difference] = {}
    for each in sorted(found, key=_age):
        earliest.setdefault(each.what, each)
    return list(earliest.values())


def is_overdue(found: Iterable[Difference], today: date) -> bool:
    """Whether one of them has been there for longer than the limit; of a board that nobody has printed it is not known
    since when, and so it is.
    """
    return any(
        (each.since is None and each.what is What.NEVER_PRINTED)
        or (each.since is not None and each.since <= last_day(today))
        for each in found
    )


def last_day(today: date) -> date:
    """What has been so since that day, or longer, is over the limit."""
    return today - LIMIT


def check_days(put_up_on: date | None, taken_down_on: date | None, today: date) -> None:
    """BadInput for days that cannot be."""
    flaws = []
    if put_up_on is not None and put_up_on > today:
        flaws.append(Flaw("/put_up_on", Text("flaw.sign_ahead")))
    if taken_down_on is not None and not (put_up_on or taken_down_on) <= taken_down_on <= today:
        flaws.append(Flaw("/taken_down_on", Text("flaw.sign_down")))
    if flaws:
        raise BadInput(*flaws)


def _chiefs(names: dict[tuple[UUID, str], date | None], chiefs: Sequence[Named]) -> Iterable[date]:
    there: Collection[tuple[UUID, str]] = {each.key for each in chiefs}
    yield from (each.from_day for each in chiefs if each.key not in names)
    yield from (until for key, until in names.items() if key not in there and until is not None)


def _age(each: Difference) -> date:
    return each.since or date.max
