"""A weather office as a real server on loopback: a list of CAP documents, and every way in which one stutters."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from backend.formats import atom
from backend.formats.atom import Feed, Item

SINCE = datetime(2025, 7, 2, tzinfo=UTC)


class Office:
    """What it publishes, what it was asked, and what goes wrong with the next answers."""

    def __init__(self) -> None:
        self.documents: dict[str, bytes] = {}
        """By path, in the order in which the list names them."""
        self.altered: dict[str, datetime] = {}
        self.faults: deque[str | None] = deque()
        """Of the answers to come, whatever is asked: 500, 429, 301, half, cut, empty; None: all is well."""
        self.asked: Counter[str] = Counter()
        self.unchanged = 0
        self.names = 1
        """How often the list names each document."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"office": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        """Its root."""
        return f"http://127.0.0.1:{self.port}"

    def publish(self, name: str, document: bytes) -> None:
        """Put a document on the list, or alter it there."""
        self.documents[f"/{name}"] = document
        self.altered[f"/{name}"] = datetime.fromtimestamp(SINCE.timestamp() + len(self.altered), UTC)

    def listed(self, path: str) -> bytes:
        """The list, as Atom, RSS or an address on each line."""
        paths = [each for each in self.documents for _ in range(self.names)]
        if path == "/plain":
            return "".join(f"{each}\n" for each in ["# signals of the city", *paths]).encode()
        if path == "/rss":
            items = "".join(f"<item><link>{self.address}{each}</link></item>" for each in paths)
            return f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()
        feed = Feed("urn:x", "signals", f"{self.address}/atom", "office", SINCE)
        return atom.write(feed, [Item(f"urn:{each}", each, each, self.altered[each]) for each in paths])

    @contextmanager
    def open(self) -> Iterator[Office]:
        """Listen until the block ends."""
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    office: Office

    def do_GET(self) -> None:
        office = self.office
        office.asked[self.path] += 1
        fault = office.faults.popleft() if office.faults else None
        if fault in ("500", "429", "301"):
            self._say(int(fault), b"", {"Retry-After": "120", "Location": "http://127.0.0.1:9/"})
            return
        body = office.documents.get(self.path)
        if body is None and self.path in ("/atom", "/plain", "/rss"):
            body = office.listed(self.path)
        if body is None:
            self._say(404, b"")
        else:
            self._give(body, fault)

    def _give(self, body: bytes, fault: str | None) -> None:
        """In half: as if it were whole. Cut: the connection ends too soon."""
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self.office.unchanged += 1
            self._say(304, b"")
            return
        half = body[: len(body) // 2]
        given = {"half": half, "cut": half, "empty": b""}.get(fault or "", body)
        headers = {"ETag": etag, "Last-Modified": "Wed, 02 Jul 2025 04:00:00 GMT"}
        self._say(200, given, headers, len(body) if fault == "cut" else None)

    def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None, length: int | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Its own lines are of no use to anybody."""
