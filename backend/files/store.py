"""Where photos live: originals by their SHA-256, untouched; views that can always be made again."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse

import obstore
from obstore.store import ObjectStore, from_url

from backend.errors import StorageFull, TooLarge

_PIECE = 256 * 1024
_LEAST_FREE = 64 * 1024 * 1024
"""Bytes that must stay free on a local disk, so that the database can still write (our judgement)."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Bytes that have come in whole: where they lie for now, their digest and how many they are."""

    path: Path
    sha256: bytes
    size: int


class PhotoStore:
    """A local folder or a bucket, by one address (`file://…`, `s3://…`)."""

    def __init__(self, store: ObjectStore, root: Path | None) -> None:
        self._store = store
        self._root = root

    @classmethod
    def open(cls, url: str) -> PhotoStore:
        """Open the store of an address; a local folder is made when it is missing."""
        if url.startswith("file://"):
            root = Path(unquote(urlparse(url).path))
            root.mkdir(parents=True, exist_ok=True)
            return cls(from_url(root.as_uri(), mkdir=True), root)
        return cls(from_url(url), None)

    @contextmanager
    def receiving(self, read: Callable[[int], bytes], limit: int) -> Iterator[Incoming]:
        """Take a body piece by piece into a file of its own, which is gone at the end whatever happens.

        TooLarge beyond `limit` bytes, StorageFull when the disk has no room.
        """
        folder = self._root / "incoming" if self._root else Path(tempfile.gettempdir())
        with _full_disk_told():
            folder.mkdir(parents=True, exist_ok=True)
            self._refuse_when_full()
            descriptor, name = tempfile.mkstemp(dir=folder)
        path = Path(name)
        try:
            with _full_disk_told(), os.fdopen(descriptor, "wb") as file:
                digest, size = hashlib.sha256(), 0
                while piece := read(_PIECE):
                    size += len(piece)
                    if size > limit:
                        raise TooLarge(limit=limit)
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            yield Incoming(path, digest.digest(), size)
        finally:
            path.unlink(missing_ok=True)

    def keep_original(self, incoming: Incoming) -> None:
        """Keep the bytes as they are; the same ones again, or at the same time, do no harm."""
        with _full_disk_told():
            if self._root is None:
                obstore.put(self._store, _original(incoming.sha256), incoming.path)
                return
            target = self._root / _original(incoming.sha256)
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):  # the same bytes are here already
                os.link(incoming.path, target)
            _sync_folder(target.parent)

    def keep_view(self, sha256: bytes, size: str, view: Path) -> None:
        """Keep a re-encoded copy."""
        with _full_disk_told():
            obstore.put(self._store, _view(sha256, size), view)

    def original(self, sha256: bytes) -> bytes | None:
        """The untouched bytes; None when they are not here."""
        return self._read(_original(sha256))

    def view(self, sha256: bytes, size: str) -> bytes | None:
        """A re-encoded copy; None when it is not here."""
        return self._read(_view(sha256, size))

    def has(self, sha256: bytes) -> bool:
        """Whether the original is here."""
        try:
            obstore.head(self._store, _original(sha256))
        except FileNotFoundError:
            return False
        return True

    def forget(self, sha256: bytes, sizes: tuple[str, ...]) -> None:
        """Delete the original and its views."""
        for path in (_original(sha256), *(_view(sha256, size) for size in sizes)):
            try:
                obstore.delete(self._store, path)
            except FileNotFoundError:
                continue

    def digests(self) -> Iterator[bytes]:
        """The digest of every original."""
        for batch in obstore.list(self._store, "originals"):
            for entry in batch:
                yield bytes.fromhex(entry["path"].rsplit("/", 1)[-1])

    def sweep(self, older_than: float) -> int:
        """Delete what killed uploads left behind before that moment (Unix seconds); how many there were."""
        folder = self._root / "incoming" if self._root else None
        if folder is None or not folder.is_dir():
            return 0
        left = [path for path in folder.iterdir() if path.stat().st_mtime < older_than]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _read(self, path: str) -> bytes | None:
        try:
            return bytes(obstore.get(self._store, path).bytes())
        except FileNotFoundError:
            return None

    def _refuse_when_full(self) -> None:
        if self._root is not None and shutil.disk_usage(self._root).free < _LEAST_FREE:
            raise StorageFull(seconds=600)


@contextmanager
def _full_disk_told() -> Iterator[None]:
    try:
        yield
    except OSError as wrong:
        if wrong.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(seconds=600) from wrong
        raise


def _original(sha256: bytes) -> str:
    name = sha256.hex()
    return f"originals/{name[:2]}/{name}"


def _view(sha256: bytes, size: str) -> str:
    name = sha256.hex()
    return f"views/{size}/{name[:2]}/{name}"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
