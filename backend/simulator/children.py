"""Children of a drill: processes that are started together, write what they say to files, and end with us."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_STOP_S = 20.0
_END_WITH_US = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []


class ChildDied(RuntimeError):
    """One of them ended by itself; its name and the last line that it said."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__(name, said)
        self.name, self.said = name, said


class Children:
    """All of them; a context manager that ends them whatever happens."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Children:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, name: str, command: Sequence[str], environ: Mapping[str, str]) -> None:
        """Start one in a session of its own, so that a Ctrl-C reaches us alone and we end them in order."""
        with (self._logs / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen(  # noqa: S603 - our own command lines
                [*_END_WITH_US, *command], env=dict(environ), stdout=log, stderr=log, start_new_session=True
            )

    def check(self) -> None:
        """ChildDied when one of them is not there any more."""
        for name, child in self._running.items():
            if child.poll() is not None:
                raise ChildDied(name, self.said(name))

    def said(self, name: str) -> str:
        """The last line that a child has said."""
        lines = (self._logs / f"{name}.log").read_text("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def wait(self, is_ready: Callable[[], bool], within_s: float) -> bool:
        """Whether it comes true in time; ChildDied when one of them ends before."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            self.check()
            if is_ready():
                return True
            time.sleep(0.1)
        return False

    def stop(self) -> None:
        """Ask all of them to end, the last one first, and kill whoever does not."""
        children = list(reversed(self._running.values()))
        for child in children:
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + _STOP_S
        for child in children:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        self._running.clear()
