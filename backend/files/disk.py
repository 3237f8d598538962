"""Writing to a disk so that under a name there is all of a file or nothing, also after a power cut."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from backend.errors import StorageFull

_LEAST_FREE = 64 * 1024 * 1024
"""Bytes that must stay free, so that the database can still write (our judgement)."""
_RETRY_S = 600
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def refuse_when_full(folder: Path) -> None:
    """StorageFull before the last bytes of a disk are used up."""
    if shutil.disk_usage(folder).free < _LEAST_FREE:
        raise StorageFull(seconds=_RETRY_S)


def full(wrong: OSError) -> StorageFull | None:
    """What to say when an error means that the disk has no room; None when it means something else."""
    return StorageFull(seconds=_RETRY_S) if wrong.errno in _NO_ROOM else None


def move(path: Path, target: Path) -> None:
    """Give a written file its name; another of that name is replaced."""
    _sync(path)
    _make(target.parent)
    path.replace(target)
    _sync(target.parent)


def _make(folder: Path) -> None:
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync(folder.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
