"""How many letters a provider takes, and when it is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.buckets import FAILURES_TO_REST, Rate, after, filled, full, room, taken, throttled
from backend.domain.lanes import Lane
from tests.cast import NOON

RATE = Rate(per_s=2.0, burst=20, reserved=0.25)


def later(seconds: float):
    return NOON + timedelta(seconds=seconds)


def test_a_burst_goes_out_at_once_and_the_rest_as_it_drips_in():
    bucket = full(RATE, NOON)
    assert room(bucket, RATE, Lane.URGENT, 50, NOON) == 20
    empty = taken(bucket, RATE, 20)
    assert room(empty, RATE, Lane.URGENT, 50, NOON) == 0
    assert room(filled(empty, RATE, later(3)), RATE, Lane.URGENT, 50, later(3)) == 6
    assert filled(empty, RATE, later(1000)).tokens == 20


def test_a_share_is_kept_for_what_is_urgent():
    bucket = full(RATE, NOON)
    assert room(bucket, RATE, Lane.NORMAL, 50, NOON) == 15
    nearly = taken(bucket, RATE, 15)
    assert room(nearly, RATE, Lane.NORMAL, 50, NOON) == 0
    assert room(nearly, RATE, Lane.URGENT, 50, NOON) == 5


def test_a_clock_set_back_takes_nothing_away():
    bucket = taken(full(RATE, NOON), RATE, 5)
    assert filled(bucket, RATE, NOON - timedelta(hours=1)).tokens == 15


def test_a_provider_without_a_limit_takes_whatever_comes():
    bucket = full(None, NOON)
    assert room(bucket, None, Lane.NORMAL, 50, NOON) == 50
    assert taken(bucket, None, 50) == bucket
    assert filled(bucket, None, later(1)).tokens == 0


def test_a_throttled_provider_rests_as_long_as_it_asked_and_never_shorter():
    bucket = throttled(full(RATE, NOON), 600, NOON)
    assert room(bucket, RATE, Lane.URGENT, 1, later(599)) == 0
    assert throttled(bucket, 10, NOON).resting_until == later(600)
    assert room(filled(bucket, RATE, later(600)), RATE, Lane.URGENT, 1, later(600)) == 1


@pytest.mark.parametrize("rate", [None, RATE])
def test_a_provider_that_fails_again_and_again_is_left_alone_then_asked_by_one_letter(rate):
    bucket = after(full(rate, NOON), 0, FAILURES_TO_REST - 1, NOON)
    assert room(bucket, rate, Lane.NORMAL, 5, NOON) == 5
    bucket = after(bucket, 0, 1, NOON)
    assert room(bucket, rate, Lane.URGENT, 5, NOON) == 0
    assert room(bucket, rate, Lane.URGENT, 5, later(2)) == 1
    longer = after(bucket, 0, 9, later(2))
    assert room(longer, rate, Lane.URGENT, 5, later(16)) == 0
    assert room(longer, rate, Lane.URGENT, 5, later(17)) == 1
    assert room(after(longer, 1, 3, later(17)), rate, Lane.URGENT, 5, later(17)) == 5


def test_nothing_tried_is_nothing_learnt():
    doubted = after(full(None, NOON), 0, FAILURES_TO_REST, NOON)
    assert after(doubted, 0, 0, later(5)) == doubted


def test_a_rest_that_was_written_a_day_ahead_of_the_present_clock_is_none():
    resting = throttled(full(RATE, NOON), 600, NOON)
    assert resting.rests(NOON)
    assert not resting.rests(NOON - timedelta(days=1))
