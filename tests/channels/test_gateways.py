"""Letters through the simulator's providers: taken, throttled, lost, refused in the body, and reported on."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from backend.channels import signing
from backend.channels.sending import Accepted, Forged, Outcome

NOW = datetime(2025, 7, 28, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["sms", "voice"])
def test_a_letter_is_taken_under_its_key_and_told_so_again_when_it_comes_again(farm, opened, kind, letter):
    channel, sent = opened(kind), letter()
    assert channel.ask(sent.id) is None
    first = channel.send(sent)
    assert isinstance(first, Accepted)
    assert first.reference
    assert channel.send(sent) == first == channel.ask(sent.id)
    assert farm.farm.taken(kind) == {str(sent.id): 1}
    assert [each["outcome"] for each in farm.farm.messages(kind)] == ["taken", "again"]


def test_one_that_does_not_honour_the_key_tells_people_twice(farm, opened, letter):
    farm.farm.change({"sms": {"honours_key": False}})
    sent = letter()
    opened("sms").send(sent)
    opened("sms").send(sent)
    assert farm.farm.taken("sms") == {str(sent.id): 2}


@pytest.mark.parametrize(
    ("manner", "expected"),
    [
        ({"is_down": True}, ("http_503", False, None, False)),
        ({"refused_share": 1.0}, ("http_500", False, None, False)),
        ({"error_share": 1.0}, ("code_1002", False, None, False)),
        ({"bad_numbers": ["0001"]}, ("code_1001", True, None, False)),
        ({"per_minute": 0, "rest_s": 600}, ("throttled", False, 600.0, False)),
        ({"silent_share": 1.0}, ("no_answer", False, None, True)),
    ],
)
def test_each_way_to_fail_says_what_to_do_next(farm, opened, manner, expected, letter, failure):
    farm.farm.change({"sms": manner})
    failed = failure(opened("sms"), letter())
    assert (failed.reason, failed.permanent, failed.retry_after_s, failed.is_ambiguous) == expected


def test_one_that_nobody_knows_about_is_asked_about(farm, opened, letter, failure):
    farm.farm.change({"sms": {"silent_share": 1.0}})
    sent = letter()
    assert failure(opened("sms"), sent).is_ambiguous
    assert opened("sms").ask(sent.id) is not None
    assert opened("sms", ask=None).ask(sent.id) is None


def test_without_the_secret_nothing_is_taken(opened, farm, letter, failure):
    assert failure(opened("sms", secret="another"), letter()).reason == "http_401"
    assert farm.farm.messages() == []


@pytest.mark.parametrize("kind", ["dingtalk", "wecom", "feishu"])
def test_a_robot_says_it_and_mentions_whom_it_is_for(farm, opened, kind, letter, failure):
    assert opened(kind, secret="SEC1").send(letter(link="https://hz.example.cn/a/x")).is_delivered
    (said,) = farm.farm.messages(kind)
    assert "问题逾期未处理" in said["text"]
    assert "/a/x" not in said["text"], "a whole group reads it"
    assert said["to"] == ("@" if kind == "feishu" else "13800000001")
    farm.farm.change({kind: {"error_share": 1.0}})
    assert failure(opened(kind), letter()).reason == "code_40035"


def test_a_robot_that_has_said_twenty_things_sleeps_for_ten_minutes(farm, opened, letter, failure):
    farm.farm.change({"dingtalk": {"per_minute": 20, "latency_s": [0, 0]}})
    robot = opened("dingtalk")
    for _ in range(20):
        robot.send(letter())
    assert failure(robot, letter()).retry_after_s == 600
    assert failure(robot, letter()).reason == "throttled"


def test_reports_are_believed_by_their_signature(opened):
    channel, key = opened("voice"), str(uuid4())
    said = [
        {"key": key, "outcome": "delivered", "at": NOW.isoformat()},
        {"reference": "r-1", "outcome": "answered", "answer": "1", "heard": "part", "at": NOW.isoformat()},
    ]
    body = json.dumps(said).encode()
    secret = "gateway-secret"
    first, second = channel.receipts(signing.signed(secret, body, now=NOW), body, now=NOW)
    assert (str(first.letter_id), first.outcome, first.is_part) == (key, Outcome.DELIVERED, False)
    assert (second.reference, second.answer, second.outcome, second.is_part) == ("r-1", "1", Outcome.ANSWERED, True)
    good = signing.signed(secret, body, now=NOW)
    for headers, at in (
        (signing.signed("other", body, now=NOW), NOW),
        (signing.signed(secret, body + b" ", now=NOW), NOW),
        (good, NOW + timedelta(minutes=6)),
        (good, NOW - timedelta(minutes=6)),
        ({}, NOW),
        (good | {"X-Timestamp": "²"}, NOW),
    ):
        with pytest.raises(Forged):
            channel.receipts(headers, body, now=at)


def test_what_a_provider_writes_is_kept_only_as_far_as_it_can_be(opened):
    said = [{"reference": "r\0\n1" + "x" * 300, "outcome": "failed", "reason": "\x07空号", "at": NOW.isoformat()}]
    body = json.dumps(said).encode()
    (found,) = opened("sms").receipts(signing.signed("gateway-secret", body, now=NOW), body, now=NOW)
    assert found.reason == "空号"
    assert found.reference == ("r1" + "x" * 300)[:200]


@pytest.mark.parametrize(
    "said",
    [
        {},
        ["x"],
        [{"key": "x", "outcome": "delivered", "at": NOW.isoformat()}],
        [{"key": str(uuid4()), "outcome": "dreamt", "at": NOW.isoformat()}],
        [{"key": str(uuid4()), "outcome": "delivered", "at": "2025-07-28T01:00:00"}],
        [{"outcome": "delivered", "at": NOW.isoformat()}],
        [{"reference": "r-1", "outcome": "delivered", "at": NOW.isoformat(), "heard": "nothing"}],
        [{"reference": "r-1", "outcome": "delivered", "at": NOW.isoformat(), "heard": ["whole"]}],
        [{"key": str(uuid4()), "outcome": "delivered", "at": "0001-01-01T00:00:00+14:00"}],
        [{"key": str(uuid4()), "outcome": "delivered", "at": "9999-12-31T23:59:59-14:00"}],
        [{"key": str(uuid4()), "outcome": "delivered", "at": None}],
        [{}] * 1001,
    ],
)
def test_a_malformed_report_is_refused(opened, said):
    body = json.dumps(said).encode()
    with pytest.raises(ValueError):
        opened("sms").receipts(signing.signed("gateway-secret", body, now=NOW), body, now=NOW)


def test_letters_that_a_slow_provider_takes_are_handed_over_side_by_side(farm, opened, letter):
    farm.farm.change({"sms": {"latency_s": [0.2, 0.5]}})
    channel = opened("sms")
    began = time.monotonic()
    with ThreadPoolExecutor(64) as pool:
        list(pool.map(lambda _: channel.send(letter()), range(200)))
    one_after_the_other_s = 200 * 0.35
    assert time.monotonic() - began < one_after_the_other_s / 2
    assert len(farm.farm.taken("sms")) == 200
