"""Hazards (问题 / 隐患): their kinds, and the table by which they move from report to closing.

Kinds and states are those of the HTTP contract; who may act is `access.TABLE`'s word, by the action named here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import inf
from typing import Any
from uuid import UUID

from backend.domain.actions import Action


class Kind(StrEnum):
    """What is wrong: the four illegal activities (四乱), flood hazards (防汛隐患), and what is in the water."""

    OCCUPY = "four_illegal.occupy"
    MINE = "four_illegal.mine"
    DUMP = "four_illegal.dump"
    BUILD = "four_illegal.build"
    LEVEE_DEFECT = "flood.levee_defect"
    SEEPAGE = "flood.seepage"
    PIPING = "flood.piping"
    SCOUR = "flood.scour"
    SLIDE = "flood.slide"
    OVERTOPPING = "flood.overtopping"
    SLUICE_FAULT = "flood.sluice_fault"
    PUMP_FAULT = "flood.pump_fault"
    OBSTRUCTION = "flood.obstruction"
    BLOCKED_DRAIN = "flood.blocked_drain"
    WIND = "flood.wind"
    POLLUTION = "water.pollution"
    DRIFT = "water.drift"

    @property
    def is_flood(self) -> bool:
        """Whether it can drown somebody when the water rises: such hazards have half the time in the key window."""
        return self.startswith("flood.")


class Severity(StrEnum):
    """How bad it is; critical (险情) is counted in minutes."""

    MINOR = "minor"
    ORDINARY = "ordinary"
    MAJOR = "major"
    CRITICAL = "critical"


SEVERE = (Severity.MAJOR, Severity.CRITICAL)
"""What is seen from afar: on the first page and on a map of the whole city."""


class Watch(StrEnum):
    """Under whose eyes it is put by a superior (督办): ordinary 一般, key 重点, listed 挂牌."""

    NONE = "none"
    ORDINARY = "ordinary"
    KEY = "key"
    LISTED = "listed"


class State(StrEnum):
    """Where a hazard stands."""

    REPORTED = "reported"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    IN_HAND = "in_hand"
    DONE_REPORTED = "done_reported"
    VERIFIED = "verified"
    CLOSED = "closed"
    MERGED = "merged"


class Act(StrEnum):
    """What can be done with a hazard."""

    ACCEPT = "accept"
    REJECT = "reject"
    ASSIGN = "assign"
    START = "start"
    REPORT_DONE = "report_done"
    VERIFY = "verify"
    RETURN = "return"
    CLOSE = "close"
    REOPEN = "reopen"
    TRANSFER = "transfer"
    HAND_BACK = "hand_back"
    SUPERVISE = "supervise"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    ASK_COORDINATION = "ask_coordination"
    ANSWER_COORDINATION = "answer_coordination"
    ADD_INTERIM = "add_interim"
    CHECK_INTERIM = "check_interim"
    MERGE = "merge"
    UNMERGE = "unmerge"
    COMMENT = "comment"


WAITING = (State.REPORTED, State.ACCEPTED)
"""Nobody has been told yet to mend it."""
MENDING = (State.ASSIGNED, State.IN_HAND)
OPEN = (*WAITING, *MENDING, State.DONE_REPORTED, State.VERIFIED)
"""Everything that still wants something of somebody."""


def _stays(*states: State) -> dict[State, State]:
    return {state: state for state in states}


def _to(end: State, *begin: State) -> dict[State, State]:
    return dict.fromkeys(begin, end)


MOVES: Mapping[Act, Mapping[State, State]] = {
    Act.ACCEPT: _to(State.ACCEPTED, State.REPORTED),
    Act.REJECT: _to(State.REJECTED, *WAITING),
    # Given to another unit or person as long as nobody says that it is mended.
    Act.ASSIGN: _to(State.ASSIGNED, State.ACCEPTED, *MENDING),
    Act.START: _to(State.IN_HAND, State.ASSIGNED),
    # A small thing is mended on the spot, without a word before.
    Act.REPORT_DONE: _to(State.DONE_REPORTED, *MENDING),
    Act.VERIFY: _to(State.VERIFIED, State.DONE_REPORTED),
    # Mended badly: back to those who mend it. Given to the wrong ones: back to those who give it out.
    Act.RETURN: _to(State.ASSIGNED, State.DONE_REPORTED, State.VERIFIED) | _to(State.ACCEPTED, *MENDING),
    Act.CLOSE: _to(State.CLOSED, State.VERIFIED),
    Act.REOPEN: _to(State.ASSIGNED, State.CLOSED) | _to(State.REPORTED, State.REJECTED),
    Act.TRANSFER: _stays(State.ACCEPTED, *MENDING, State.DONE_REPORTED),
    Act.HAND_BACK: _stays(*OPEN),
    Act.SUPERVISE: _stays(*OPEN),
    Act.ASK_EXTENSION: _stays(*MENDING),
    Act.GRANT_EXTENSION: _stays(*MENDING),
    Act.REFUSE_EXTENSION: _stays(*MENDING),
    Act.ASK_COORDINATION: _stays(State.ACCEPTED, *MENDING),
    Act.ANSWER_COORDINATION: _stays(*OPEN),
    Act.ADD_INTERIM: _stays(State.ACCEPTED, *MENDING, State.DONE_REPORTED),
    Act.CHECK_INTERIM: _stays(State.ACCEPTED, *MENDING, State.DONE_REPORTED),
    Act.MERGE: _to(State.MERGED, State.REPORTED, State.ACCEPTED),
    Act.UNMERGE: _to(State.REPORTED, State.MERGED),
    Act.COMMENT: _stays(*State),
}
"""Act → state before → state after. What is not in it cannot happen."""
ENDINGS = tuple(
    act for act, moves in MOVES.items() if any(old in OPEN and new not in OPEN for old, new in moves.items())
)
"""Acts after which nothing more is wanted of anybody."""
BEGINNINGS = tuple(
    act for act, moves in MOVES.items() if any(old not in OPEN and new in OPEN for old, new in moves.items())
)
"""Acts after which something is wanted again."""

ACTIONS: Mapping[Act, Action] = {
    Act.ACCEPT: Action.HANDLE_HAZARD,
    Act.REJECT: Action.HANDLE_HAZARD,
    Act.ASSIGN: Action.HANDLE_HAZARD,
    Act.START: Action.FIX_HAZARD,
    Act.REPORT_DONE: Action.FIX_HAZARD,
    Act.VERIFY: Action.VERIFY_HAZARD,
    Act.RETURN: Action.VERIFY_HAZARD,
    Act.CLOSE: Action.VERIFY_HAZARD,
    Act.REOPEN: Action.VERIFY_HAZARD,
    Act.TRANSFER: Action.TRANSFER_HAZARD,
    Act.HAND_BACK: Action.HAND_BACK_HAZARD,
    Act.SUPERVISE: Action.SUPERVISE_HAZARD,
    Act.ASK_EXTENSION: Action.FIX_HAZARD,
    Act.GRANT_EXTENSION: Action.VERIFY_HAZARD,
    Act.REFUSE_EXTENSION: Action.VERIFY_HAZARD,
    Act.ASK_COORDINATION: Action.HANDLE_HAZARD,
    Act.ANSWER_COORDINATION: Action.SUPERVISE_HAZARD,
    Act.ADD_INTERIM: Action.SECURE_HAZARD,
    Act.CHECK_INTERIM: Action.SECURE_HAZARD,
    Act.MERGE: Action.HANDLE_HAZARD,
    Act.UNMERGE: Action.HANDLE_HAZARD,
    Act.COMMENT: Action.COMMENT_HAZARD,
}
"""Which row of the access table speaks for an act."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo that an item names, bound to where and when the phone took it; None where it does not say."""

    sha256: bytes
    at: datetime | None = None
    lonlat: tuple[float, float] | None = None

    def written(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "sha256": self.sha256.hex(),
            "at": self.at.isoformat() if self.at else None,
            "lonlat": list(self.lonlat) if self.lonlat else None,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Picture:
        """The same as it was."""
        at = datetime.fromisoformat(kept["at"]) if kept["at"] else None
        return cls(bytes.fromhex(kept["sha256"]), at, tuple(kept["lonlat"]) if kept["lonlat"] else None)


@dataclass(frozen=True, slots=True)
class HazardDraft:
    """A report as it was handed in; its place in WGS 84."""

    id: UUID
    body_sha256: bytes
    kind: Kind
    severity: Severity
    description: str
    observed_at: datetime
    lonlat: tuple[float, float] | None
    segment: str | None
    patrol: UUID | None
    photos: tuple[Picture, ...] = ()
    recordings: tuple[bytes, ...] = ()
    report: dict[str, Any] = field(default_factory=dict)


def pressing(due_at: datetime | None, severity: str | None, now: datetime) -> tuple[bool, int, float]:
    """The order in which things want to be looked at: what is late, then what is severe, then what is due soon."""
    is_late = due_at is not None and due_at <= now
    rank = {Severity.CRITICAL: 0, Severity.MAJOR: 1}.get(Severity(severity), 2) if severity else 2
    return not is_late, rank, due_at.timestamp() if due_at else inf
