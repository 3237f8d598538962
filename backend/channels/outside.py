"""The only way out of the house by HTTP: guarded, no redirects, no proxies of the environment, five seconds in all."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, SSLError
from urllib3.util import Timeout

from backend.channels import guard
from backend.channels.guard import Errand
from backend.channels.sending import DeliveryFailed
from backend.clock import Clock
from backend.config import Door

TIMEOUT_S = 5.0
BLOCKED = "blocked"
"""The failure of a connection to where nothing of ours goes."""
_CONNECT_S = 2.0
_MOST_BYTES = 64 * 1024
_REST_S, _LONGEST_REST_S = 60.0, 3600.0
_NOT_LET_IN = frozenset({401, 403, 407})
"""The provider does not know us: for somebody here to mend, and then the letter may go."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; of a long answer no more than was wanted, and a piece."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool = False
    """There was more of it."""


class Outside:
    """Requests to the outside."""

    def __init__(
        self,
        clock: Clock,
        doors: Sequence[Door] = (),
        timeout_s: float = TIMEOUT_S,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        self.clock, self.doors, self.timeout_s, self.most_bytes = clock, tuple(doors), timeout_s, most_bytes
        self._pool = urllib3.PoolManager(num_pools=20, maxsize=64, retries=False)
        self._pool.pool_classes_by_scheme = {"http": _PlainPool, "https": _SealedPool}

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Hand something over; DeliveryFailed as `ask`."""
        return self.ask("POST", url, body, headers)

    def ask(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """Ask, and read what comes back; DeliveryFailed when nobody is there, or nobody knows what became of it."""
        if not url.lower().startswith(("http://", "https://")):
            raise DeliveryFailed("bad_address", permanent=True)
        with guard.guarded(self.doors, self.timeout_s) as errand:
            try:
                return self._asked(method, url, body, headers or {})
            except (HTTPError, OSError, ValueError) as broken:
                raise _failed(errand, broken) from None

    def _asked(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        timeout = Timeout(connect=min(_CONNECT_S, self.timeout_s), read=self.timeout_s)
        response = self._pool.request(
            method, url, body=body, headers=dict(headers), timeout=timeout, redirect=False, preload_content=False
        )
        try:
            content = bytearray()
            for piece in response.stream(8192):
                content += piece
                if len(content) > self.most_bytes:
                    response.close()
                    break
            headers = {k.lower(): v for k, v in response.headers.items()}
            return Answer(response.status, headers, bytes(content), is_cut=len(content) > self.most_bytes)
        finally:
            response.release_conn()


def refuse(answer: Answer) -> None:
    """DeliveryFailed for a status that says no; nothing for 2xx."""
    if answer.status == 429:
        raise DeliveryFailed("throttled", retry_after_s=rest_s(answer))
    if answer.status in (502, 504):
        raise DeliveryFailed(f"http_{answer.status}", is_ambiguous=True)
    if answer.status >= 500 or answer.status in _NOT_LET_IN or answer.status == 408:
        raise DeliveryFailed(f"http_{answer.status}")
    if answer.status >= 300:
        raise DeliveryFailed(f"http_{answer.status}", permanent=True)


def rest_s(answer: Answer) -> float:
    """For how long a provider asks to be left alone; a minute when it does not say."""
    said = answer.headers.get("retry-after", "").strip()
    if not (said.isascii() and said.isdecimal()):
        return _REST_S
    return min(max(float(said), 1.0), _LONGEST_REST_S)


def _failed(errand: Errand, broken: Exception) -> DeliveryFailed:
    if errand.is_begun:
        return DeliveryFailed("no_answer", is_ambiguous=True)
    if errand.is_blocked:
        return DeliveryFailed(BLOCKED, permanent=True)
    if isinstance(broken, ValueError):  # an address that cannot be one is among these
        return DeliveryFailed("bad_address", permanent=True)
    return DeliveryFailed("tls" if isinstance(broken, SSLError) else "unreachable")


class _Response(http.client.HTTPResponse):
    """Reads by the errand's clock: a time-out of a socket starts anew with every byte that drips in."""

    def __init__(self, connected: socket.socket, *args: Any, **more: Any) -> None:
        super().__init__(connected, *args, **more)
        self.fp.close()
        self.fp = guard.reader(connected)


def _begin(connection: HTTPConnection) -> None:
    """Called before bytes go out: from now on nobody knows what became of them."""
    if connection.sock is None:
        connection.connect()
    assert connection.sock is not None
    errand = guard.current()
    connection.sock.settimeout(errand.left_s())
    errand.is_begun = True


class _Plain(HTTPConnection):
    response_class = _Response

    def send(self, data: Any) -> None:
        _begin(self)
        super().send(data)


class _Sealed(HTTPSConnection):
    response_class = _Response

    def send(self, data: Any) -> None:
        _begin(self)
        super().send(data)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SealedPool(HTTPSConnectionPool):
    ConnectionCls = _Sealed
