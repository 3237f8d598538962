"""The mail server of the farm: as much of SMTP (RFC 5321) as takes a message and says so."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from backend.simulator.gateway.farm import Farm

_REPLIES = {
    **dict.fromkeys(("taken", "again", "lost"), "250 taken"),
    "down": "421 not now",
    "throttled": "451 later",
    "refused": "451 not this one",
}


class Mailbox:
    """A mail server on loopback."""

    def __init__(self, farm: Farm, port: int) -> None:
        self._server = _Server(("127.0.0.1", port), _session_of(farm))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="mail", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to take mail."""
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self.close()
        self._thread.join()

    def close(self) -> None:
        """Give the port back."""
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 512


def _session_of(books: Farm) -> type[socketserver.StreamRequestHandler]:
    class Bound(_Session):
        farm = books

    return Bound


class _Session(socketserver.StreamRequestHandler):
    farm: Farm

    def handle(self) -> None:
        """One conversation."""
        self._to: list[str] = []
        self._say("220 gateway")
        while line := self.rfile.readline(2_000):
            word, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            self._say(_DOES.get(word.upper(), _Session._other)(self, rest))
            if word.upper() == "QUIT":
                return

    def _ehlo(self, _rest: str) -> str:
        return "250-gateway\r\n250 AUTH PLAIN LOGIN"

    def _auth(self, rest: str) -> str:
        if rest.upper().startswith("LOGIN"):
            for asked in ("334 VXNlcm5hbWU6",) * (" " not in rest) + ("334 UGFzc3dvcmQ6",):
                self._say(asked)
                self.rfile.readline(2_000)
        return "235 come in"

    def _helo(self, _rest: str) -> str:
        return "250 gateway"

    def _rcpt(self, rest: str) -> str:
        address = rest.partition(":")[2].strip().partition(" ")[0].strip("<>")
        if self.farm.is_bad("mail", address):
            return "550 unknown"
        self._to.append(address)
        return "250 known"

    def _data(self, _rest: str) -> str:
        self._say("354 go on")
        received = []
        while (line := self.rfile.readline(100_000)) not in (b".\r\n", b""):
            received.append(line.removeprefix(b"."))
        message: Any = email.message_from_bytes(b"".join(received), policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        lines = [str(message["Subject"] or ""), *(body.get_content().strip().splitlines() if body else ())]
        text = "\n".join(lines)
        got = self.farm.receive("mail", ",".join(self._to), text, message["Message-ID"] or uuid.uuid4().hex)
        self._to.clear()
        time.sleep(self.farm.latency_s(got))
        if self.farm.keeps_silent(got):
            self.farm.be_silent()
        return _REPLIES.get(got.outcome, "550 no")

    def _quit(self, _rest: str) -> str:
        return "221 bye"

    def _other(self, _rest: str) -> str:
        return "502 unknown"

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


_DOES: dict[str, Callable[[_Session, str], str]] = {
    "EHLO": _Session._ehlo,
    "AUTH": _Session._auth,
    "RCPT": _Session._rcpt,
    "DATA": _Session._data,
    "QUIT": _Session._quit,
    **dict.fromkeys(("HELO", "MAIL", "RSET", "NOOP"), _Session._helo),
}
