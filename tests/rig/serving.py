"""A real server on loopback, to be killed as a whole and started again on the same port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from random import Random

from backend.commands import serve
from backend.config import Settings

_READY_S = 180.0


class NotServing(RuntimeError):
    """The server ended at its start, or was not ready in time."""


class Serving:
    """The server as `hezhang serve` starts it, in a process group of its own.

    `command` replaces ours; `{port}` in it is the free port that was found.
    """

    def __init__(self, home: Path, url: str, *, command: list[str] | None = None) -> None:
        self.port = free_port()
        self._own = {
            "HEZHANG_DATA": str(home),
            "DATABASE_URL": url,
            "HEZHANG_ENV": "test",
            "HEZHANG_LOG": "ERROR",
            "PORT": str(self.port),
        }
        self._settings = Settings.from_env(self._own)
        self._command = command or serve.command_line(self._settings, "127.0.0.1")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The first process of the group."""
        assert self._process is not None
        return self._process

    def start(self) -> None:
        """Start, and return when it is ready; NotServing when that never happens."""
        command = [part.format(port=self.port) for part in self._command]
        environ = serve.environ(self._settings) | self._own
        self._process = subprocess.Popen(command, env=environ, start_new_session=True)
        deadline = time.monotonic() + _READY_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise NotServing("the server ended at its start")
            if self.is_ready():
                return
            time.sleep(0.05)
        raise NotServing(f"the server was not ready within {_READY_S:.0f} s")

    def is_ready(self) -> bool:
        """Whether `/readyz` says so."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """kill -9 the whole group; what they were at stays undone."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        deadline = time.monotonic() + 10
        while _is_a_group(self.process.pid) and time.monotonic() < deadline:
            time.sleep(0.005)

    def stop(self) -> None:
        """Ask it to end; kill it when it does not."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


def _is_a_group(number: int) -> bool:
    try:
        os.killpg(number, 0)
    except ProcessLookupError:
        return False
    return True


def free_port() -> int:
    """A port from below those that clients get: a phone that calls one of theirs may be connected to itself."""
    for port in Random().sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise NotServing("no port is free")
