"""Load from several clients on loopback: prepared requests on kept connections, and how long each took."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Result:
    """What a load did: answers a second, and seconds of the median and the slow ones."""

    rate: float
    p50_s: float
    p99_s: float
    statuses: dict[int, int]


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    """One HTTP/1.1 request, ready to be sent as it is."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def run(port: int, clients: int, make: Callable[[int, int], bytes | None]) -> Result:
    """Let `clients` threads send what `make(client, number)` gives until it gives None; every answer is read."""
    seconds: list[list[float]] = [[] for _ in range(clients)]
    statuses: dict[int, int] = {}
    guard = threading.Lock()

    def client(index: int) -> None:
        connection = socket.create_connection(("127.0.0.1", port), timeout=60)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = 0
        counted: dict[int, int] = {}
        while (wanted := make(index, number)) is not None:
            began = time.perf_counter()
            connection.sendall(wanted)
            status, keep = _answer(connection)
            seconds[index].append(time.perf_counter() - began)
            counted[status] = counted.get(status, 0) + 1
            number += 1
            if not keep:
                connection.close()
                connection = socket.create_connection(("127.0.0.1", port), timeout=60)
        connection.close()
        with guard:
            for status, count in counted.items():
                statuses[status] = statuses.get(status, 0) + count

    threads = [threading.Thread(target=client, args=(index,)) for index in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    every = np.concatenate([np.array(each) for each in seconds if each])
    return Result(len(every) / elapsed, float(np.percentile(every, 50)), float(np.percentile(every, 99)), statuses)


def _answer(connection: socket.socket) -> tuple[int, bool]:
    """Read one answer to its end: the status, and whether the connection stays open."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError("the server hung up")
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    lower = head.lower()
    at = lower.find(b"content-length:")
    ends = lower.find(b"\r\n", at) if b"\r\n" in lower[at:] else None
    length = int(lower[at + 15 : ends]) if at >= 0 else 0  # what is known already comes without a body
    while len(rest) < length:
        rest += connection.recv(65536)
    return int(head[9:12]), b"connection: close" not in lower
