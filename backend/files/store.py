"""Where photos live: originals by their SHA-256, untouched; views that can always be made again."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from backend import private
from backend.errors import TooLarge, Unavailable
from backend.files import disk

_PIECE = 256 * 1024
_PATIENCE = {
    "client_options": {"connect_timeout": "5s", "timeout": "30s"},
    "retry_config": {"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
}
"""With a bucket; a phone that waits longer asks again by itself."""
_INCOMING = "incoming"
_NAME = re.compile(r"originals/[0-9a-f]{2}/([0-9a-f]{64})")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Incoming:
    """Bytes that have come in whole: where they lie for now, their digest and how many they are."""

    path: Path
    sha256: bytes
    size: int


class PhotoStore:
    """A local folder or a bucket, by one address (`file://…`, `s3://…`).

    Every call: StorageFull when the disk has no room, Unavailable when the store cannot be reached.
    """

    def __init__(self, store: ObjectStore, root: Path | None) -> None:
        self._store = store
        self._root = root

    @classmethod
    def open(cls, url: str) -> PhotoStore:
        """Open the store of an address; a local folder is made when it is missing."""
        if url.startswith("file://"):
            root = Path(unquote(urlparse(url).path))
            private.folder(root, ("originals", "views", _INCOMING))
            return cls(from_url(root.as_uri(), mkdir=True), root)
        patience: Any = {} if url.startswith("memory:") else _PATIENCE
        return cls(from_url(url, **patience), None)

    @contextmanager
    def receiving(self, read: Callable[[int], bytes], limit: int) -> Iterator[Incoming]:
        """Take a body piece by piece into a file of its own, which is gone at the end whatever happens.

        TooLarge beyond `limit` bytes.
        """
        with _told():
            folder = self._made_incoming()
            descriptor, name = tempfile.mkstemp(dir=folder)
        path = Path(name)
        try:
            with _told(), os.fdopen(descriptor, "wb") as file:
                digest, size = hashlib.sha256(), 0
                while piece := read(_PIECE):
                    size += len(piece)
                    if size > limit:
                        raise TooLarge(limit=limit)
                    digest.update(piece)
                    file.write(piece)
            yield Incoming(path, digest.digest(), size)
        finally:
            path.unlink(missing_ok=True)

    def keep(self, incoming: Incoming, views: Mapping[str, bytes]) -> None:
        """Keep the bytes as they are, and last, so that they are never here without having been looked into.

        The same ones again, or at the same time, do no harm. The incoming file may be moved away by this.
        """
        try:
            for size, view in views.items():
                self.keep_view(incoming.sha256, size, view)
            self._keep(_original(incoming.sha256), incoming.path)
        except Exception:
            self._delete(_view(incoming.sha256, size) for size in views)  # if others kept them: they are made again
            raise

    def keep_view(self, sha256: bytes, size: str, view: bytes) -> None:
        """Keep a re-encoded copy."""
        with self.receiving(io.BytesIO(view).read, len(view)) as incoming:
            self._keep(_view(sha256, size), incoming.path)

    def original(self, sha256: bytes) -> bytes | None:
        """The untouched bytes; None when they are not here."""
        return self._read(_original(sha256))

    def view(self, sha256: bytes, size: str) -> bytes | None:
        """A re-encoded copy; None when it is not here."""
        return self._read(_view(sha256, size))

    def size_of(self, sha256: bytes) -> int | None:
        """How many bytes the original here has; None when it is not here."""
        try:
            with _told():
                return int(obstore.head(self._store, _original(sha256))["size"])
        except FileNotFoundError:
            return None

    def forget(self, sha256: bytes, sizes: tuple[str, ...]) -> None:
        """Delete the original and its views."""
        self._delete([_original(sha256), *(_view(sha256, size) for size in sizes)])

    def digests(self) -> Iterator[bytes]:
        """The digest of every original."""
        with _told():
            for batch in obstore.list(self._store, "originals"):
                for entry in batch:
                    if found := _NAME.fullmatch(entry["path"]):
                        yield bytes.fromhex(found[1])

    def sweep(self, older_than: float) -> int:
        """Delete what killed uploads left behind before that moment (Unix seconds); how many there were."""
        left = 0
        for path in (self._root / _INCOMING).glob("*") if self._root else ():
            try:
                if path.stat().st_mtime < older_than:
                    path.unlink()
                    left += 1
            except FileNotFoundError:  # the upload has ended, or another runner was here
                continue
        return left

    def _made_incoming(self) -> Path:
        """Where bytes lie while they come; on the disk of the store, so that a whole file is only renamed."""
        if self._root is None:
            return Path(tempfile.gettempdir())
        folder = self._root / _INCOMING
        private.make(folder)
        disk.refuse_when_full(folder)
        return folder

    def _keep(self, name: str, path: Path) -> None:
        """Under its name there is all of the file or nothing, also after a power cut."""
        with _told():
            if self._root is None:
                obstore.put(self._store, name, path)
                return
            disk.move(path, self._root / name)

    def _delete(self, names: Iterable[str]) -> None:
        for name in names:
            with suppress(FileNotFoundError), _told():
                obstore.delete(self._store, name)

    def _read(self, path: str) -> bytes | None:
        try:
            with _told():
                return bytes(obstore.get(self._store, path).bytes())
        except FileNotFoundError:
            return None


@contextmanager
def _told() -> Iterator[None]:
    """Failures of the disk and of the object store, in our own words."""
    try:
        yield
    except BaseError as wrong:
        log.error("photo_store_away", error=type(wrong).__name__)
        raise Unavailable(seconds=60) from wrong
    except OSError as wrong:
        if (full := disk.full(wrong)) is None:
            raise
        raise full from wrong


def _original(sha256: bytes) -> str:
    name = sha256.hex()
    return f"originals/{name[:2]}/{name}"


def _view(sha256: bytes, size: str) -> str:
    name = sha256.hex()
    return f"views/{size}/{name[:2]}/{name}"
