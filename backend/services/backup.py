"""Keeping the house: everything as of one moment in one file, and back from it; keys are kept apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from backend import schema
from backend.db import Database
from backend.files.store import PhotoStore
from backend.formats import archive
from backend.keyring import KeyRing
from backend.store import backup, changes

_BATCH = 500
Tick = Callable[[str], None]


class CannotRestore(ValueError):
    """The backup is whole, but does not fit here; `why` says what is in the way."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds: rows by table, and photos; `missing` names the photos whose originals it does not have."""

    rows: dict[str, int]
    photos: int
    missing: list[str]


def write(database: Database, photos: PhotoStore, keyring: KeyRing, path: Path, *, now: datetime, tick: Tick) -> Kept:
    """Write everything as of one moment, then the originals of its photos; one that is lost or damaged is named.

    It is written all the same: a house that has lost one photo needs its backup all the more.
    """
    counts: dict[str, int] = {}
    kept_photos, missing = 0, []
    with archive.writing(path) as packed, backup.moment(database) as session:
        for name in backup.names():
            with packed.open(f"tables/{name}.jsonl", "w", force_zip64=True) as member:
                for row in backup.rows(session, name):
                    member.write(archive.line(row))
                    counts[name] = counts.get(name, 0) + 1
            tick(name)
        for row in backup.rows(session, "photo"):
            original = photos.original(row["sha256"])
            if original is not None and hashlib.sha256(original).digest() == row["sha256"]:
                packed.writestr(f"originals/{row['sha256'].hex()}", original)
                kept_photos += 1
                tick("photo")
            elif backup.is_photo_still_here(database, row["sha256"]):  # else it has been tidied away since that moment
                missing.append(row["sha256"].hex())
        manifest = {
            "kind": archive.MARK,
            "version": archive.VERSION,
            "schema": schema.head(),
            "made_at": now.isoformat(),
            "rows": counts,
            "photos": kept_photos,
            "missing": missing,
            "keys": sorted(keyring.sealing),
            "key_check": keyring.index(archive.MARK).hex(),
        }
        packed.writestr("manifest.json", json.dumps(manifest, indent=1))
    return Kept(counts, kept_photos, missing)


def restore(
    database: Database,
    photos: PhotoStore,
    keyring: KeyRing,
    path: Path,
    *,
    replace: bool,
    keep_photo: Callable[[PhotoStore, bytes, bytes], None],
    tick: Tick,
) -> Kept:
    """Put everything back, all or nothing; CannotRestore when the keys or the database do not fit.

    A backup of an older version goes into the tables of its own schema, which are then brought up to date.
    """
    with archive.reading(path) as (packed, manifest):
        _check(manifest, keyring)
        schema.upgrade(database)
        with schema.rewriting(database) as session:
            if not replace and not backup.is_empty(session):
                raise CannotRestore("not_empty")
            backup.clear(session)
            schema.go_to(session, manifest["schema"])
            for name in backup.names():
                if f"tables/{name}.jsonl" in packed.namelist():
                    _put(session, packed, name)
                tick(name)
            schema.go_to(session)
            backup.count_on(session)
            changes.begin_anew(session)
            for member in (each for each in packed.namelist() if each.startswith("originals/")):
                keep_photo(photos, bytes.fromhex(member.rsplit("/", 1)[-1]), packed.read(member))
                tick("photo")
    return Kept(manifest["rows"], manifest["photos"], manifest.get("missing", []))


def _check(manifest: dict[str, Any], keyring: KeyRing) -> None:
    if manifest["key_check"] != keyring.index(archive.MARK).hex() or set(manifest["keys"]) - set(keyring.sealing):
        raise CannotRestore("keys")
    if not schema.is_known(manifest["schema"]):
        raise CannotRestore("schema")


def _put(session: Any, packed: Any, name: str) -> None:
    batch: list[dict[str, Any]] = []
    with packed.open(f"tables/{name}.jsonl") as lines:
        for text in lines:
            batch.append(archive.row(text))
            if len(batch) == _BATCH:
                backup.put(session, name, batch)
                batch = []
    if batch:
        backup.put(session, name, batch)
