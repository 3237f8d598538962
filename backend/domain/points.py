"""Points of citizens (碧水积分): a ledger that only grows; a balance is the sum of its entries and nothing else.

An entry hangs on the report by whose code its citizen follows it, and on no person: which codes belong together is
known only as long as the telephone number that came with them is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from backend.domain.hazards import Act, State
from backend.domain.points_rules import PointsRule
from backend.errors import BadInput, Conflict

POINTS = "points"
"""What they are called on record."""
MOST_AT_ONCE = 100_000
"""More than anybody earns in a life by the bank: a slip of the hand (our judgement)."""
_NOT_TRUE = frozenset({State.REJECTED, State.MERGED})
"""Refused, withdrawn, or told before by somebody else."""
Code = TypeVar("Code")


class What(StrEnum):
    """Why there is an entry."""

    EARNED = "earned"
    """The office has found the report true: it was accepted (受理)."""
    TAKEN_BACK = "taken_back"
    """It was refused after all, or merged into another one."""
    CORRECTED = "corrected"
    REDEEMED = "redeemed"


OF_ITSELF = (What.EARNED, What.TAKEN_BACK)
"""Written with the act that they follow from; the others are a clerk's, with a reason."""


class Deed(StrEnum):
    """What a clerk can do at a code."""

    CORRECT = "correct"
    REDEEM = "redeem"


@dataclass(frozen=True, slots=True)
class DeedDraft:
    """A clerk's deed as it was sent; points of a correction have a sign, those that are redeemed have none."""

    id: UUID
    body_sha256: bytes
    code: str
    deed: Deed
    points: int
    reason: str


def following(act: Act, state: State, standing: int, rule: PointsRule) -> int:
    """Points that follow from an act on the hazard of a report; 0: none.

    `state` is that after the act, `standing` what the report has earned so far less what was taken back. Twice the same
    act is no second earning, and what was given is taken back even after points were switched off.
    """
    if act is Act.ACCEPT and standing == 0:
        return rule.per_report if rule.is_on else 0
    return -standing if state in _NOT_TRUE else 0


def check(draft: DeedDraft) -> None:
    """BadInput for points that cannot be meant and for a deed without a reason."""
    if not draft.reason.strip():
        raise BadInput.at("/reason", "Missing data for required field.")
    least = 1 if draft.deed is Deed.REDEEM else -MOST_AT_ONCE
    if draft.points == 0 or not least <= draft.points <= MOST_AT_ONCE:
        raise BadInput.at("/points", "flaw.points", least=least, most=MOST_AT_ONCE)


def corrected(balance: int, points: int) -> int:
    """The same points; Conflict where less than nothing would be left."""
    if points < 0 and balance + points < 0:
        raise Conflict("points_short", balance=balance)
    return points


def redeemed(balances: Mapping[Code, int], points: int) -> dict[Code, int]:
    """How many are taken at each code, the first one first; Conflict where all together do not have so many.

    A code that owes some (they were taken back after they had been spent) is paid for by the others.
    """
    whole = sum(balances.values())
    if whole < points:
        raise Conflict("points_short", balance=max(whole, 0))
    return dict(_taken(balances.items(), points))


def _taken(balances: Iterable[tuple[Code, int]], points: int) -> Iterable[tuple[Code, int]]:
    for code, balance in balances:
        part = min(max(balance, 0), points)
        points -= part
        if part:
            yield code, -part
