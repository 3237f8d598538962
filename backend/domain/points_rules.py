"""The policy of points (碧水积分) as data: whether citizens earn any, and how many for a report that was true.

No office of the state names a number: whether there are points, and how many, is for the city that gives them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from backend.domain.proposals import ImpossiblePolicy, members
from backend.words import Text

LEAST, MOST = 1, 1_000
"""What one report may earn: more could not be meant."""


@dataclass(frozen=True, slots=True)
class PointsRule:
    """One version."""

    version: int = 0
    """0: as built in, before anybody has written one."""
    is_on: bool = False
    per_report: int = 10
    """Points for a report that the office has found true."""

    def body(self) -> dict[str, Any]:
        """The rule as it is stored and shown."""
        return {"is_on": self.is_on, "per_report": self.per_report}


def points_rule(version: int, body: Mapping[str, Any], before: PointsRule | None = None) -> PointsRule:
    """Read a stored or proposed version; what it does not name stays as before. ImpossiblePolicy names the part."""
    members("", body, ("is_on", "per_report"))
    if not isinstance(body.get("is_on", False), bool):
        raise ImpossiblePolicy("is_on", Text("Not a valid boolean."))
    points = body.get("per_report", LEAST)
    if isinstance(points, bool) or not isinstance(points, int) or not LEAST <= points <= MOST:
        raise ImpossiblePolicy("per_report", Text("flaw.between", {"low": LEAST, "high": MOST}))
    return replace(before or PointsRule(), version=version, **body)
