"""Reports from the public (公众举报): what anybody may tell, by what code it is followed, how much is taken at once.

Where no source is named a number is our judgement.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from uuid import UUID

from backend.domain.access import Actor
from backend.domain.hazards import Kind, Severity, State

PUBLIC = Actor(UUID("9c1b7a40-0000-8000-8000-000000000000"), "公众", ())
"""Everybody who has no account, as one person who has none either, holds no post and cannot sign in."""
SOURCES = ("public", "staff", "inspection", "clue")
"""Who told of a case: somebody without an account, or with one; of these inspectors, police and prosecutors apart."""
ALIKE_M, ALIKE_FOR, MOST_ALIKE = 250.0, timedelta(days=30), 5
"""Within so many metres and so long an open case of the same class may be the same one (design: domain.md)."""
ASKED_AFTER = timedelta(days=28)
"""So long after closing the citizen is asked whether it is good now (our judgement)."""
MOST_PHOTOS, MOST_BYTES_EACH = 3, 6 * 1024 * 1024
"""Photos of one report, and bytes of each: a phone's own picture, as it is taken without our script."""
LONGEST = 500
"""Characters of the sentence."""
PHONE_KEPT = timedelta(days=90)
"""So long after its end a report keeps the telephone number that came with it (PIPL 19: no longer than needed)."""
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Those that nobody takes for another; 31 of them, a prime, so that the last one finds every slip of one letter and
every two that changed places.
"""
_RANDOM = 9
_MASK = re.compile(r"(?:[0-9０-９][^\w\n，。；、！？]{0,2}){6,}[0-9０-９xX]")
"""Seven digits or more, whatever signs stand between them."""


CHOICES: Mapping[Kind, Severity] = {
    Kind.DUMP: Severity.ORDINARY,
    Kind.POLLUTION: Severity.ORDINARY,
    Kind.DRIFT: Severity.ORDINARY,
    Kind.MINE: Severity.ORDINARY,
    Kind.BUILD: Severity.ORDINARY,
    Kind.OCCUPY: Severity.ORDINARY,
    Kind.BLOCKED_DRAIN: Severity.ORDINARY,
    Kind.LEVEE_DEFECT: Severity.ORDINARY,
    Kind.SEEPAGE: Severity.MAJOR,
}
"""What anybody can tell apart on a bank, and how bad it is taken to be until somebody of the office has looked.

Water that comes through a levee is taken for bad: it is the one thing here that can drown somebody tonight.
"""


class Via(StrEnum):
    """By which door a report came."""

    PAGE = "page"
    OPEN311 = "open311"


class Stage(StrEnum):
    """Where a case stands, in as few steps as somebody on the bank wants to know."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    MENDING = "mending"
    CHECKING = "checking"
    DONE = "done"
    REFUSED = "refused"


_STAGES: Mapping[State, Stage] = {
    State.REPORTED: Stage.RECEIVED,
    State.REJECTED: Stage.REFUSED,
    State.ACCEPTED: Stage.ACCEPTED,
    State.ASSIGNED: Stage.MENDING,
    State.IN_HAND: Stage.MENDING,
    State.DONE_REPORTED: Stage.CHECKING,
    State.VERIFIED: Stage.CHECKING,
    State.CLOSED: Stage.DONE,
    State.MERGED: Stage.RECEIVED,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told, whole and checked for its shape.

    `id` is that of their puzzle, so that a second sending of the same form is the same report.
    """

    id: UUID
    kind: Kind
    description: str
    lonlat: tuple[float, float] | None
    """In WGS 84."""
    segment: str | None
    """The code of a reach, where no place is known, or the one on which the board stands that was read."""
    via: Via = Via.PAGE
    phone: str | None = None
    """E.164."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much came lately: new cases of a reach and of a county, everything, in an hour; bytes of photos in a day."""

    reach: int
    county: int
    every: int
    day_bytes: int


WITHIN = timedelta(hours=1)
MOST_OF_REACH, MOST_OF_COUNTY, MOST_OF_ALL = 10, 60, 600
MOST_DAY_BYTES = 2 * 1024**3
_LATER_S = 600


def new_code() -> str:
    """A code by which somebody follows their case: nine letters out of 2.6·10^13, and one that checks them."""
    body = "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM))
    return body + _check(body)


def code_in(typed: str) -> str | None:
    """The code that somebody typed, in whatever case and with whatever between its letters; None for a slip."""
    code = re.sub(r"[\s\-.·]", "", typed).lower()
    is_one = len(code) == _RANDOM + 1 and all(letter in _LETTERS for letter in code)
    return code if is_one and _check(code[:-1]) == code[-1] else None


def spaced(code: str) -> str:
    """The same as it is read out: five letters, and five more."""
    return f"{code[:5]}-{code[5:]}"


def stage_of(state: State) -> Stage:
    """Where a case in that state stands for the public."""
    return _STAGES[state]


def asks_now(state: State, closed_at: datetime | None, answered_at: datetime | None, now: datetime) -> bool:
    """Whether the citizen is asked now if they are satisfied: once for each closing, 28 days after it."""
    if state is not State.CLOSED or closed_at is None or now < closed_at + ASKED_AFTER:
        return False
    return answered_at is None or answered_at < closed_at


def wait_s(load: Load, more_bytes: int = 0, *, is_new: bool = True) -> int | None:
    """Seconds to wait where so much came lately that no more is taken; None where it is.

    A reach, a county and the house each have their own ceiling, so that a flood of reports about one place leaves the
    others open. Somebody who joins a case adds nothing to a list, so only the ceiling of the house holds for them.
    """
    if load.every >= MOST_OF_ALL:
        return _LATER_S
    if is_new and (load.reach >= MOST_OF_REACH or load.county >= MOST_OF_COUNTY):
        return _LATER_S
    return _LATER_S if more_bytes and load.day_bytes + more_bytes > MOST_DAY_BYTES else None


def sender_of(address: str | None) -> str:
    """Whose address it is, for counting: of IPv6 the network of a household (/64), of what is none one for all."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return "-"
    if known.version == 4:
        return str(known)
    return known.exploded[:19]


def rounded(lonlat: tuple[float, float]) -> tuple[float, float]:
    """Where a case is for everybody, in degrees to three places: within about a hundred metres, at nobody's door."""
    return round(lonlat[0], 3), round(lonlat[1], 3)


def without_numbers(text: str) -> str:
    """A text for the public in which no number is left that could be somebody's telephone or identity card."""
    return _MASK.sub("****", text)


def _check(body: str) -> str:
    weighed = sum(place * _LETTERS.index(letter) for place, letter in enumerate(body, 1))
    return _LETTERS[weighed % len(_LETTERS)]
