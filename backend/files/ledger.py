"""A file of lines that only grows, for whoever keeps a copy of it elsewhere: whole lines, on the disk when told."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from backend import private


class Ledger:
    """An open file, held against everybody else, and how many whole lines it has."""

    def __init__(self, descriptor: int, lines: int) -> None:
        self._descriptor = descriptor
        self.lines = lines

    def add(self, lines: Sequence[bytes]) -> None:
        """Append whole lines; when this returns they are on the disk."""
        if lines:
            os.write(self._descriptor, b"".join(lines))
            os.fsync(self._descriptor)


@contextmanager
def appending(path: Path) -> Iterator[Ledger]:
    """Open the file, made for nobody else's eyes when it is missing; a last line that a crash has torn is taken off."""
    private.make(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with os.fdopen(os.dup(descriptor), "rb") as file:
            content = file.read()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.ftruncate(descriptor, whole)
        yield Ledger(descriptor, content.count(b"\n"))
    finally:
        os.close(descriptor)


def lines(path: Path) -> list[bytes]:
    """The whole lines of a file, with their ends; none where there is no file."""
    if not path.exists():
        return []
    return [line for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
