"""The form of a backup: one file of members with their digests, and a digest of everything at the end.

A zip without compression of its own size limits: `manifest.json` (what it is, counts), `tables/NAME.jsonl`
(one row a line, values as JSON), `originals/SHA256` (photos). After the zip follow 32 bytes: the SHA-256 of all
before them. A file cut short or with one bit turned is refused before anything is read from it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import secrets
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

MARK = "hezhang-backup"
VERSION = 1
_ORIGINALS = "originals/"
_MEMBER = re.compile(r"manifest\.json|tables/[a-z_]+\.jsonl|originals/[0-9a-f]{64}")
_MANIFEST = {"schema": str, "rows": dict, "photos": int, "missing": list, "keys": list, "key_check": str}
_PIECE = 1024 * 1024
_DIGEST_BYTES = 32


class NotABackup(ValueError):
    """Cut short, altered, of another kind or version; or whole, but not as we write it, and `where`."""

    def __init__(self, why: str, where: str = "") -> None:
        super().__init__(why)
        self.why, self.where = why, where


@contextmanager
def writing(path: Path) -> Iterator[zipfile.ZipFile]:
    """A new backup, which appears under its name only when it is whole; for nobody else's eyes from its first byte."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        with (
            os.fdopen(descriptor, "w+b") as begun,
            zipfile.ZipFile(begun, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=6) as packed,
        ):
            yield packed
        digest = _digest_of(draft, draft.stat().st_size)
        with draft.open("ab") as file:
            file.write(digest)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def reading(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """A backup whose every byte is as it was written, and its manifest; NotABackup otherwise."""
    size = path.stat().st_size - _DIGEST_BYTES
    if size <= 0 or _digest_of(path, size) != _last_bytes(path):
        raise NotABackup("damaged")
    try:
        with zipfile.ZipFile(path) as packed:
            manifest = _manifest(packed)
            _check_members(packed)
            yield packed, manifest
    # A zip that was not made by us: encrypted, packed in another way, or with contents that are not what it says.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as wrong:
        raise NotABackup("foreign") from wrong


def _manifest(packed: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest: Any = json.loads(packed.read("manifest.json"))
    except (KeyError, ValueError, RecursionError) as wrong:
        raise NotABackup("foreign") from wrong
    if not isinstance(manifest, dict) or manifest.get("kind") != MARK or manifest.get("version") != VERSION:
        raise NotABackup("foreign")
    manifest.setdefault("missing", [])
    if not all(isinstance(manifest.get(name), kind) for name, kind in _MANIFEST.items()):
        raise NotABackup("malformed", "manifest.json")
    texts = [*manifest["keys"], *manifest["missing"]]
    if not all(isinstance(text, str) for text in texts) or {type(count) for count in manifest["rows"].values()} - {int}:
        raise NotABackup("malformed", "manifest.json")
    return manifest


def _check_members(packed: zipfile.ZipFile) -> None:
    """Only what we write, each once: no other place, no link, nothing that a second of its name would hide."""
    seen: set[str] = set()
    for member in packed.infolist():
        is_link = stat.S_ISLNK(member.external_attr >> 16)
        if is_link or member.filename in seen or not _MEMBER.fullmatch(member.filename):
            raise NotABackup("malformed", member.filename)
        seen.add(member.filename)


def rows(packed: zipfile.ZipFile, table: str) -> Iterator[dict[str, Any]]:
    """Every row of a table; NotABackup names the first line that is none."""
    with packed.open(f"tables/{table}.jsonl") as lines:
        for number, text in enumerate(lines, start=1):
            try:
                yield row(text)
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError, ShapelyError) as wrong:
                raise NotABackup("malformed", f"tables/{table}.jsonl:{number}") from wrong


def originals(packed: zipfile.ZipFile) -> Iterator[tuple[bytes, bytes]]:
    """Digest and bytes of every photo; NotABackup when they do not fit."""
    for name in packed.namelist():
        if name.startswith(_ORIGINALS):
            digest, original = bytes.fromhex(name.removeprefix(_ORIGINALS)), packed.read(name)
            if hashlib.sha256(original).digest() != digest:
                raise NotABackup("malformed", name)
            yield digest, original


def line(row: dict[str, Any]) -> bytes:
    """One row as a line of JSON; bytes, times, ids and shapes by their type."""
    return json.dumps({name: _written(value) for name, value in row.items()}, ensure_ascii=False).encode() + b"\n"


def row(text: bytes) -> dict[str, Any]:
    """A line back as a row."""
    return {name: _read(value) for name, value in json.loads(text).items()}


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"$at": value.isoformat()}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    if isinstance(value, UUID):
        return {"$id": str(value)}
    if isinstance(value, BaseGeometry):
        return {"$shape": base64.b64encode(shapely.to_wkb(value)).decode()}
    return {"$json": value} if isinstance(value, dict | list) else value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    (kind, inner), *_ = value.items()
    readers: dict[str, Callable[[Any], Any]] = {
        "$bytes": base64.b64decode,
        "$at": datetime.fromisoformat,
        "$day": date.fromisoformat,
        "$id": UUID,
        "$shape": lambda text: shapely.from_wkb(base64.b64decode(text)),  # our own bytes, whole by their digest
        "$json": lambda plain: plain,
    }
    return readers[kind](inner)


def _digest_of(path: Path, size: int) -> bytes:
    digest, left = hashlib.sha256(), size
    with path.open("rb") as file:
        while left and (piece := file.read(min(_PIECE, left))):
            digest.update(piece)
            left -= len(piece)
    return digest.digest()


def _sync(folder: Path) -> None:
    """Let the new name survive a power cut, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _last_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-_DIGEST_BYTES, os.SEEK_END)
        return file.read()
