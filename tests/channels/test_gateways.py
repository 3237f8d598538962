"""Letters through the simulator's providers: taken, throttled, lost, refused in the body, and reported on."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from backend.channels import signing
from backend.channels.known import KINDS, open_channels
from backend.channels.outside import Outside
from backend.channels.sending import Accepted, Channel, DeliveryFailed, Forged, Letter, Outcome
from backend.clock import utcnow
from backend.commands.gateway import channels
from backend.config import Door, ImpossibleSettings, Settings
from backend.simulator.gateway.script import Script
from backend.simulator.gateway.server import Gateway

NOW = datetime(2025, 7, 28, 1, 0, tzinfo=UTC)


@pytest.fixture
def farm() -> Iterator[Gateway]:
    with Gateway(Script.plain()) as gateway:
        yield gateway


@pytest.fixture
def opened(farm) -> Callable[..., Channel]:
    """A channel of a kind that leads to the farm."""

    def opening(kind: str, **more: object) -> Channel:
        ports = [farm.address.rsplit(":", 1)[1], str(farm.mail_port)]
        doors = tuple(Door.read(f"127.0.0.1:{port}") for port in ports)
        wanted = channels(int(ports[0]), farm.farm.script).get(kind, {"url": f"{farm.address}/{kind}?token=x"}) | more
        return KINDS[kind][1](kind, wanted, Outside(utcnow, doors, timeout_s=2))

    return opening


def letter(to: str = "+8613800000001") -> Letter:
    return Letter(uuid4(), to, "河长制提醒", "徒骇河兴华村段：问题逾期未处理。")


def failure(channel: Channel, sent: Letter) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        channel.send(sent)
    return failed.value


@pytest.mark.parametrize("kind", ["sms", "voice"])
def test_a_letter_is_taken_under_its_key_and_told_so_again_when_it_comes_again(farm, opened, kind):
    channel, sent = opened(kind), letter()
    assert channel.ask(sent.id) is None
    first = channel.send(sent)
    assert isinstance(first, Accepted)
    assert first.reference
    assert channel.send(sent) == first == channel.ask(sent.id)
    assert farm.farm.taken(kind) == {str(sent.id): 1}
    assert [each["outcome"] for each in farm.farm.messages(kind)] == ["taken", "again"]


def test_one_that_does_not_honour_the_key_tells_people_twice(farm, opened):
    farm.farm.change({"sms": {"honours_key": False}})
    sent = letter()
    opened("sms").send(sent)
    opened("sms").send(sent)
    assert farm.farm.taken("sms") == {str(sent.id): 2}


@pytest.mark.parametrize(
    ("manner", "reason", "permanent", "rest_s", "is_ambiguous"),
    [
        ({"is_down": True}, "http_503", False, None, False),
        ({"refused_share": 1.0}, "http_500", False, None, False),
        ({"error_share": 1.0}, "code_1002", False, None, False),
        ({"bad_numbers": ["0001"]}, "code_1001", True, None, False),
        ({"per_minute": 0, "rest_s": 600}, "throttled", False, 600.0, False),
        ({"silent_share": 1.0}, "no_answer", False, None, True),
    ],
)
def test_each_way_to_fail_says_what_to_do_next(farm, opened, manner, reason, permanent, rest_s, is_ambiguous):
    farm.farm.change({"sms": manner})
    failed = failure(opened("sms"), letter())
    assert (failed.reason, failed.permanent, failed.retry_after_s, failed.is_ambiguous) == (
        reason,
        permanent,
        rest_s,
        is_ambiguous,
    )


def test_one_that_nobody_knows_about_is_asked_about(farm, opened):
    farm.farm.change({"sms": {"silent_share": 1.0}})
    sent = letter()
    assert failure(opened("sms"), sent).is_ambiguous
    assert opened("sms").ask(sent.id) is not None
    assert opened("sms", ask=None).ask(sent.id) is None


def test_without_the_secret_nothing_is_taken(opened, farm):
    assert failure(opened("sms", secret="another"), letter()).reason == "http_401"
    assert farm.farm.messages() == []


def test_an_answer_that_cannot_be_read_leaves_it_open(opened, farm):
    assert failure(opened("sms", url=f"{farm.address}/messages"), letter()).permanent
    assert failure(opened("sms", code="nothing"), letter()).reason == "code_None"


@pytest.mark.parametrize("kind", ["dingtalk", "wecom", "feishu"])
def test_a_robot_says_it_and_mentions_whom_it_is_for(farm, opened, kind):
    assert opened(kind, secret="SEC1").send(letter()).is_delivered
    (said,) = farm.farm.messages(kind)
    assert "问题逾期未处理" in said["text"]
    assert said["to"] == ("@" if kind == "feishu" else "13800000001")
    farm.farm.change({kind: {"error_share": 1.0}})
    assert failure(opened(kind), letter()).reason == "code_40035"


def test_a_robot_that_has_said_twenty_things_sleeps_for_ten_minutes(farm, opened):
    farm.farm.change({"dingtalk": {"per_minute": 20, "latency_s": [0, 0]}})
    robot = opened("dingtalk")
    for _ in range(20):
        robot.send(letter())
    assert failure(robot, letter()).retry_after_s == 600
    assert failure(robot, letter()).reason == "throttled"


def test_mail_goes_by_apprise(farm, opened):
    url = f"mailto://user:word@127.0.0.1:{farm.mail_port}/?to={{address}}&from=office@example.cn&mode=insecure&smtp=127.0.0.1"
    assert opened("apprise", url=url).send(letter("li@example.cn")).is_delivered
    (came,) = farm.farm.messages("mail")
    assert (came["to"], "问题逾期未处理" in came["text"]) == ("li@example.cn", True)
    farm.farm.change({"mail": {"is_down": True}})
    assert failure(opened("apprise", url=url), letter("li@example.cn")).reason == "refused"
    assert failure(opened("apprise", url="nothing://"), letter()).permanent


def test_apprise_goes_through_no_door_that_is_not_open(farm):
    closed = KINDS["apprise"][1](
        "x", {"url": f"json://127.0.0.1:{farm.address.rsplit(':', 1)[1]}/sms"}, Outside(utcnow)
    )
    failed = failure(closed, letter())
    assert (failed.reason, failed.permanent) == ("blocked", True)
    assert farm.farm.messages() == []


def test_reports_are_believed_by_their_signature(opened):
    channel, key = opened("voice"), str(uuid4())
    said = [
        {"key": key, "outcome": "delivered", "at": NOW.isoformat()},
        {"reference": "r-1", "outcome": "answered", "answer": "1", "at": NOW.isoformat()},
    ]
    body = json.dumps(said).encode()
    secret = "gateway-secret"
    first, second = channel.receipts(signing.signed(secret, body, now=NOW), body, now=NOW)
    assert (str(first.letter_id), first.outcome) == (key, Outcome.DELIVERED)
    assert (second.reference, second.answer, second.outcome) == ("r-1", "1", Outcome.ANSWERED)
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


@pytest.mark.parametrize(
    "said",
    [
        {},
        ["x"],
        [{"key": "x", "outcome": "delivered", "at": NOW.isoformat()}],
        [{"key": str(uuid4()), "outcome": "dreamt", "at": NOW.isoformat()}],
        [{"key": str(uuid4()), "outcome": "delivered", "at": "2025-07-28T01:00:00"}],
        [{"outcome": "delivered", "at": NOW.isoformat()}],
        [{}] * 1001,
    ],
)
def test_a_malformed_report_is_refused(opened, said):
    body = json.dumps(said).encode()
    with pytest.raises(ValueError):
        opened("sms").receipts(signing.signed("gateway-secret", body, now=NOW), body, now=NOW)


def test_two_thousand_letters_at_up_to_200_ms_are_taken_within_ten_seconds(farm, opened):
    farm.farm.change({"sms": {"latency_s": [0.02, 0.2]}})
    channel = opened("sms")
    began = time.monotonic()
    with ThreadPoolExecutor(64) as pool:
        list(pool.map(lambda _: channel.send(letter()), range(500)))
    assert time.monotonic() - began < 10
    assert len(farm.farm.taken("sms")) == 500


def test_the_farm_is_asked_and_changed_over_http(farm):
    def ask(path: str, said: object = None) -> tuple[int, object]:
        body = None if said is None else json.dumps(said).encode()
        try:
            with urllib.request.urlopen(f"{farm.address}/{path}", body, timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    assert ask("messages")[1] == {"messages": []}
    assert ask("script", {"sms": {"is_down": True}, "*": {"latency_s": [0, 0]}})[0] == 200
    assert farm.farm.script.manners["sms"].is_down
    wrongs: list[object] = [{"pigeon": {}}, {"sms": {"mood": 1}}, {"sms": 1}, [1]]
    for wrong in wrongs:
        assert ask("script", wrong)[0] == 400
    assert ask("sms/unknown")[0] == 404
    assert ask("pigeon", {})[0] == 404
    assert ask("dingtalk", {"text": 1})[0] == 400


def test_channels_are_opened_by_the_settings_and_an_impossible_one_is_named(tmp_path):
    def of(wanted: object) -> dict[str, Channel]:
        (tmp_path / "channels.json").write_text(json.dumps(wanted))
        return open_channels(Settings.from_env({"HEZHANG_CHANNELS": str(tmp_path / "channels.json")}), utcnow)

    assert set(of(channels(9900, Script.plain()))) == {"app", "sms", "voice"}
    for wrong in (
        {"sms": {"kind": "pigeon"}},
        {"sms": {"kind": "sms", "url": "https://x"}},
        {"app": {"kind": "webpush", "key": "!", "contact": "mailto:a@example.cn"}},
    ):
        with pytest.raises(ImpossibleSettings):
            of(wrong)
