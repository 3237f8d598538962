"""The web worker: gunicorn's threads, on which no phone with a bad signal waits longer than it must."""

from __future__ import annotations

import socket
import struct
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

SILENCE_S = 30
"""Seconds without a byte after which a thread no longer waits for a phone; any signal brings some (our judgement)."""
_LIMIT = struct.pack("ll", SILENCE_S, 0)


class Worker(ThreadWorker):
    """Says goodbye in the thread that answered.

    gunicorn waits for the other side to close, up to two seconds, and does so in the loop that greets everybody:
    one phone that is slow to close holds up all others.
    """

    def handle(self, conn: TConn) -> Any:
        """Whether the connection stays, as gunicorn has it; one that does not is closed when this returns."""
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _LIMIT)
        stays = super().handle(conn)
        if stays is False:
            conn.close(graceful=True)
            conn.close = _is_closed
        return stays


def _is_closed(*, graceful: bool = False) -> None:
    """gunicorn closes once more."""
