"""What is shown of delivery at /metrics: queues, ages, dead letters, channels that rest; and nobody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from backend.channels.sending import DeliveryFailed
from backend.domain.lanes import Lane
from jobs import delivery
from tests.carriers import office, push, sms, tell, voice
from tests.cast import NOON, PLAYERS

__all__ = ["office", "push", "sms", "tell", "voice"]


@pytest.fixture
def figures(app):
    """Every figure by its name with its labels."""

    def read() -> dict[str, float]:
        text = app.test_client().get("/metrics").get_data(as_text=True)
        assert not re.search(r"(?<!\d)1\d{10}(?!\d)", text)
        assert not any(name in text for name, _, _ in PLAYERS.values())
        return {name: float(value) for name, value in re.findall(r"^(\S+) (\S+)$", text, re.MULTILINE)}

    return read


def test_queues_are_counted_by_lane_with_the_age_of_the_oldest(figures, tell, office, sms, clock):
    tell("1", lane=Lane.URGENT)
    tell("2", lane=Lane.DIGEST, at=NOON - timedelta(hours=2))
    clock.now = NOON + timedelta(seconds=30)
    seen = figures()
    assert seen['hezhang_notices_waiting{lane="urgent"}'] == 1
    assert seen['hezhang_notices_waiting{lane="normal"}'] == 0
    assert seen['hezhang_queue_age_seconds{lane="urgent"}'] == 30
    assert seen['hezhang_queue_age_seconds{lane="digest"}'] == 7230
    assert seen['hezhang_queue_age_seconds{lane="normal"}'] == 0
    sms.plan = lambda letter, nth: DeliveryFailed("refused")
    delivery.run(office, now=NOON)
    assert figures()['hezhang_letters_waiting{lane="urgent"}'] == 1


def test_dead_letters_throttles_and_dwell_are_counted(figures, tell, office, sms, clock):
    before = figures()
    sms.plan = lambda letter, nth: DeliveryFailed("http_429", retry_after_s=600)
    tell("throttled")
    delivery.run(office, now=NOON)
    assert figures()['hezhang_channel_resting{channel="sms"}'] == 1
    clock.now = NOON + timedelta(minutes=11)
    sms.plan = lambda letter, nth: DeliveryFailed("no_such_number", permanent=True)
    delivery.run(office, now=clock.now)
    after = figures()
    assert after["hezhang_dead_letters"] == 1
    assert after['hezhang_channel_resting{channel="sms"}'] == 0
    throttles = 'hezhang_channel_throttles_total{channel="sms"}'
    assert after[throttles] == before.get(throttles, 0) + 1

    sms.plan = lambda letter, nth: pytest.fail("the call is enough")
    tell("urgent", lane=Lane.URGENT, channels=("voice",), at=NOON + timedelta(minutes=11))
    delivery.run(office, now=NOON + timedelta(minutes=11, seconds=2))
    within = 'hezhang_letter_dwell_seconds_bucket{lane="urgent",le="2.0"}'
    too_soon = 'hezhang_letter_dwell_seconds_bucket{lane="urgent",le="1.0"}'
    last = figures()
    assert last[within] - before.get(within, 0) == 1
    assert last[too_soon] - before.get(too_soon, 0) == 0
