"""What watches over every way out: where a thread may connect to, and until when it may be away.

Whoever may name an address (a push subscription, a gateway) must not reach what only the house can see: itself, its
neighbours, the metadata of its cloud. Python tells of every `connect` before it happens, by whatever library, so the
address that is really connected to is looked at, and a name that resolves differently the second time helps nobody.
"""

from __future__ import annotations

import io
import ipaddress
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

from backend.config import Door

_WORLD = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_NOT_THE_WORLD = (
    IPv4Network("192.0.0.0/24"),  # for protocols, and a cloud's metadata
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
    IPv4Network("168.63.129.16/32"),  # what a cloud tells its machines, under an address that looks public
    IPv6Network("3fff::/20"),  # documentation
)
_here = threading.local()


class Blocked(OSError):
    """A connection to where nothing of ours goes."""


@dataclass(slots=True)
class Errand:
    """What a thread is out for: by which doors, until when, and how far it has come."""

    doors: tuple[Door, ...]
    deadline: float
    is_blocked: bool = False
    """A connection was refused."""
    is_begun: bool = False
    """Something was handed over, so nobody knows what became of it until there is an answer."""

    def left_s(self) -> float:
        """How long it may still take; TimeoutError when its time is over."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("its time is over")
        return left


@contextmanager
def guarded(doors: Sequence[Door], within_s: float) -> Iterator[Errand]:
    """Whatever connects in this thread connects to public addresses and to these doors only, and within that time."""
    _here.errand = Errand(tuple(doors), time.monotonic() + within_s)
    try:
        yield _here.errand
    finally:
        _here.errand = None


def current() -> Errand:
    """What this thread is out for; RuntimeError when it is not out."""
    errand = getattr(_here, "errand", None)
    if errand is None:
        raise RuntimeError("nothing goes out unguarded")
    return errand


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the world, and so does every address that hides in it."""
    if isinstance(address, IPv6Address) and address not in _WORLD and address not in _NAT64:
        return False
    if address.is_multicast or not address.is_global or any(address in each for each in _NOT_THE_WORLD):
        return False
    return all(map(is_public, _hidden(address)))


def reader(connected: socket.socket) -> io.BufferedReader:
    """What comes from a connection, as a file that ends when the errand's time does, however slowly it drips."""
    return io.BufferedReader(_Dripping(connected))


class _Dripping(io.RawIOBase):
    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._raw = connected.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.settimeout(current().left_s())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _hidden(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """IPv4 addresses that an IPv6 one stands for, by 6to4, Teredo or NAT64; a mapped one is not of the world."""
    if isinstance(address, IPv4Address):
        return []
    found = [address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]


def _look(event: str, args: tuple[Any, ...]) -> None:
    """Called by Python before anything happens anywhere in the process."""
    if event != "socket.connect" or (errand := getattr(_here, "errand", None)) is None:
        return
    if not _may(args[1], errand.doors):
        errand.is_blocked = True
        raise Blocked("no connection of ours goes there")
    errand.left_s()


def _may(where: Any, doors: Sequence[Door]) -> bool:
    try:
        address, port = ipaddress.ip_address(where[0]), int(where[1])
    except (ValueError, TypeError, IndexError):
        return False
    return is_public(address) or any(door.leads_to(address, port) for door in doors)


sys.addaudithook(_look)
