"""A provider as a real server on loopback: it takes messages over HTTP, some of them slowly, and remembers them all."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any


class Sink:
    """Takes messages; one that honours the key shows a message again only under another key."""

    def __init__(self, *, honours_key: bool, slowest_s: float = 0.01) -> None:
        self.honours_key, self.slowest_s = honours_key, slowest_s
        self.came: list[dict[str, Any]] = []
        """Everything that came, in order."""
        self.shown: list[dict[str, Any]] = []
        """What its people would have read."""
        self._keys: set[str] = set()
        self._lock = threading.Lock()
        self._dice = Random(7)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def take(self, message: dict[str, Any]) -> None:
        """A message has come as a whole; the answer may take a while."""
        with self._lock:
            self.came.append(message)
            if not self.honours_key or message["key"] not in self._keys:
                self.shown.append(message)
            self._keys.add(message["key"])
            pause_s = self._dice.random() * self.slowest_s
        time.sleep(pause_s)

    def close(self) -> None:
        """Listen no longer."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(sink: Sink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sink.take(json.loads(body))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: Any) -> None:
            """Its own lines are of no use to anybody."""

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                return  # whoever sent it was killed

    return Handler
