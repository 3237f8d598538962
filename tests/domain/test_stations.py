"""Bands go up at a mark and down only below it; what cannot be meant is refused; the rise is measured in hours."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.stations import (
    AHEAD,
    LIVE,
    Band,
    Marks,
    Quantity,
    ReadingDraft,
    band_after,
    band_of,
    flaws_of,
    flaws_of_marks,
    is_fast,
    is_live,
    over_m,
    rate_of_rise,
)
from tests.cast import NOON

MARKS = Marks(warning_m=33.5, guaranteed_m=35.0, hysteresis_m=0.1)
LEVELS = st.lists(st.floats(30.0, 38.0), max_size=40)


@pytest.mark.parametrize(
    ("before", "level_m", "after"),
    [
        (Band.NORMAL, 33.49, Band.NORMAL),
        (Band.NORMAL, 33.5, Band.WARNING),
        (Band.NORMAL, 35.0, Band.GUARANTEED),
        (Band.WARNING, 33.41, Band.WARNING),
        (Band.WARNING, 33.39, Band.NORMAL),
        (Band.GUARANTEED, 34.95, Band.GUARANTEED),
        (Band.GUARANTEED, 34.89, Band.WARNING),
        (Band.GUARANTEED, 33.45, Band.WARNING),
        (Band.GUARANTEED, 33.3, Band.NORMAL),
    ],
)
def test_the_band_goes_up_at_a_mark_and_down_only_below_it(before, level_m, after):
    assert band_of(MARKS, before, level_m) is after


@given(LEVELS)
def test_a_ripple_smaller_than_the_hysteresis_never_brings_a_band_back(levels):
    bands = [band_after(MARKS, Band.NORMAL, levels[:count]) for count in range(len(levels) + 1)]
    crossings = [(number, band) for number, (was, band) in enumerate(pairwise(bands)) if band.rank > was.rank]
    for (first, band), (second, again) in pairwise(crossings):
        if again.rank <= band.rank:  # it rose into a band where it had been: it had really fallen in between
            mark = MARKS.of(again)
            assert mark is not None
            assert min(levels[first:second]) < mark - MARKS.hysteresis_m


@given(LEVELS)
def test_a_station_without_marks_never_leaves_the_normal_band(levels):
    assert band_after(Marks(), Band.NORMAL, levels) is Band.NORMAL


@given(st.floats(30.0, 38.0), st.sampled_from(Band))
def test_the_band_is_never_below_what_the_level_alone_says(level_m, before):
    assert band_of(MARKS, before, level_m).rank >= band_of(MARKS, Band.NORMAL, level_m).rank


def test_how_far_over_a_mark():
    assert over_m(MARKS, Band.WARNING, 33.62) == 0.12
    assert over_m(MARKS, Band.NORMAL, 33.62) is None


def test_the_rise_is_told_in_metres_an_hour():
    assert rate_of_rise((NOON - timedelta(hours=2), 32.8), NOON, 34.0) == 0.6
    assert rate_of_rise(None, NOON, 34.0) is None


def test_a_fast_rise_ends_at_half_of_what_begins_it():
    assert [is_fast(rate, before=False) for rate in (None, 0.29, 0.3)] == [False, False, True]
    assert [is_fast(rate, before=True) for rate in (None, 0.14, 0.15)] == [False, False, True]


def test_what_was_measured_longer_ago_is_history():
    assert is_live(NOON - LIVE, NOON)
    assert not is_live(NOON - LIVE - timedelta(seconds=1), NOON)


@pytest.mark.parametrize(
    ("draft", "places"),
    [
        (ReadingDraft("A", NOON + AHEAD, {Quantity.LEVEL: 33.0}), []),
        (ReadingDraft("A", NOON + timedelta(days=1), {Quantity.LEVEL: 33.0}), ["/at"]),
        (ReadingDraft("A", NOON, {Quantity.LEVEL: 9_999.0}), ["/water_level_m"]),
        (ReadingDraft("A", NOON, {Quantity.LEVEL: 336.2}), ["/water_level_m"]),
        (ReadingDraft("A", NOON, {Quantity.RAIN: -1.0, Quantity.FLOW: 1e9}), ["/rain_mm_1h", "/flow_m3s"]),
        (ReadingDraft("A", NOON, {Quantity.FLOW: -20.0}), []),
    ],
)
def test_what_cannot_be_meant_of_a_reading_is_named_by_its_place(draft, places):
    assert [flaw.pointer for flaw in flaws_of(draft, MARKS, NOON)] == places


def test_without_marks_any_possible_level_is_believed():
    assert flaws_of(ReadingDraft("A", NOON, {Quantity.LEVEL: 336.2}), Marks(), NOON) == []


def test_the_guaranteed_level_lies_above_the_warning_level():
    assert flaws_of_marks(MARKS) == flaws_of_marks(Marks(33.5)) == flaws_of_marks(Marks(guaranteed_m=35.0)) == []
    assert [flaw.pointer for flaw in flaws_of_marks(Marks(33.5, 33.55))] == ["/guaranteed_m"]
