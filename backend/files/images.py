"""Looking into an image through a child process, which may die without hurting the server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Timer
from typing import Any

from backend.errors import Unavailable

SIZES = ("thumb", "view")
PATIENCE_S = 30.0
"""Of waiting, for a turn and for the child. Its own limit is CPU time, so only a busy machine comes here."""
_MOST_SAID = 16 * 1024 * 1024
CHILD = Path(__file__).with_name("decoding.py")
_ENDED = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP}
"""Ends that somebody gave the child (the time is over, no memory left on the machine, the service stops)."""
_turns = BoundedSemaphore(2)
"""One image may need hundreds of megabytes for a moment, so a process has few of them opened at once."""


class ImageRefused(ValueError):
    """Not an image we take; `why` is not_an_image, too_many_pixels or damaged."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Opened:
    """What an image is, and its re-encoded views (JPEG without EXIF)."""

    media_type: str
    width: int
    height: int
    taken_at: str | None
    """What the camera wrote, ISO 8601, with an offset if it names one."""
    views: dict[str, bytes]


def opened(path: Path) -> Opened:
    """Decode an image within limits of memory and time; ImageRefused when it is none that we take.

    Unavailable when it could not be tried: too many others, or the machine has no room for a process.
    """
    if not _turns.acquire(timeout=PATIENCE_S):
        raise Unavailable(seconds=15)
    try:
        code, said = _asked(path)
    except OSError as wrong:
        raise Unavailable(seconds=15) from wrong
    finally:
        _turns.release()
    if code > 0 or code in _ENDED:
        raise Unavailable(seconds=15)
    if code < 0:
        raise ImageRefused("damaged")  # it broke the decoder, or took more time than any photo does
    return _understood(said)


def _asked(path: Path) -> tuple[int, bytes]:
    """Exit code and answer of a child that knows nothing of us: no settings, no secrets, no terminal."""
    environ = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-I", "-B", str(CHILD)]
    with (
        path.open("rb") as image,
        subprocess.Popen(  # noqa: S603 - our own script
            command, stdin=image, stdout=subprocess.PIPE, env=environ, cwd="/", start_new_session=True
        ) as child,
    ):
        watch = Timer(PATIENCE_S, child.kill)
        watch.start()
        try:
            out = child.stdout
            said = out.read(_MOST_SAID + 1) if out else b""
            if len(said) > _MOST_SAID:
                raise ImageRefused("damaged")
            return child.wait(), said
        finally:
            watch.cancel()
            child.kill()  # nothing, unless we are leaving early


def _understood(said: bytes) -> Opened:
    line, _, rest = said.partition(b"\n")
    try:
        answer: dict[str, Any] = json.loads(line)
        why = answer.get("refused")
        views = {}
        for size, length in answer.get("views", {}).items():
            views[size], rest = rest[:length], rest[length:]
        if why is None:
            return Opened(answer["media_type"], answer["width"], answer["height"], answer["taken_at"], views)
    except (ValueError, KeyError):
        why = "damaged"
    raise ImageRefused(why)
