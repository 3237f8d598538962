"""Looking into an image through a child process, which may die without hurting the server."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

SIZES = ("thumb", "view")
_SECONDS = 30.0


class ImageRefused(ValueError):
    """Not an image we take; `why` is not_an_image, too_many_pixels or damaged."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Opened:
    """What an image is, and where its re-encoded views lie for now."""

    media_type: str
    width: int
    height: int
    taken_at: datetime | None
    views: dict[str, Path]


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Decode an image within limits of memory and time; ImageRefused when it is none that we take."""
    with tempfile.TemporaryDirectory() as folder:
        answer = _asked(path, Path(folder))
        if "refused" in answer:
            raise ImageRefused(answer["refused"])
        taken_at = datetime.fromisoformat(answer["taken_at"]) if answer["taken_at"] else None
        views = {size: Path(folder) / size for size in SIZES}
        yield Opened(answer["media_type"], int(answer["width"]), int(answer["height"]), taken_at, views)


def _asked(path: Path, folder: Path) -> dict[str, str]:
    command = [sys.executable, "-m", "backend.files.decoding", str(path), str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - ourselves
        return dict(json.loads(done.stdout)) if done.returncode == 0 else {"refused": "damaged"}
    except (subprocess.TimeoutExpired, ValueError):
        return {"refused": "damaged"}
