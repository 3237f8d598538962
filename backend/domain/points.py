"""Points of citizens (碧水积分): a ledger that only grows; a balance is the sum of its entries and nothing else.

An entry hangs on the report by whose code its citizen follows it, and on no person: whoever shows the code redeems what
is there. Codes of one telephone number are not added up, for nobody has to prove that a number is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
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


def following(act: Act, state: State, standing: int, rule: PointsRule, *, was_first: bool = False) -> int:
    """Points that follow from an act on the hazard of a report; 0: none.

    `state` is that after the act, `standing` what the report has earned so far less what was taken back. Twice the same
    act is no second earning, and what was given is taken back even after points were switched off. `was_first`: it was
    merged into one that somebody told later.
    """
    if act is Act.ACCEPT and standing == 0:
        return rule.per_report if rule.is_on else 0
    return -standing if state in _NOT_TRUE and not was_first else 0


def check(draft: DeedDraft) -> None:
    """BadInput for points that cannot be meant and for a deed without a reason."""
    if not draft.reason.strip():
        raise BadInput.at("/reason", "Missing data for required field.")
    least = 1 if draft.deed is Deed.REDEEM else -MOST_AT_ONCE
    if draft.points == 0 or not least <= draft.points <= MOST_AT_ONCE:
        raise BadInput.at("/points", "flaw.points", least=least, most=MOST_AT_ONCE)


def entered(deed: Deed, points: int, balance: int) -> int:
    """The entry of a deed at a code; Conflict where less than nothing would be left there."""
    entry = -points if deed is Deed.REDEEM else points
    if entry < 0 and balance + entry < 0:
        raise Conflict("points_short", balance=max(balance, 0))
    return entry
