"""Simulated people: they hold lines for as long as they listen, press keys or hang up, and open links."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from backend.channels import signing
from backend.channels.known import open_channels, ways
from backend.channels.sending import DeliveryFailed, Letter
from backend.clock import utcnow
from backend.commands.gateway import channels
from backend.config import Settings
from backend.domain.lines import Lines
from backend.simulator.gateway.script import Script
from backend.simulator.gateway.server import Gateway


class House:
    """A house that hears reports and shows the page of a link."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str, Any]] = []

    def wait(self, count: int) -> list[dict[str, Any]]:
        until = time.monotonic() + 10
        while len(self.heard) < count and time.monotonic() < until:
            time.sleep(0.01)
        return self.heard


@pytest.fixture
def here() -> Iterator[tuple[House, str]]:
    house = House()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            house.asked.append(("GET", self.path, None))
            self._answer()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path.startswith("/api/v1/hooks/"):
                signing.check("gateway-secret", dict(self.headers), body, now=utcnow())
                house.heard += json.loads(body)
            else:
                house.asked.append(("POST", self.path, json.loads(body)))
            self._answer()

        def _answer(self) -> None:
            self.send_response(404 if "gone" in self.path else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield house, f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def farm(here) -> Iterator[Callable[..., Gateway]]:
    opened: list[Gateway] = []

    def open_farm(said: dict[str, Any], speed: float = 1.0) -> Gateway:
        script = Script.plain(hooks=f"{here[1]}/api/v1/hooks", house=here[1], speed=speed)
        at_once = {"latency_s": [0, 0], "receipts_after_s": [0, 0]}
        gateway = Gateway(script.changed({"*": at_once} | said))
        opened.append(gateway.__enter__())
        return gateway

    yield open_farm
    for each in opened:
        each.__exit__()


def called(farm: Gateway, tmp_path: Path) -> Callable[..., UUID]:
    (tmp_path / "c.json").write_text(json.dumps(channels(farm)))
    settings = Settings.from_env({"HEZHANG_CHANNELS": str(tmp_path / "c.json"), "HEZHANG_DOORS": "127.0.0.1"})
    opened = open_channels(settings, utcnow)

    def send(channel: str = "voice", text: str = "徒骇河红色预警") -> UUID:
        letter = Letter(uuid4(), "+8613800000001", "红色预警", text)
        opened[channel].send(letter)
        return letter.id

    return send


def books(farm: Gateway, body: bytes | None = None) -> Any:
    with urllib.request.urlopen(f"{farm.address}/books", body, timeout=60) as answer:
        return json.load(answer)


def test_a_line_is_held_until_the_call_is_over_and_one_more_call_finds_none(farm, here, tmp_path):
    open_farm = farm({"voice": {"lines": 2, "call_s": [0.5, 0.5]}})
    call = called(open_farm, tmp_path)
    call()
    call()
    with pytest.raises(DeliveryFailed) as refused:
        call()
    assert (refused.value.reason, refused.value.permanent) == ("code_1030", False)
    assert books(open_farm)["voice"] | {"idle_share": 0, "lasted_s": 0} == {
        "lines": 2, "in_use": 2, "most": 2, "calls": 2, "exceeded": 1, "ended": {}, "lasted_s": 0, "idle_share": 0,
    }  # fmt: skip
    here[0].wait(2)
    call()
    found = books(open_farm)["voice"]
    assert (found["in_use"], found["calls"], found["ended"]) == (1, 3, {"answered": 2})


def test_the_books_show_how_long_lines_were_idle_while_calls_came_and_begin_anew(farm, here, tmp_path):
    open_farm = farm({"voice": {"lines": 1, "call_s": [0.2, 0.2]}})
    call = called(open_farm, tmp_path)
    call()
    here[0].wait(1)
    time.sleep(0.2)
    call()
    found = books(open_farm)["voice"]
    assert 0.4 <= found["lasted_s"] < 2
    assert 0.3 < found["idle_share"] < 0.95
    books(open_farm, b"{}")
    assert books(open_farm)["voice"]["calls"] == 0
    assert books(open_farm)["voice"]["in_use"] == 1


def test_people_press_what_they_press_after_the_whole_message_or_hang_up_before(farm, here, tmp_path):
    shares = {"1": 0.4, "2": 0.2, "3": 0.2, "": 0.2}
    call = called(farm({"voice": {"call_s": [0, 0.1], "keys": shares, "hangs_up_share": 0.3}}), tmp_path)
    for _ in range(100):
        call()
    heard = here[0].wait(100)
    kinds = {(each["outcome"], each.get("answer"), each.get("heard"), each.get("reason")) for each in heard}
    assert {("answered", key, "whole", None) for key in "123"} <= kinds
    assert {("delivered", None, "whole", None), ("failed", None, "part", "hung_up")} <= kinds
    assert ("answered", "1", "part", None) in kinds
    assert 10 <= sum(each.get("heard") == "part" for each in heard) <= 50


def test_nobody_there_rings_for_its_time_and_holds_the_line_as_long(farm, here, tmp_path):
    open_farm = farm({"voice": {"lines": 1, "no_answer_s": [30, 30], "unreachable": ["0001"]}}, speed=100)
    began = time.monotonic()
    called(open_farm, tmp_path)()
    (heard,) = here[0].wait(1)
    assert 0.3 <= time.monotonic() - began < 5
    assert (heard["outcome"], heard["reason"]) == ("failed", "no_answer")
    assert books(open_farm)["voice"]["ended"] == {"no_answer": 1}


def test_people_open_the_link_of_a_text_at_the_house_and_answer_there(farm, here, tmp_path):
    manner = {"opens_share": 1.0, "opens_after_s": [1, 1], "statuses": {"acting": 1.0}}
    open_farm = farm({"sms": manner}, speed=20)
    send = called(open_farm, tmp_path)
    send("sms", "徒骇河红色预警，请点此回复：https://hz.example.cn/a/Ab-3")
    send("sms", "没有链接")
    until = time.monotonic() + 10
    while books(open_farm)["links"] != {"opened": 1, "acting": 1} and time.monotonic() < until:
        time.sleep(0.02)
    get, post = here[0].asked
    assert get == ("GET", "/a/Ab-3", None)
    assert (post[0], post[1], post[2]["status"], UUID(post[2]["id"]).version) == ("POST", "/a/Ab-3", "acting", 5)
    assert books(open_farm)["links"] == {"opened": 1, "acting": 1}


def test_a_link_that_leads_nowhere_and_people_who_only_look_are_counted(farm, here, tmp_path):
    open_farm = farm({"sms": {"opens_share": 1.0, "opens_after_s": [0, 0], "statuses": {}}})
    send = called(open_farm, tmp_path)
    send("sms", "https://hz.example.cn/a/gone")
    send("sms", "https://hz.example.cn/a/x")
    until = time.monotonic() + 10
    while sum(books(open_farm)["links"].values()) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    assert books(open_farm)["links"] == {"http_404": 1, "opened": 1}


def test_a_sender_that_is_killed_in_the_middle_of_a_sentence_is_nothing_to_tell_of(farm, tmp_path, capfd):
    open_farm = farm({})
    port = int(open_farm.address.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(b"GET /books HTTP/1.1\r\nHost: here\r\n\r\n")
        connection.recv(10)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    called(open_farm, tmp_path)("sms")
    time.sleep(0.3)
    assert capfd.readouterr().err == ""


def test_the_channels_of_a_farm_with_lines_know_them(farm, tmp_path):
    open_farm = farm({"voice": {"lines": 200, "call_s": [20, 35], "no_answer_s": [25, 30]}})
    (tmp_path / "c.json").write_text(json.dumps(channels(open_farm)))
    settings = Settings.from_env({"HEZHANG_CHANNELS": str(tmp_path / "c.json"), "HEZHANG_DOORS": "127.0.0.1"})
    assert ways(settings, open_channels(settings, utcnow))["voice"].lines == Lines(200, 35.0)
