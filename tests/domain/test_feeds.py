"""Feeds rest the longer the more often they fail, never all at once, and never for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from backend.domain.feeds import FIRST_RETRY, LONGEST_REST, is_missed, key_digest, rest, retry

NOON = datetime(2025, 7, 28, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_feed_that_answers_is_asked_as_often_as_was_wanted():
    assert rest(MINUTE, 0, "city", NOON) == MINUTE


def test_one_that_fails_rests_twice_as_long_each_time_up_to_a_quarter_of_an_hour():
    rests = [rest(MINUTE, failures, "city", NOON) / MINUTE for failures in range(1, 12)]
    assert all(0.8 <= pause / wanted <= 1.2 for pause, wanted in zip(rests, [2, 4, 8, *[15] * 8], strict=True))
    assert rest(MINUTE, 10**6, "city", NOON) <= LONGEST_REST * 1.2
    assert rest(3600 * MINUTE, 3, "city", NOON) >= 3600 * MINUTE * 0.8


def test_feeds_that_failed_together_do_not_come_back_together():
    pauses = {rest(MINUTE, 3, f"feed-{number}", NOON) for number in range(20)}
    assert len(pauses) == 20


def test_a_document_is_tried_again_soon():
    assert FIRST_RETRY < retry(1, "1.xml", NOON) < MINUTE


def test_a_feed_is_missed_when_it_was_silent_too_long_since_it_is_wanted():
    assert not is_missed(NOON, None, 600, NOON + 10 * MINUTE)
    assert is_missed(NOON, None, 600, NOON + 11 * MINUTE)
    assert not is_missed(NOON, NOON + 5 * MINUTE, 600, NOON + 11 * MINUTE)
    assert not is_missed(NOON + 5 * MINUTE, NOON, 600, NOON + 11 * MINUTE)


def test_a_key_is_kept_as_its_digest():
    assert key_digest("secret") != b"secret"
    assert len(key_digest("secret")) == 32
