"""The doors of the farm: HTTP for text messages, calls and robots, and what a person asks of the farm itself."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from backend.channels import signing
from backend.channels.sending import Forged
from backend.simulator.gateway.farm import Farm, Later, Message
from backend.simulator.gateway.mail import Mailbox
from backend.simulator.gateway.script import Script

_GATEWAYS = ("sms", "voice")
_ROBOTS = {"dingtalk": ("errcode", 130101), "wecom": ("errcode", 45009), "feishu": ("code", 11232)}
_SILENCE_S = 30.0
_MOST_BYTES = 1_000_000
_STATUS = {"down": 503, "refused": 500}


class Gateway:
    """The farm with its doors, on loopback; a context manager."""

    def __init__(
        self, script: Script, *, port: int = 0, mail_port: int = 0, tell: Callable[[Message], None] = lambda _: None
    ) -> None:
        self.farm = Farm(script, tell)
        self._later = Later()
        self._server = _Server(("127.0.0.1", port), _handler_of(self))
        self._mail = Mailbox(self.farm, mail_port)
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
        if script.chance(key, "receipt") < manner.receipts_share:
            self._report(message, "delivered", script.between(key, "receipt_s", manner.receipts_after_s))
        is_called = message.channel == "voice" and not (manner.unreachable and message.to.endswith(manner.unreachable))
        if is_called and script.chance(key, "answer") < manner.answered_share:
            self._report(message, "answered", script.between(key, "answer_s", manner.answered_after_s), answer="1")

    def _report(self, message: Message, outcome: str, after_s: float, **more: str) -> None:
        said = {"key": message.key, "outcome": outcome} | more
        self._later.after(after_s, lambda: self._post(message.channel, said))

    def _post(self, channel: str, said: dict[str, str]) -> None:
        script = self.farm.script
        now = datetime.now(UTC)
        body = json.dumps([said | {"at": now.isoformat()}]).encode()
        headers = {"Content-Type": "application/json"} | signing.signed(script.secret, body, now=now)
        request = urllib.request.Request(f"{script.hooks}/{channel}", body, headers)  # noqa: S310 - the house
        try:
            with _DIRECT.open(request, timeout=5):
                pass
        except (urllib.error.URLError, OSError):
            pass  # the house is away; a provider does not wait for it either


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
        try:
            signing.check(self.here.farm.script.secret, dict(self.headers), body, now=datetime.now(UTC))
        except Forged:
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
        manner = farm.script.manners[channel]
        time.sleep(farm.script.between(f"{key}/{message.nth}", "latency", manner.latency_s))
        self.here.follow(message)
        if message.nth == 1 and farm.script.chance(key, "silent") < manner.silent_share:
            time.sleep(_SILENCE_S)
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
