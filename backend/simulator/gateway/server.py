"""The doors of the farm: HTTP for text messages, calls and robots, and what a person asks of the farm itself."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from backend.simulator.gateway import signing
from backend.simulator.gateway.farm import Farm, Later, Message
from backend.simulator.gateway.mail import Mailbox
from backend.simulator.gateway.script import Script

_GATEWAYS = ("sms", "voice")
_ROBOTS = {"dingtalk": ("errcode", 130101), "wecom": ("errcode", 45009), "feishu": ("code", 11232)}
_MOST_BYTES = 1_000_000
_MOST_REPORTS, _AGAIN_S = 4, 1.0
"""How often a report is handed in, and so many seconds more before each time."""
_STATUS = {"down": 503, "refused": 500}


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

    def follow(self, message: Message) -> None:
        """Report on a message later, and let the person answer a call."""
        script = self.farm.script
        manner, key = script.manners[message.channel], message.key
        if script.hooks is None or message.outcome != "taken" or message.channel not in _GATEWAYS:
            return
        is_reached = not (manner.unreachable and message.to.endswith(manner.unreachable))
        if script.chance(key, "receipt") < manner.receipts_share:
            outcome = {"outcome": "delivered"} if is_reached else {"outcome": "failed", "reason": "no_answer"}
            self._report(message, script.between(key, "receipt_s", manner.receipts_after_s), outcome)
        if message.channel == "voice" and is_reached and script.chance(key, "answer") < manner.answered_share:
            after_s = script.between(key, "answer_s", manner.answered_after_s)
            self._report(message, after_s, {"outcome": "answered", "answer": "1"})

    def _report(self, message: Message, after_s: float, outcome: dict[str, str], nth: int = 1) -> None:
        """The house may be away, or not have written down yet that the message was taken; then once more, and again."""

        def report() -> None:
            if self._post(message.channel, {"key": message.key} | outcome):
                if outcome["outcome"] != "delivered":
                    self.farm.tell(replace(message, at=_now(), outcome=outcome["outcome"]))
            elif nth < _MOST_REPORTS:
                self._report(message, nth * _AGAIN_S, outcome, nth + 1)

        self._later.after(after_s, report)

    def _post(self, channel: str, said: dict[str, str]) -> bool:
        script = self.farm.script
        body = json.dumps([said | {"at": _now()}]).encode()
        headers = {"Content-Type": "application/json"} | signing.signed(script.secret, body)
        request = urllib.request.Request(f"{script.hooks}/{channel}", body, headers)  # noqa: S310 - the house
        try:
            with _DIRECT.open(request, timeout=5):
                return True
        except urllib.error.HTTPError as refused:
            refused.close()
            return False
        except OSError:
            return False


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512


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
        """`/messages?channel=`, or whether a provider knows a key: `/sms/{key}`."""
        place = urlsplit(self.path)
        parts = place.path.strip("/").split("/")
        if parts == ["messages"]:
            channel = parse_qs(place.query).get("channel", [None])[0]
            self._answer(200, {"messages": self.here.farm.messages(channel)})
        elif len(parts) == 2 and parts[0] in _GATEWAYS and self.here.farm.knows(*parts):
            self._answer(200, {"code": 0, "reference": _reference(parts[1])})
        else:
            self._answer(404, {"code": 404})

    def do_POST(self) -> None:
        """A message for a provider, or `/script`: how they are to behave."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), _MOST_BYTES))
        channel = urlsplit(self.path).path.strip("/")
        try:
            said = json.loads(body)
            if channel == "script":
                self.here.farm.change(said)
                self._answer(200, {})
            elif channel in _GATEWAYS:
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
        elif message.outcome in ("error", "bad_number"):
            self._answer(200, {"code": 1002 if message.outcome == "error" else 1001})
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


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _reference(key: str) -> str:
    return f"r-{key[-12:]}"
