"""The form of an evidence package (证据包): a zip that whoever gets it can check without us.

`timeline.jsonl` (facts as they were hashed), `personal.jsonl` (personal values with their salts), `photos/` and
`recordings/` (originals), `seals.jsonl` (seals over the timeline with their paths), `case.txt` (the same for reading),
`verify.py` (`formats/verifier.py`, which needs nothing but Python), `manifest.json` (a digest of each file).
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import IO

import orjson

from backend.domain.proofs import Fact, Leaf, Seal
from backend.domain.recordings import ENDINGS, HEAD_BYTES, media_type_of

_ENDING = {b"\xff\xd8": "jpg", b"\x89P": "png", b"RI": "webp"}
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Sealed:
    """Where the timeline was sealed: the seal, its leaf, and what the leaf needs to find the root."""

    seal: Seal
    leaf: Leaf
    path: Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Package:
    """Everything that goes in, but the bytes of photos and recordings."""

    name: str
    facts: Sequence[Fact]
    personal: Sequence[tuple[int, str, bytes, str]]
    """Number of the fact, name, salt and value."""
    seals: Sequence[Sealed]
    photos: Sequence[str]
    """Hexadecimal digests."""
    recordings: Sequence[str]
    case: str
    readme: str


def write(file: IO[bytes], package: Package, original: Callable[[bytes], bytes | None], *, made_at: datetime) -> None:
    """Write a package; an original that is not here is left out, and the verifier says how many are."""
    files: dict[str, str] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:

        def put(name: str, content: bytes) -> None:
            stored = zipfile.ZIP_STORED if name.startswith(("photos/", "recordings/")) else zipfile.ZIP_DEFLATED
            packed.writestr(zipfile.ZipInfo(name, _EPOCH), content, stored)
            files[name] = hashlib.sha256(content).hexdigest()

        put("README.txt", package.readme.encode())
        put("case.txt", package.case.encode())
        put("timeline.jsonl", _lines({"fact": f.written().decode(), "hash": f.hash.hex()} for f in package.facts))
        put("personal.jsonl", _lines(map(_personal, package.personal)))
        put("seals.jsonl", _lines(map(_sealed, package.seals)))
        put("verify.py", resources.files("backend.formats").joinpath("verifier.py").read_bytes())
        for sha256 in package.photos:
            if (content := original(bytes.fromhex(sha256))) is not None:
                put(f"photos/{sha256}.{_ENDING.get(content[:2], 'heic')}", content)
        for sha256 in package.recordings:
            if (content := original(bytes.fromhex(sha256))) is not None:
                put(f"recordings/{sha256}.{ENDINGS.get(media_type_of(content[:HEAD_BYTES]) or '', 'bin')}", content)
        about = {"package": package.name, "made_at": made_at.isoformat(), "files": files}
        manifest = orjson.dumps(about, option=orjson.OPT_INDENT_2)
        packed.writestr(zipfile.ZipInfo("manifest.json", _EPOCH), manifest)
        packed.writestr(zipfile.ZipInfo("manifest.sha256", _EPOCH), hashlib.sha256(manifest).hexdigest())


def _personal(value: tuple[int, str, bytes, str]) -> Mapping[str, object]:
    number, name, salt, text = value
    return {"number": number, "name": name, "salt": salt.hex(), "value": text}


def _sealed(sealed: Sealed) -> Mapping[str, object]:
    return {
        "seal": sealed.seal.written().decode(),
        "hash": sealed.seal.hash.hex(),
        "leaf": sealed.leaf.written().decode(),
        "path": [[side, beside.hex()] for side, beside in sealed.path],
    }


def _lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)
