"""Folders with an owner: held by a lock that dies with its process, so that the next one can clear up."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PREFIX = "hzpg-"
NEWBORN_S = 5
"""A folder so young may not be locked yet, and is left alone."""
_GOING_S = 10


class Owned:
    """A folder that is ours as long as this process lives."""

    def __init__(self, base: Path) -> None:
        self.path = base / f"{PREFIX}{os.getpid()}-{secrets.token_hex(3)}"
        self.path.mkdir(mode=0o755)
        self._lock = (self.path / "lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def remove(self) -> None:
        """Delete the folder and let go of it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def sweep(base: Path) -> list[Path]:
    """Stop and delete what killed owners left under `base`; answers what was swept."""
    return [folder for folder in _abandoned(base) if _cleared(folder)]


def _abandoned(base: Path) -> Iterator[Path]:
    for folder in sorted(base.glob(f"{PREFIX}*")):
        with suppress(OSError):  # another sweeper was faster, or it belongs to another user
            if folder.stat().st_uid == os.geteuid() and not _is_held(folder):
                yield folder


def _is_held(folder: Path) -> bool:
    if time.time() - folder.stat().st_mtime < NEWBORN_S:
        return True
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _cleared(folder: Path) -> bool:
    _stop_server(folder / "data")
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _stop_server(data: Path) -> None:
    """Kill the server of a data folder, if the process of that number is really it."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return
    if str(data).encode() not in command:
        return
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGQUIT)  # PostgreSQL's immediate shutdown
    until = time.monotonic() + _GOING_S
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.05)
