"""The mail server of the farm: as much of SMTP (RFC 5321) as takes a message and says so."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
import uuid
from typing import Any

from backend.simulator.gateway.farm import Farm

_REPLIES = {"taken": "250 taken", "lost": "250 taken", "down": "421 not now", "throttled": "451 later"}


class Mailbox:
    """A mail server on loopback."""

    def __init__(self, farm: Farm, port: int) -> None:
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", port), _session_of(farm))
        self._server.daemon_threads = True
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
        self._server.server_close()
        self._thread.join()


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
            answer = getattr(self, f"_{word.lower()}", self._other)(rest)
            self._say(answer)
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

    _mail = _rset = _noop = _helo

    def _rcpt(self, rest: str) -> str:
        self._to.append(rest.partition(":")[2].split()[0].strip("<>"))
        return "250 known"

    def _data(self, _rest: str) -> str:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline(100_000)) not in (b".\r\n", b""):
            lines.append(line)
        message: Any = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        text = f"{message['Subject']}\n{body.get_content().strip() if body else ''}"
        got = self.farm.receive("mail", ",".join(self._to), text, message["Message-ID"] or uuid.uuid4().hex)
        self._to.clear()
        return _REPLIES.get(got.outcome, "550 no")

    def _quit(self, _rest: str) -> str:
        return "221 bye"

    def _other(self, _rest: str) -> str:
        return "502 unknown"

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
