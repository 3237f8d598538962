"""Slow uploads: two hundred phones that send a byte a second, and what others feel of it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench import load


@contextmanager
def uploads(port: int, count: int, token: str) -> Iterator[None]:
    """So many bodies arriving at 1 B/s while the block runs."""
    ended = threading.Event()
    head = load.request("PUT", "/api/v1/patrols/00000000-0000-4000-8000-000000000000", token, b"x" * 20_000)[:-20_000]
    connections = []
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", port), timeout=30)
        connection.sendall(head)
        connections.append(connection)

    def drip() -> None:
        while not ended.wait(1.0):
            for connection in connections:
                try:
                    connection.sendall(b" ")
                except OSError:
                    continue

    dripping = threading.Thread(target=drip)
    dripping.start()
    time.sleep(2)
    try:
        yield
    finally:
        ended.set()
        dripping.join()
        for connection in connections:
            connection.close()
