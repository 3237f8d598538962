"""The walks of one town over the weeks that are assessed: most chiefs go in most weeks, some in few."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np

from backend.simulator.bureau.cast import Cast
from backend.simulator.phones import Phone
from backend.simulator.walks import Kind, body, recorded

WEEKS = 5
"""As many walks must be owed before anybody is compared with others."""
_SETTLED_AFTER_D = 6
"""Days after which a week's duty is settled; the last day of it counts whole."""
_BROKEN = 2
"""So many weeks the phone of the first of them was broken; of one of them there is a paper."""
_KEEN = (1.0, 0.95, 0.85, 0.6)
"""How likely a chief goes in a week."""


def span(today: date) -> tuple[date, date]:
    """The Monday on which the assessed weeks begin, and the one after them."""
    last = today - timedelta(days=_SETTLED_AFTER_D)
    until = last - timedelta(days=last.weekday())
    return until - timedelta(weeks=WEEKS), until


def play(cast: Cast) -> int:
    """Hand in what was walked, late, for there was no signal; and the walks of the last days. How many there were."""
    walked = 0
    begin, _ = span(cast.today)
    for number in range(len(cast.walkers)):
        dice = cast.dice(f"walker {number}")
        keen = float(dice.choice(_KEEN))
        weeks = [begin + timedelta(weeks=each) for each in range(0 if number else _BROKEN, WEEKS)]
        phone = cast.walker(number)
        segment = phone.get("/me")["segments"][0]["code"]
        for monday in weeks:
            day = monday + timedelta(days=int(dice.integers(0, 7)))
            if not number or dice.random() < keen:
                walked += _walk(cast, phone, segment, day, dice)
        if number and dice.random() < keen:
            walked += _walk(cast, phone, segment, cast.day(-1), dice)
    return walked


def one(cast: Cast, role: str, day: date) -> None:
    """A walk of somebody on a day, on their own reach."""
    _walk(cast, cast[role], cast.account(role)["segment"], day, cast.dice(f"{role} {day}"))


def _walk(cast: Cast, phone: Phone, segment: str, day: date, dice: np.random.Generator) -> int:
    start = datetime.combine(day, time(), cast.stage.zone) + timedelta(hours=float(dice.triangular(6.0, 7.2, 10.0)))
    recording = recorded(cast.line(phone, segment), Kind.HONEST, dice)
    phone.hand_in(cast.name(f"walk {phone.number} {day}"), body(segment, recording, start, sent_at=cast.stage.now))
    return 1
