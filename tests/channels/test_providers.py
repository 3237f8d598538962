"""Providers with wrong addresses, strange answers and settings that cannot work."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from backend.channels.known import KINDS, open_channels
from backend.channels.outside import Outside
from backend.channels.sending import Channel
from backend.clock import utcnow
from backend.commands.gateway import channels
from backend.config import ImpossibleSettings, Settings


@contextmanager
def provider(status: int, said: object) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Somebody who answers everything alike, and what was handed over to them."""
    came: list[dict[str, object]] = []
    content = said if isinstance(said, bytes) else json.dumps(said).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/send", came
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        (200, {"code": 0}, None),
        (200, {"code": "0", "reference": None}, None),
        (200, {}, ("unreadable", False, True)),
        (200, [], ("unreadable", False, True)),
        (200, b"<html>", ("unreadable", False, True)),
        (200, {"code": "13800000001 号码错误"}, ("code_13800000001", False, False)),
        (200, {"code": None}, ("code_None", False, False)),
        (302, {"code": 0}, ("http_302", False, False)),
        (400, {"code": 0}, ("http_400", True, False)),
        (401, {"code": 0}, ("http_401", False, False)),
        (404, {"code": 0}, ("http_404", False, False)),
        (502, {"code": 0}, ("http_502", False, True)),
    ],
)
def test_an_answer_says_what_is_to_be_done_with_the_letter(opened, letter, failure, status, said, expected):
    with provider(status, said) as (url, came):
        channel = opened("sms", url=url)
        if expected is None:
            assert channel.send(letter()).reference is None
        else:
            failed = failure(channel, letter())
            assert (failed.reason, failed.permanent, failed.is_ambiguous) == expected
    assert len(came) == 1


def test_a_question_that_is_not_answered_leaves_the_letter_waiting(opened, letter):
    with provider(503, {}) as (url, _), pytest.raises(Exception, match="http_503"):
        opened("sms", ask=url + "/{id}").ask(letter().id)
    with provider(404, {}) as (url, _):
        assert opened("sms", ask=url + "/{id}").ask(letter().id) is None


def test_a_provider_that_is_not_where_it_should_be_keeps_its_letters_waiting(farm, letter, failure):
    for kind in ("sms", "dingtalk"):
        closed = KINDS[kind][1](kind, channels(farm).get(kind, {"url": farm.address}), Outside(utcnow, timeout_s=1))
        failed = failure(closed, letter())
        assert (failed.reason, failed.permanent) == ("blocked", False)
    assert farm.farm.messages() == []


def test_a_text_is_signed_and_cut_and_a_call_says_everything(farm, opened, letter):
    opened("sms", segments=1).send(letter(text="字" * 100))
    opened("voice").send(letter(text="字" * 1000))
    text, call = farm.farm.messages()
    assert text["text"] == "【河长办】" + "字" * 64 + "…"
    assert call["text"] == "字" * 1000


def test_the_names_of_a_provider_are_a_matter_of_settings(opened, letter):
    fields = {"mobile": "{address}", "content": "{title}：{text}", "uid": "{id}", "n": "{number}"}
    with provider(200, {"result": "OK", "sid": 7}) as (url, came):
        channel = opened("voice", url=url, fields=fields, code="result", good="OK", reference="sid")
        sent = letter()
        assert channel.send(sent).reference == "7"
    assert came == [
        {"mobile": "+8613800000001", "content": f"{sent.title}：{sent.text}", "uid": str(sent.id), "n": "1"}
    ]


@pytest.mark.parametrize("kind", ["dingtalk", "wecom", "feishu"])
def test_a_robot_that_cannot_be_read_may_have_said_it(opened, letter, failure, kind):
    for said in (b"<html>", b"[]", b"{}"):
        with provider(200, said) as (url, _):
            failed = failure(opened(kind, url=url), letter())
        assert (failed.reason, failed.is_ambiguous) == ("unreadable", True)
    with provider(403, {}) as (url, _):
        assert failure(opened(kind, url=url), letter()).reason == "http_403"


def test_a_throttle_of_feishu_is_one_under_any_status(opened, letter, failure):
    for status in (200, 400):
        with provider(status, {"code": 11232, "msg": "frequency limited"}) as (url, _):
            failed = failure(opened("feishu", url=url), letter())
        assert (failed.reason, failed.retry_after_s) == ("throttled", 60.0)


@pytest.fixture
def house(tmp_path) -> Callable[..., dict[str, Channel]]:
    """The channels of a house whose file says this."""

    def furnish(wanted: object, doors: str = "127.0.0.1") -> dict[str, Channel]:
        (tmp_path / "channels.json").write_text(json.dumps(wanted))
        environ = {"HEZHANG_CHANNELS": str(tmp_path / "channels.json"), "HEZHANG_DOORS": doors}
        return open_channels(Settings.from_env(environ), utcnow)

    return furnish


def test_what_the_simulator_writes_furnishes_a_house(farm, house):
    assert set(house(channels(farm))) == {"app", "sms", "voice", "chat", "mail", "watch"}


GATEWAY = {"kind": "sms", "url": "https://gateway.example/send", "secret": "s3cret"}


@pytest.mark.parametrize(
    ("name", "wanted", "about"),
    [
        ("sms", {"kind": "pigeon"}, "pigeon|one of|only"),
        ("sms", {"kind": "sms", "url": "https://x"}, "secret"),
        ("sms", GATEWAY | {"url": "gateway.example"}, "url"),
        ("sms", GATEWAY | {"url": "ftp://gateway.example"}, "url"),
        ("sms", GATEWAY | {"ask": "nowhere"}, "ask"),
        ("sms", GATEWAY | {"fields": {"to": "{adress}"}}, "fields"),
        ("sms", GATEWAY | {"fields": ["to"]}, "fields"),
        ("sms", GATEWAY | {"fields": {"to": "{0}"}}, "fields"),
        ("sms", GATEWAY | {"segments": 0}, "segments"),
        ("sms", GATEWAY | {"segments": "many"}, "sms"),
        ("sms", GATEWAY | {"permanent": 5}, "sms"),
        ("app", {"kind": "webpush", "key": "!", "contact": "mailto:a@example.cn"}, "app"),
        ("mail", {"kind": "mail", "host": "smtp.example.cn", "from": "nobody"}, "from"),
        ("mail", {"kind": "mail", "host": "smtp.example.cn", "from": "a@example.cn", "tls": "maybe"}, "tls"),
        ("chat", {"kind": "apprise", "url": "nothing://"}, "url"),
        ("dingtalk", {"kind": "dingtalk", "url": "https://oapi.dingtalk.com/robot/send"}, "dingtalk.*chat"),
    ],
)
def test_a_channel_that_cannot_work_is_refused_at_the_start_without_its_secrets(house, name, wanted, about):
    with pytest.raises(ImpossibleSettings, match=about) as refused:
        house({name: wanted})
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        (GATEWAY | {"url": "http://127.0.0.1:9900/sms"}, "127.0.0.1:9900"),
        (GATEWAY | {"url": "http://localhost/sms"}, "127.0.0.1:80"),
        (GATEWAY | {"url": "https://10.1.2.3/sms"}, "10.1.2.3:443"),
        ({"kind": "mail", "host": "192.168.1.9", "port": 2525, "from": "a@example.cn"}, "192.168.1.9:2525"),
    ],
)
def test_an_address_inside_needs_a_door_and_the_refusal_says_which(house, wanted, where):
    with pytest.raises(ImpossibleSettings, match=f"HEZHANG_DOORS={where}"):
        house({"sms": wanted}, doors="")
    assert set(house({"sms": wanted}, doors=where)) == {"sms"}
    assert set(house({"sms": GATEWAY}, doors="")) == {"sms"}
