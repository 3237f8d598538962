"""What only the house may read: made for nobody else's eyes, and closed where it lies open from earlier days."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

HOME = ("hezhang.sqlite", "keys", "photos", "metrics", "tls", "walk.json", "seals.jsonl", "backups", ".")
"""How the names in a state directory of ours begin; hidden ones come with the home of an account."""
_OTHERS = 0o077


def home(path: Path) -> None:
    """The state directory, and what of ours lies in it."""
    folder(path, HOME)
    for name in ("hezhang.sqlite", "keys", "photos", "metrics", "tls", "walk.json", "seals.jsonl"):
        _close(path / name)


def folder(path: Path, ours: Collection[str]) -> None:
    """A folder, made with those around it that are missing; one that holds anything but ours keeps its mode.

    Somebody may have named `/srv` or the folder of another program, whose users must still get in.
    """
    make(path)
    with suppress(PermissionError):
        if all(entry.name.startswith(tuple(ours)) for entry in path.iterdir()):
            _close(path)


def make(path: Path) -> None:
    """A folder that is not there yet, and those around it."""
    if not path.is_dir():
        make(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def database(path: Path) -> None:
    """The file of a database, there before its first row; SQLite gives the files beside it the same mode."""
    # Only a file that is not there is opened: closing one would let go of the locks that SQLite holds on it.
    with suppress(OSError):  # where none can be made, the database itself says why
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    for beside in ("", "-wal", "-shm"):
        _close(path.with_name(path.name + beside))


def _close(path: Path) -> None:
    """Take away what others may do; a file of another account, or on a disk that is read only, stays as it is."""
    with suppress(OSError):
        mode = path.stat().st_mode & 0o7777
        if mode & _OTHERS and not mode & stat.S_ISVTX:  # a folder such as /tmp is everybody's
            path.chmod(mode & ~_OTHERS)
