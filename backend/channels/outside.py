"""The only way out of the house: every connection is looked at when it is made, whatever its name resolved to.

Whoever may name an address (a push subscription, a gateway) must not reach what only the house can see: itself, its
neighbours, the metadata of its cloud. Python tells of every `connect` before it happens, by whatever library, so the
address that is really connected to is looked at, and a name that resolves differently the second time helps nobody.
"""

from __future__ import annotations

import ipaddress
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Any

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationValueError,
    NameResolutionError,
    NewConnectionError,
    SSLError,
)
from urllib3.util import Timeout

from backend.channels.sending import DeliveryFailed
from backend.clock import Clock
from backend.config import Door

TIMEOUT_S = 5.0
_CONNECT_S = 2.0
_MOST_BYTES = 64 * 1024
_REST_S = 60.0
_NAT64 = IPv6Network("64:ff9b::/96")
_NOT_LET_IN = frozenset({401, 403, 407})
"""The provider does not know us: for somebody here to mend, and then the letter may go."""
_here = threading.local()


class Blocked(OSError):
    """A connection to where nothing of ours goes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; at most 64 KiB of it."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@contextmanager
def guarded(doors: Sequence[Door]) -> Iterator[None]:
    """Whatever connects in this thread connects to public addresses and to these doors only."""
    _here.doors, _here.is_blocked = tuple(doors), False
    try:
        yield
    finally:
        _here.doors = None


def is_blocked() -> bool:
    """Whether the guard has refused a connection since it was set in this thread."""
    return bool(getattr(_here, "is_blocked", False))


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the world, and so does every address that hides in it."""
    return not address.is_multicast and address.is_global and all(map(is_public, _hidden(address)))


class Outside:
    """Requests to the outside: no redirects, no proxies of the environment, five seconds in all."""

    def __init__(self, clock: Clock, doors: Sequence[Door] = (), timeout_s: float = TIMEOUT_S) -> None:
        self.clock, self.doors, self.timeout_s = clock, tuple(doors), timeout_s
        self._pool = urllib3.PoolManager(num_pools=20, maxsize=64, retries=False)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Hand something over; DeliveryFailed as `ask`."""
        return self.ask("POST", url, body, headers)

    def ask(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """Ask, and read what comes back; DeliveryFailed when nobody is there, or nobody knows what became of it."""
        deadline = time.monotonic() + self.timeout_s
        with guarded(self.doors):
            try:
                return self._asked(method, url, body, headers or {}, deadline)
            except (NewConnectionError, ConnectTimeoutError, NameResolutionError):
                raise DeliveryFailed("blocked" if is_blocked() else "unreachable", permanent=is_blocked()) from None
            except LocationValueError:
                raise DeliveryFailed("bad_address", permanent=True) from None
            except SSLError:
                raise DeliveryFailed("tls") from None
            except (HTTPError, OSError, TimeoutError):
                raise DeliveryFailed("no_answer", is_ambiguous=True) from None

    def _asked(self, method: str, url: str, body: bytes, headers: Mapping[str, str], deadline: float) -> Answer:
        timeout = Timeout(connect=min(_CONNECT_S, self.timeout_s), read=self.timeout_s)
        response = self._pool.request(
            method, url, body=body, headers=dict(headers), timeout=timeout, redirect=False, preload_content=False
        )
        try:
            content = bytearray()
            for piece in response.stream(8192):
                content += piece
                if len(content) > _MOST_BYTES or time.monotonic() > deadline:
                    response.close()
                    break
            return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, bytes(content))
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
    try:
        return min(max(float(answer.headers.get("retry-after", _REST_S)), 1.0), 3600.0)
    except ValueError:
        return _REST_S


def _hidden(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """IPv4 addresses that an IPv6 one stands for, by mapping, 6to4, Teredo or NAT64."""
    if isinstance(address, IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]


def _look(event: str, args: tuple[Any, ...]) -> None:
    """Called by Python before anything happens anywhere in the process."""
    if event != "socket.connect" or getattr(_here, "doors", None) is None:
        return
    if not _may(args[1], _here.doors):
        _here.is_blocked = True
        raise Blocked("no connection of ours goes there")


def _may(where: Any, doors: Sequence[Door]) -> bool:
    try:
        address, port = ipaddress.ip_address(where[0]), int(where[1])
    except (ValueError, TypeError, IndexError):
        return False
    return is_public(address) or any(door.leads_to(address, port) for door in doors)


sys.addaudithook(_look)
