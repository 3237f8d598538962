"""A gate before the application: many threads may wait for the bytes of slow phones, few work at a time.

A worker needs many threads, or a handful of slow uploads stops everybody; but many threads that compute at
once get in each other's way, and each keeps what it once needed (projections, stacks, connections). So a body
is read by the thread that took the call, and the work is done by one of a few that do nothing else. Photos go
to disk as they come and pass beside the gate. What goes wrong with a body on its way, the application is told
when it reads it, so that it answers as it answers everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import Any, NoReturn

from gunicorn.http.errors import ParseException

from backend.errors import NotReadable, Problem
from backend.files import disk

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]

_PIECE = 64 * 1024
_IN_MEMORY = 256 * 1024
"""Bytes of a body that are held while it comes in; what is longer waits on the disk. A patrol has about 16 KB."""


class Gate:
    """A WSGI application that lets `width` requests into another at once, each with its whole body.

    Uploads, by PUT to a path that begins with one of `uploads`, pass beside it.
    """

    def __init__(self, application: Application, *, width: int, limit: int, uploads: tuple[str, ...]) -> None:
        self._application = application
        self._work = ThreadPoolExecutor(width, "work")
        self._limit = limit
        self._uploads = uploads

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Read the body, wait for a turn, answer."""
        if environ["REQUEST_METHOD"] == "PUT" and environ["PATH_INFO"].startswith(self._uploads):
            environ["wsgi.input"] = _Upload(environ["wsgi.input"])
            return self._application(environ, start_response)
        with SpooledTemporaryFile(_IN_MEMORY) as body:
            try:
                if self._takes(environ, body):
                    body.seek(0)
                    environ["wsgi.input"] = body
            except (OSError, ParseException) as broken:
                environ["wsgi.input"] = _Broken(_problem(broken))
            return self._work.submit(self._answer, environ, start_response).result()

    def _takes(self, environ: Environ, body: SpooledTemporaryFile[bytes]) -> bool:
        """Take the whole body, unless it says that it is too large: then the application refuses it unread."""
        length = str(environ.get("CONTENT_LENGTH") or "")
        if length.isdecimal() and int(length) <= self._limit:
            left = int(length)
        elif not length and environ.get("wsgi.input_terminated"):
            left = self._limit + 1
        else:
            return False
        while left and (piece := environ["wsgi.input"].read(min(left, _PIECE))):
            body.write(piece)
            left -= len(piece)
        return True

    def _answer(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        answer = self._application(environ, start_response)
        wrapper = environ.get("wsgi.file_wrapper")
        if wrapper is not None and isinstance(answer, wrapper):
            return answer  # a file on the disk: there is no more work in it, and it may be large
        try:
            return list(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()


class _Upload:
    """A body that is read as it comes."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """As of the stream; what goes wrong is a problem of the one who sends."""
        try:
            piece: bytes = self._stream.read(size)
        except (OSError, ParseException) as broken:
            raise _problem(broken) from broken
        return piece


class _Broken:
    """A body that could not be taken; reading it says why."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem

    def read(self, _size: int = -1) -> NoReturn:
        """The problem, always."""
        raise self._problem


def _problem(broken: Exception) -> Problem:
    return (disk.full(broken) if isinstance(broken, OSError) else None) or NotReadable("http")
