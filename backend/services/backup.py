"""Keeping the house: everything as of one moment in one file, and back from it; keys are kept apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from backend import append_only, schema
from backend.db import Database, Session
from backend.files.store import PhotoStore
from backend.formats import archive
from backend.formats.archive import NotABackup
from backend.keyring import KeyRing
from backend.store import backup, changes, facts

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
    NotABackup when it does not hold what it should; the photos, which no transaction takes back, come last.
    """
    with archive.reading(path) as (packed, manifest):
        _check(manifest, keyring)
        _check_whole(packed, manifest)
        with _named(), schema.rewriting(database) as session:
            schema.go_to(session)
            if not replace and not backup.is_empty(session):
                raise CannotRestore("not_empty")
            with append_only.opened(session.connection()):
                backup.clear(session)
            schema.go_to(session, manifest["schema"])
            for name in backup.names():
                if f"tables/{name}.jsonl" in packed.namelist():
                    _put(session, packed, name, manifest["rows"].get(name, 0))
                tick(name)
            schema.go_to(session)
            backup.count_on(session)
            changes.begin_anew(session)
            facts.begin_anew(session)
            schema.check_keys(session)
            for digest, original in archive.originals(packed):
                keep_photo(photos, digest, original)
                tick("photo")
    return Kept(manifest["rows"], manifest["photos"], manifest["missing"])


def _check(manifest: dict[str, Any], keyring: KeyRing) -> None:
    if manifest["key_check"] != keyring.index(archive.MARK).hex() or set(manifest["keys"]) - set(keyring.sealing):
        raise CannotRestore("keys")
    if not schema.is_known(manifest["schema"]):
        raise CannotRestore("schema")


def _check_whole(packed: ZipFile, manifest: dict[str, Any]) -> None:
    """Every table and photo is there, before anything is touched."""
    there = {name for name in packed.namelist() if name.startswith("tables/")}
    wanted = {f"tables/{name}.jsonl" for name in manifest["rows"]}
    if manifest["schema"] == schema.head():
        wanted |= {f"tables/{name}.jsonl" for name in backup.names()}
        wrong = wanted ^ there
    else:
        wrong = wanted - there
    if wrong:
        raise NotABackup("malformed", min(wrong))
    if sum(1 for _ in archive.originals(packed)) != manifest["photos"]:
        raise NotABackup("malformed", "originals")


@contextmanager
def _named() -> Iterator[None]:
    """What the database will not take is a fault of the file."""
    try:
        yield
    except backup.BadRow as wrong:
        raise NotABackup("malformed", f"tables/{wrong.table}.jsonl") from wrong
    except schema.Dangling as wrong:
        raise NotABackup("malformed", "tables") from wrong


def _put(session: Session, packed: ZipFile, name: str, count: int) -> None:
    found, columns = 0, backup.columns(session, name)
    rows = archive.rows(packed, name)
    while batch := list(islice(rows, _BATCH)):
        backup.put(session, name, batch, columns)
        found += len(batch)
    if found != count:
        raise NotABackup("malformed", f"tables/{name}.jsonl")
