"""A gate before the application: many threads may wait for the bytes of slow phones, few work at a time.

A worker needs many threads, or a handful of slow uploads stops everybody; but many threads that compute at
once get in each other's way and double the slowest answers. So a body is read outside the gate, and the work
is done inside it. Photos go to disk as they come and pass beside the gate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


class Gate:
    """A WSGI application that lets `width` requests into another at once, each with its whole body."""

    def __init__(self, application: Application, *, width: int, limit: int) -> None:
        self._application = application
        self._turns = BoundedSemaphore(width)
        self._limit = limit

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Read the body, wait for a turn, answer."""
        if str(environ.get("CONTENT_TYPE", "")).startswith("image/"):
            return self._application(environ, start_response)
        self._take_body(environ)
        with self._turns:
            answer = self._application(environ, start_response)
            try:
                return list(answer)
            finally:
                if hasattr(answer, "close"):
                    answer.close()

    def _take_body(self, environ: Environ) -> None:
        """Put the whole body in memory; one that says it is too large is left for the application to refuse."""
        length = str(environ.get("CONTENT_LENGTH") or "")
        if length.isdecimal() and int(length) <= self._limit:
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
        elif not length and environ.get("wsgi.input_terminated"):
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(self._limit + 1))
