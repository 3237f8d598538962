"""The doors of the farm: HTTP for text messages, calls and robots, and what a person asks of the farm itself."""

from __future__ import annotations

import json
import sys
import threading
import time
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from backend.simulator.gateway import signing
from backend.simulator.gateway.farm import Farm, Later, Message
from backend.simulator.gateway.mail import Mailbox
from backend.simulator.gateway.people import GATEWAYS, People
from backend.simulator.gateway.reports import Reports
from backend.simulator.gateway.script import Script

_ROBOTS = {"dingtalk": ("errcode", 130101), "wecom": ("errcode", 45009), "feishu": ("code", 11232)}
_MOST_BYTES = 1_000_000
_STATUS = {"down": 503, "refused": 500}
_CODES = {"error": 1002, "bad_number": 1001, "busy": 1030}


class Gateway:
    """The farm with its doors, on loopback; a context manager."""

    def __init__(
        self, script: Script, *, port: int = 0, mail_port: int = 0, tell: Callable[[Message], None] = lambda _: None
    ) -> None:
        self.farm = Farm(script, tell)
        self._mail = Mailbox(self.farm, mail_port)
        try:
            self._server = _Server(("127.0.0.1", port), _handler_of(self))
        except OSError:
            self._mail.close()
            raise
        self._later = Later()
        self._reports = Reports(self.farm, self._later)
        self._people = People(self.farm, self._later, self._reports)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="gateway", daemon=True)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def mail_port(self) -> int:
        """Where its mail server listens."""
        return self._mail.port

    def __enter__(self) -> Gateway:
        self._thread.start()
        self._mail.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.farm.end()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._mail.stop()
        self._later.stop()
        self._people.stop()
        self._reports.stop()

    def follow(self, message: Message) -> None:
        """Let people do with it what they do."""
        self._people.follow(message)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that is killed hangs up in the middle of a sentence, and that is nothing to tell of."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _handler_of(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Bound(_Handler):
        here = gateway

    return Bound


class _Handler(BaseHTTPRequestHandler):
    here: Gateway
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """The farm tells of messages itself."""

    def do_GET(self) -> None:
        """`/messages?channel=`, `/books`, or whether a provider knows a key: `/sms/{key}`."""
        place = urlsplit(self.path)
        parts = place.path.strip("/").split("/")
        if parts == ["messages"]:
            channel = parse_qs(place.query).get("channel", [None])[0]
            self._answer(200, {"messages": self.here.farm.messages(channel)})
        elif parts == ["books"]:
            farm = self.here.farm
            self._answer(200, farm.books.shown("voice", farm.script.manners["voice"].lines))
        elif len(parts) == 2 and parts[0] in GATEWAYS and self.here.farm.knows(*parts):
            self._answer(200, {"code": 0, "reference": _reference(parts[1])})
        else:
            self._answer(404, {"code": 404})

    def do_POST(self) -> None:
        """A message for a provider; `/script`: how they are to behave; `/books`: count from here."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), _MOST_BYTES))
        channel = urlsplit(self.path).path.strip("/")
        try:
            said = json.loads(body)
            if channel == "script":
                self.here.farm.change(said)
                self._answer(200, {})
            elif channel == "books":
                self.here.farm.books.reopen()
                self._answer(200, {})
            elif channel in GATEWAYS:
                self._gateway(channel, said, body)
            elif channel in _ROBOTS:
                self._robot(channel, said)
            else:
                self._answer(404, {})
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            self._answer(400, {"code": 400, "message": str(wrong)})

    def _gateway(self, channel: str, said: dict[str, Any], body: bytes) -> None:
        if not signing.is_signed(self.here.farm.script.secret, dict(self.headers), body):
            self._answer(401, {"code": 401, "message": "signature"})
            return
        message = self._received(channel, str(said["to"]), str(said["text"]), str(said["key"]))
        if message is None:
            return
        if message.outcome == "throttled":
            self._answer(429, {"code": 1029}, {"Retry-After": str(int(self.here.farm.script.manners[channel].rest_s))})
        elif message.outcome in _STATUS:
            self._answer(_STATUS[message.outcome], {"code": 1500})
        elif message.outcome in _CODES:
            self._answer(200, {"code": _CODES[message.outcome]})
        else:
            self._answer(200, {"code": 0, "reference": _reference(message.key)})

    def _robot(self, channel: str, said: dict[str, Any]) -> None:
        content = said["content"]["text"] if channel == "feishu" else said["text"]["content"]
        mentioned = said.get("at", {}).get("atMobiles") or said.get("text", {}).get("mentioned_mobile_list") or []
        message = self._received(channel, ",".join(mentioned) or "@", str(content), uuid.uuid4().hex)
        if message is None:
            return
        field, throttled = _ROBOTS[channel]
        code = {"throttled": throttled, "error": 40035}.get(message.outcome, 0)
        self._answer(_STATUS.get(message.outcome, 200), {field: code})

    def _received(self, channel: str, to: str, text: str, key: str) -> Message | None:
        """What became of it, after the provider's latency; None when it never says."""
        farm = self.here.farm
        message = farm.receive(channel, to, text, key)
        time.sleep(farm.latency_s(message))
        self.here.follow(message)
        if farm.keeps_silent(message):
            farm.be_silent()
            self.close_connection = True
            return None
        return message

    def _answer(self, status: int, said: Any, headers: dict[str, str] | None = None) -> None:
        content = json.dumps(said, ensure_ascii=False).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | (headers or {})).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _reference(key: str) -> str:
    return f"r-{key[-12:]}"
