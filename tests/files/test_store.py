"""The store keeps photos whole or not at all, on a disk and in a bucket."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import obstore
import pytest
from obstore.exceptions import GenericError

from backend.errors import StorageFull, TooLarge, Unavailable
from backend.files.images import SIZES
from backend.files.store import PhotoStore
from tests.pictures import GOOD

DIGEST = hashlib.sha256(GOOD).digest()
VIEWS = {"thumb": b"small", "view": b"larger"}
MOST = 1024 * 1024


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a name that an address has to quote."""
    return tmp_path / "照片 store"


@pytest.fixture(params=["disk", "bucket"])
def store(request: pytest.FixtureRequest, root: Path) -> PhotoStore:
    """A store of either kind."""
    return PhotoStore.open(root.as_uri() if request.param == "disk" else "memory:///")


@pytest.fixture
def disk(root: Path) -> PhotoStore:
    """A store on a disk."""
    return PhotoStore.open(root.as_uri())


def keep(store: PhotoStore, data: bytes = GOOD) -> bytes:
    with store.receiving(io.BytesIO(data).read, MOST) as incoming:
        store.keep(incoming, VIEWS)
    return incoming.sha256


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_photo_comes_back_as_it_went_in(store):
    assert (store.original(DIGEST), store.size_of(DIGEST), store.view(DIGEST, "thumb")) == (None, None, None)
    assert keep(store) == DIGEST
    assert store.original(DIGEST) == GOOD
    assert store.size_of(DIGEST) == len(GOOD)
    assert {size: store.view(DIGEST, size) for size in SIZES} == VIEWS


def test_the_same_photo_again_changes_nothing(store):
    keep(store)
    keep(store)
    assert list(store.digests()) == [DIGEST]
    assert store.original(DIGEST) == GOOD


def test_every_original_is_listed_and_nothing_else(store):
    kept = {keep(store, GOOD + bytes([number])) for number in range(5)}
    assert set(store.digests()) == kept


def test_what_is_forgotten_is_gone_and_may_be_forgotten_again(store):
    keep(store)
    store.forget(DIGEST, SIZES)
    store.forget(DIGEST, SIZES)
    assert (store.original(DIGEST), store.view(DIGEST, "view"), list(store.digests())) == (None, None, [])


def test_what_is_not_kept_leaves_no_file(disk, root):
    with disk.receiving(io.BytesIO(GOOD).read, MOST) as incoming:
        assert (incoming.sha256, incoming.size) == (DIGEST, len(GOOD))
        assert incoming.path.read_bytes() == GOOD
        assert incoming.path.stat().st_mode & 0o077 == 0
    assert files(root) == []


def test_a_body_that_ends_in_the_middle_leaves_no_file(disk, root):
    def cut() -> Iterator[bytes]:
        yield GOOD[:1000]
        raise ConnectionResetError

    pieces = cut()
    with pytest.raises(ConnectionResetError), disk.receiving(lambda _most: next(pieces), MOST):
        pytest.fail("it never came in whole")
    assert files(root) == []


def test_a_body_beyond_the_limit_is_refused_before_it_is_all_read(disk, root):
    read = []

    def endless(most: int) -> bytes:
        read.append(most)
        return bytes(most)

    with pytest.raises(TooLarge), disk.receiving(endless, MOST):
        pytest.fail("it never ends")
    assert sum(read) <= MOST + max(read)
    assert files(root) == []


def test_the_same_photo_from_twenty_sides_at_once_is_one_whole_file(disk, root):
    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(lambda _: keep(disk), range(60))) == {DIGEST}
    name = DIGEST.hex()
    kept = [f"originals/{name[:2]}/{name}", *(f"views/{size}/{name[:2]}/{name}" for size in SIZES)]
    assert files(root) == kept
    assert disk.original(DIGEST) == GOOD


def test_a_damaged_original_is_replaced_by_the_right_bytes(disk, root):
    keep(disk)
    [name] = [name for name in files(root) if name.startswith("originals")]
    (root / name).write_bytes(b"")
    keep(disk)
    assert disk.original(DIGEST) == GOOD


def test_foreign_files_are_not_taken_for_photos(disk, root):
    keep(disk)
    (root / "originals" / "README").write_text("?")
    (root / "originals" / "aa").mkdir(exist_ok=True)
    (root / "originals" / "aa" / "x.tmp").write_text("?")
    assert list(disk.digests()) == [DIGEST]


def test_nothing_is_taken_when_the_disk_is_nearly_full(disk, root, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1024))
    with pytest.raises(StorageFull):
        keep(disk)
    monkeypatch.undo()
    assert files(root) == []
    assert keep(disk) == DIGEST


@pytest.mark.parametrize("good_syncs", range(13))
def test_a_disk_that_fills_up_at_any_moment_leaves_nothing_half_kept(disk, root, monkeypatch, good_syncs):
    real, done = os.fsync, []

    def fsync(descriptor: int) -> None:
        done.append(descriptor)
        if len(done) > good_syncs:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(StorageFull):
        keep(disk)
    monkeypatch.undo()
    assert disk.original(DIGEST) in (None, GOOD)
    assert files(root) in ([], [f"originals/{DIGEST.hex()[:2]}/{DIGEST.hex()}"])
    assert keep(disk) == DIGEST
    assert disk.original(DIGEST) == GOOD


def test_another_failure_of_the_disk_is_not_taken_for_a_full_one(disk, monkeypatch):
    def fsync(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="Input/output"):
        keep(disk)


def test_a_bucket_that_is_away_is_told_as_unavailable(monkeypatch):
    bucket = PhotoStore.open("memory:///")

    def away(*_: object) -> None:
        raise GenericError("no route")

    for name in ("put", "get", "head", "list", "delete"):
        monkeypatch.setattr(obstore, name, away)
    for ask in (
        lambda: keep(bucket),
        lambda: bucket.original(DIGEST),
        lambda: bucket.size_of(DIGEST),
        lambda: list(bucket.digests()),
        lambda: bucket.forget(DIGEST, SIZES),
    ):
        with pytest.raises(Unavailable):
            ask()


def test_only_what_killed_uploads_left_behind_is_swept(disk, root):
    keep(disk)
    old, new = root / "incoming" / "old", root / "incoming" / "new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (1000, 1000))
    assert disk.sweep(2000) == 1
    assert disk.sweep(2000) == 0
    assert new.exists()
    assert disk.original(DIGEST) == GOOD
    assert PhotoStore.open("memory:///").sweep(2000) == 0
