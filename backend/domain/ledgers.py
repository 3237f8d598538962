"""The ledger of a campaign (台账): what was owed, answered and found by region, and how much of that is fixed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum


class Answered(StrEnum):
    """Which of the segments that were asked."""

    OWED = "owed"
    ANSWERED = "answered"
    IN_TIME = "in_time"
    LATE = "late"
    ON_BEHALF = "on_behalf"
    NONE_FOUND = "none_found"
    WITH_FINDINGS = "with_findings"
    SILENT = "silent"
    EXCUSED = "excused"


class Fixed(StrEnum):
    """Which of the hazards that were found."""

    FOUND = "found"
    FIXED = "fixed"
    UNFIXED = "unfixed"
    OVERDUE = "overdue"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of one row; each counts the list of its name, so they can be added up."""

    owed: int = 0
    """Segments that owe an answer, answered or not; without the excused."""
    answered: int = 0
    in_time: int = 0
    late: int = 0
    on_behalf: int = 0
    none_found: int = 0
    with_findings: int = 0
    silent: int = 0
    excused: int = 0
    found: int = 0
    """Hazards that standing answers name; without the rejected."""
    fixed: int = 0
    unfixed: int = 0
    overdue: int = 0
    rejected: int = 0

    @property
    def share(self) -> float | None:
        """Of the segments that owe an answer, how many have given one."""
        return _share(self.answered, self.owed)

    @property
    def rate(self) -> float | None:
        """Of the hazards found, how many are fixed."""
        return _share(self.fixed, self.found)

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def _share(part: int, whole: int) -> float | None:
    """Never rounded up: one silent segment of thirty thousand is not everybody."""
    return part * 10_000 // whole / 10_000 if whole else None


NUMBERS: tuple[str, ...] = tuple(each.name for each in fields(Tally))
