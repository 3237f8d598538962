"""`hezhang gateway`: what a person sees of it, and how it is told to behave badly."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner

from backend.channels.known import open_channels
from backend.channels.sending import Channel, DeliveryFailed, Letter, Outcome, Receipt
from backend.clock import utcnow
from backend.commands.gateway import channels, gateway
from backend.config import Settings
from backend.simulator.gateway.script import Script
from backend.simulator.gateway.server import Gateway


def letter(to: str = "+8613800000001") -> Letter:
    return Letter(uuid4(), to, "河长制提醒", "徒骇河兴华村段\n逾期")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def furnished(file: Path, doors: str) -> dict[str, Channel]:
    return open_channels(Settings.from_env({"HEZHANG_CHANNELS": str(file), "HEZHANG_DOORS": doors}), utcnow)


def test_two_terminals_one_that_sends_and_one_that_shows_each_message(tmp_path):
    port, file = free_port(), tmp_path / "var" / "channels.json"
    process = subprocess.Popen(
        [Path(sys.executable).with_name("hezhang"), "gateway", "--port", str(port), "--channels-file", str(file)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"LC_ALL": "zh_CN.UTF-8", "PYTHONIOENCODING": "utf-8"},
    )
    try:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(3)]
        command = said[1].strip()
        assert command.endswith(f"HEZHANG_CHANNELS={file} make run")
        doors = command.split()[0].removeprefix("HEZHANG_DOORS=")
        house = furnished(file, doors)
        house["sms"].send(letter())
        house["mail"].send(letter("li@example.cn"))
        shown = [process.stdout.readline() for _ in range(2)]
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert "+8613800000001" in shown[0]
    assert "已收  【河长办】徒骇河兴华村段 逾期" in shown[0]
    assert "mail" in shown[1]
    assert "li@example.cn" in shown[1]
    assert process.returncode == 0


def test_what_it_cannot_do_it_says_in_a_line(tmp_path):
    def refused(*words: object) -> str:
        found = CliRunner().invoke(gateway, [str(word) for word in words], env={"LC_ALL": "zh_CN.UTF-8"})
        assert found.exit_code == 1
        return found.output

    (tmp_path / "script.json").write_text("{")
    assert "script.json 不能用" in refused("--script", tmp_path / "script.json")
    (tmp_path / "script.json").write_text('{"sms": {"latency_s": 5}}')
    assert "latency_s: 5" in refused("--script", tmp_path / "script.json")
    assert "写不了" in refused("--port", 0, "--channels-file", tmp_path / "script.json" / "x")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert f"端口 {port} 用不了" in refused("--port", port)
        if port > 1024:
            assert f"端口 {port - 1} 用不了" in refused("--port", port - 1)


@pytest.fixture
def farm() -> Iterator[Gateway]:
    with Gateway(Script.plain(), tell=lambda _: None) as found:
        yield found


@pytest.fixture
def ask(farm) -> Callable[..., tuple[int, Any]]:
    def asked(path: str, said: object = None) -> tuple[int, Any]:
        body = None if said is None else json.dumps(said).encode()
        try:
            with urllib.request.urlopen(f"{farm.address}/{path}", body, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    return asked


def test_it_is_asked_and_changed_over_http(farm, ask):
    assert ask("messages")[1] == {"messages": []}
    assert ask("script", {"sms": {"is_down": True}, "*": {"latency_s": [0, 0]}})[0] == 200
    assert farm.farm.script.manners["sms"].is_down
    assert ask("sms/unknown")[0] == 404
    assert ask("pigeon", {})[0] == 404
    assert ask("dingtalk", {"text": {"content": "x"}, "at": {}}) == (200, {"errcode": 0})
    ((message,), (other,)) = (ask(f"messages?channel={name}")[1]["messages"] or [None] for name in ("dingtalk", "sms"))
    assert (message["text"], other) == ("x", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"pigeon": {}},
        {"sms": {"mood": 1}},
        {"sms": 1},
        [1],
        {"sms": {"latency_s": [1]}},
        {"sms": {"latency_s": [2, 1]}},
        {"sms": {"latency_s": ["a", "b"]}},
        {"sms": {"silent_share": 1.5}},
        {"sms": {"silent_share": True}},
        {"sms": {"is_down": 1}},
        {"sms": {"per_minute": -1}},
        {"sms": {"bad_numbers": "0001"}},
        {"sms": {"bad_numbers": [""]}},
        {"sms": {"rest_s": None}},
        {"voice": {"lines": -1}},
        {"voice": {"lines": True}},
        {"voice": {"keys": {"4": 1.0}}},
        {"voice": {"keys": {"1": 0.6, "2": 0.6}}},
        {"voice": {"keys": {"1": "often"}}},
        {"voice": {"keys": ["1"]}},
        {"sms": {"statuses": {"asleep": 1.0}}},
        {"sms": {"opens_share": 2}},
    ],
)
def test_manners_that_cannot_be_meant_are_refused_and_change_nothing(farm, ask, wrong):
    before = farm.farm.script
    assert ask("script", wrong)[0] == 400
    assert farm.farm.script == before


def test_a_share_of_the_letters_fares_alike_under_the_same_seed():
    def fates(seed: int) -> list[str]:
        with Gateway(Script.plain(seed=seed).changed({"sms": {"dropped_share": 0.5}})) as farm:
            return [farm.farm.receive("sms", "1", "x", f"key-{number}").outcome for number in range(200)]

    first = fates(1)
    assert first == fates(1) != fates(2)
    assert 60 < first.count("lost") < 140


def test_a_provider_that_lost_a_letter_says_that_it_took_it(farm, tmp_path):
    farm.farm.change({"sms": {"dropped_share": 1.0}})
    (tmp_path / "c.json").write_text(json.dumps(channels(farm)))
    sent = letter()
    assert furnished(tmp_path / "c.json", "127.0.0.1")["sms"].send(sent).reference
    assert farm.farm.taken("sms") == {}
    assert farm.farm.knows("sms", str(sent.id))


class House:
    """A house at which reports are handed in; `away` so many times before it takes one."""

    def __init__(self, away: int = 0) -> None:
        self.away, self.asked = away, 0
        self.came: list[tuple[str, dict[str, str], bytes]] = []


@contextmanager
def house_of(here: House) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.asked += 1
            if here.asked > here.away:
                here.came.append((self.path, dict(self.headers), body))
            self.send_response(204 if here.asked > here.away else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hooks"
        server.shutdown()
        thread.join()


def reports(here: House, count: int, channel: Channel) -> list[Receipt]:
    """The first reports, read as the house reads them: by their signature."""
    until = time.monotonic() + 10
    while len(here.came) < count and time.monotonic() < until:
        time.sleep(0.02)
    return [
        receipt for _, headers, body in here.came[:count] for receipt in channel.receipts(headers, body, now=utcnow())
    ]


def furnished_with(farm: Gateway, tmp_path: Path, hooks: str, **voice: object) -> Channel:
    manner = {"receipts_after_s": [0, 0], "call_s": [0.2, 0.2], "no_answer_s": [0, 0], "latency_s": [0, 0]} | voice
    farm.farm.change({"hooks": hooks, "voice": manner})
    (tmp_path / "c.json").write_text(json.dumps(channels(farm)))
    return furnished(tmp_path / "c.json", "127.0.0.1")["voice"]


def test_a_call_is_reported_on_and_answered_by_a_key_even_when_the_house_was_away(farm, tmp_path):
    here, sent = House(away=1), letter()
    with house_of(here) as hooks:
        voice = furnished_with(farm, tmp_path, hooks)
        voice.send(sent)
        (found,) = reports(here, 1, voice)
    assert (found.letter_id, found.outcome, found.answer) == (sent.id, Outcome.ANSWERED, "1")
    assert {path for path, _, _ in here.came} == {"/hooks/voice"}


def test_whoever_does_not_answer_is_reported_as_not_reached(farm, tmp_path):
    here = House()
    with house_of(here) as hooks:
        voice = furnished_with(farm, tmp_path, hooks, unreachable=["0001"])
        voice.send(letter())
        (found,) = reports(here, 1, voice)
    assert (found.outcome, found.reason) == (Outcome.FAILED, "no_answer")


def test_reports_that_never_come_never_come(farm, tmp_path):
    here = House()
    with house_of(here) as hooks:
        voice = furnished_with(farm, tmp_path, hooks, receipts_share=0.0)
        voice.send(letter())
        time.sleep(0.5)
    assert here.asked == 0


def test_mail_that_is_no_mail_is_answered_as_such(farm):
    with socket.create_connection(("127.0.0.1", farm.mail_port), 5) as connection:
        file = connection.makefile("rwb", buffering=0)
        assert file.readline().startswith(b"220")
        for said, answer in ((b"PIGEON", b"502"), (b"__INIT__ x", b"502"), (b"RCPT", b"250"), (b"QUIT", b"221")):
            file.write(said + b"\r\n")
            assert file.readline().startswith(answer)
        file.close()


def test_the_ports_are_free_again_at_once():
    with Gateway(Script.plain()) as first:
        port, mail = int(first.address.rsplit(":", 1)[1]), first.mail_port
        with socket.create_connection(("127.0.0.1", mail), 5) as connection:
            connection.sendall(b"QUIT\r\n")
            while connection.recv(100):
                pass
    with Gateway(Script.plain(), port=port, mail_port=mail) as second:
        assert second.mail_port == mail
    with pytest.raises(OSError), socket.create_server(("127.0.0.1", port)):
        Gateway(Script.plain(), port=port)


def test_a_silent_provider_lets_the_farm_end(farm, tmp_path):
    farm.farm.change({"sms": {"silent_share": 1.0}})
    (tmp_path / "c.json").write_text(json.dumps(channels(farm)))
    sms = furnished(tmp_path / "c.json", "127.0.0.1")["sms"]
    with pytest.raises(DeliveryFailed):
        sms.send(letter())
