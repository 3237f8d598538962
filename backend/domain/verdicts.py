"""A verdict as it is stored beside its patrol, and what becomes of it when other walks come to light."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backend.domain.patrols import Verdict
from backend.domain.reasons import Because, Reason, in_order, worst
from backend.domain.terms import Outcome
from geo.coverage import Walk

Stored = dict[str, Any]
"""JSON: reasons with their values, and the figures of the walk in metres, seconds and metres a second."""


def stored(verdict: Verdict) -> Stored:
    """The form in which a verdict is kept."""
    return {"reasons": [_written(because) for because in verdict.reasons], "figures": _figures(verdict.walk)}


def reasons_of(kept: Stored) -> tuple[Because, ...]:
    """The reasons of a stored verdict, the deciding one first."""
    return tuple(Because(Reason(r["code"]), r["values"], Outcome(r["outcome"])) for r in kept["reasons"])


def outcome_of(kept: Stored, *, without: Iterable[Reason] = ()) -> Outcome:
    """What the reasons come to, leaving some of them aside."""
    aside = set(without)
    return worst(because for because in reasons_of(kept) if because.reason not in aside)


def has(kept: Stored, reason: Reason) -> bool:
    """Whether that reason is among them."""
    return any(because["code"] == reason for because in kept["reasons"])


def altered(kept: Stored, reason: Reason, instead: Because | None) -> Stored:
    """The stored verdict with one reason put in (in place of its like) or taken away."""
    others = [because for because in reasons_of(kept) if because.reason is not reason]
    reasons = in_order(others if instead is None else [*others, instead])
    return {**kept, "reasons": [_written(because) for because in reasons]}


def _written(because: Because) -> dict[str, Any]:
    return {"code": because.reason.value, "outcome": because.outcome.value, "values": because.values}


def _figures(walk: Walk) -> dict[str, Any]:
    return {
        "coverage": round(walk.share, 4),
        "covered_m": round(walk.length_m, 1),
        "covered": [[round(begin, 1), round(end, 1)] for begin, end in walk.covered],
        "bridged": [[round(begin, 1), round(end, 1)] for begin, end in walk.bridged],
        "distance_m": round(walk.distance_m, 1),
        "duration_s": round(walk.elapsed_s, 1),
        "near_s": round(walk.near_s, 1),
        "moving_speed_mps": round(walk.moving_speed_mps, 2),
        "nearest_m": None if walk.nearest_m is None else round(walk.nearest_m, 1),
        "gaps": [[gap.from_ms, gap.to_ms, round(gap.seconds, 1), gap.bridged] for gap in walk.gaps],
    }
