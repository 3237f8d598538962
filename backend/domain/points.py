"""Points of citizens (碧水积分): a ledger that only grows; a balance is the sum of its entries and nothing else.

An entry hangs on the report by whose code its citizen follows it, and on no person: whoever shows the code redeems what
is there. Codes of one telephone number are not added up, for nobody has to prove that a number is theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from backend.domain.hazards import Act
from backend.domain.points_rules import PointsRule
from backend.errors import BadInput, Conflict

POINTS = "points"
"""What they are called on record."""
MOST_AT_ONCE = 100_000
"""More than anybody earns in a life by the bank: a slip of the hand (our judgement)."""
FOLLOWED = frozenset({Act.ACCEPT, Act.REJECT, Act.MERGE, Act.UNMERGE})
"""Acts from which points follow."""


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


@dataclass(frozen=True, slots=True)
class Share:
    """One report of a case, and what was entered for it of itself, in order."""

    report_id: UUID
    told_at: datetime
    entries: tuple[int, ...]

    @property
    def standing(self) -> int:
        """What it has earned so far, less what was taken back."""
        return sum(self.entries)

    @property
    def taken(self) -> int:
        """What was taken back last, where nothing was given since."""
        return max(0, -self.entries[-1]) if self.entries else 0


@dataclass(frozen=True, slots=True)
class Case:
    """A hazard at the end of its merges as it stands after an act; the reports that became it, or one merged into it,
    in the order in which they were told.
    """

    id: UUID
    told_at: datetime
    is_true: bool
    """The office has accepted it, and not refused it since."""
    shares: Sequence[Share]

    @property
    def entitled(self) -> list[Share]:
        """Its own report, and those that were told before it; whoever told it later has told nothing new."""
        return [each for each in self.shares if each.told_at < self.told_at or each.report_id == self.id]


def following(act: Act, case: Case, rule: PointsRule) -> dict[UUID, int]:
    """Points that follow from an act, by report; from the end of a merge, for the case that was left.

    One case earns once: the report that was told first has the points of all that were merged. Twice the same act is no
    second earning, and what was given is taken back even after points were switched off. A true case whose points went
    with one that was taken out of it has again what the merge took, or what it would earn now.
    """
    standing = [each for each in case.shares if each.standing]
    if act is Act.REJECT:
        return {each.report_id: -each.standing for each in standing}
    if act is Act.MERGE:
        keeper = next((each for each in case.entitled if each.standing), None)
        return {each.report_id: -each.standing for each in standing if each is not keeper}
    if standing or not case.is_true or act not in (Act.ACCEPT, Act.UNMERGE):
        return {}
    robbed = [each for each in case.entitled if each.taken] if act is Act.UNMERGE else []
    if robbed:
        return {robbed[0].report_id: robbed[0].taken}
    return {each.report_id: rule.per_report for each in case.entitled[:1] if rule.is_on}


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
