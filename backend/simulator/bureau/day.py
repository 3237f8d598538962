"""A day of the bureau, one noun after the other; what the same seed played on the same day is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from backend.simulator.bureau import assessments, campaigns, citizens, cooperation, inspections, orders, training, walks
from backend.simulator.bureau.cast import Cast
from backend.simulator.phones import ServerGone

NOUNS = ("walks", "campaigns", "citizens", "inspections", "orders", "training", "cooperation", "assessments")
"""In the order in which they are played: walks are drawn and assessed, closed cases are drawn."""


@dataclass
class Day:
    """What was made, by noun, and what went wrong."""

    made: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    is_known: bool = False
    """It was played before."""


def play(cast: Cast, settle: Callable[[], None], tick: Callable[[str], None] = lambda _: None) -> Day:
    """Play all nouns; one that cannot be played leaves the others alone."""
    day = Day()
    plays: dict[str, Callable[[], int]] = {
        "walks": lambda: walks.play(cast),
        "campaigns": lambda: campaigns.play(cast),
        "citizens": lambda: citizens.play(cast),
        "inspections": lambda: inspections.play(cast),
        "orders": lambda: orders.play(cast),
        "training": lambda: training.play(cast),
        "cooperation": lambda: cooperation.play(cast),
        "assessments": lambda: assessments.play(cast, settle),
    }
    try:
        if cast["town_chief"].is_there(f"/orders/{cast.name('order storm')}"):
            day.is_known = True
            return day
        for noun in NOUNS:
            tick(noun)
            try:
                day.made[noun] = plays[noun]()
            except ServerGone as gone:
                day.broken.append(f"{noun}: {gone}")
    finally:
        cast.close()
    return day
