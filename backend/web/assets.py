"""The built files of the pages: where they are, under an address that changes with their bytes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
BUILT = FOLDER / "built"
"""What `make web` builds from `backend/web/src`; git knows nothing of it."""


def asset(name: str) -> str | None:
    """The address of a file of ours; None when it has not been built."""
    file = FOLDER / name
    try:
        written_ns = file.stat().st_mtime_ns
    except OSError:
        return None
    return f"/static/{name}?v={_digest(file, written_ns)}"


@cache
def _digest(file: Path, _written_ns: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
