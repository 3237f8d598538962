"""When what was owed is settled: each day once, whoever held the reach and whatever the rules became."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from backend.domain.duties import DutyRule
from backend.domain.duty_periods import DAY, Held, settled
from backend.domain.flood_days import Standing
from backend.domain.terms import Post

MONDAY = date(2025, 5, 5)


def period(day: date):
    return DutyRule().period(Post.VILLAGE_CHIEF, day, lambda _: Standing())


def test_a_week_is_settled_with_its_sunday():
    held = [Held(MONDAY - timedelta(days=99), None)]
    assert settled(period(MONDAY), held, MONDAY, after=None, is_cut=False) is None
    sunday = MONDAY + timedelta(days=6)
    found = settled(period(sunday), held, sunday, after=None, is_cut=False)
    assert found is not None
    assert (found.begin, found.until, found.needed) == (MONDAY, MONDAY + timedelta(days=7), 1)


def test_whoever_hands_it_over_owes_their_share_and_rules_that_change_cut_the_week():
    friday = MONDAY + timedelta(days=4)
    left = settled(period(MONDAY), [Held(MONDAY, friday)], friday - DAY, after=None, is_cut=False)
    assert left is not None
    assert (left.until, left.needed) == (friday, 1)
    early = settled(period(MONDAY), [Held(MONDAY, MONDAY + DAY)], MONDAY, after=None, is_cut=False)
    assert early is not None
    assert early.needed == 0
    cut = settled(period(MONDAY), [Held(MONDAY, None)], MONDAY + DAY, after=MONDAY + DAY, is_cut=True)
    assert cut is not None
    assert (cut.begin, cut.until, cut.needed) == (MONDAY + DAY, MONDAY + 2 * DAY, 0)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), min_size=1, max_size=4), st.sets(st.integers(0, 40)))
def test_no_day_is_owed_twice_and_none_that_was_held_is_left_out(spans, cuts):
    held = [Held(MONDAY + timedelta(days=begin), MONDAY + timedelta(days=begin + days)) for begin, days in spans]
    after, found = None, []
    for number in range(70):
        day = MONDAY + timedelta(days=number)
        if any(each.on(day) for each in held):
            part = settled(period(day), held, day, after=after, is_cut=number in cuts)
            if part is not None:
                found.append(part)
                after = part.until
    for earlier, later in pairwise(found):
        assert earlier.until <= later.begin
    days = {part.begin + timedelta(days=n) for part in found for n in range((part.until - part.begin).days)}
    served = {MONDAY + timedelta(days=n) for n in range(70) if any(h.on(MONDAY + timedelta(days=n)) for h in held)}
    assert served <= days
    assert all(0 <= part.needed <= 1 for part in found)
