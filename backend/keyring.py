"""Keys of the house: sealing personal values (AES-GCM with key ids), their look-up index, signing logins.

The file lies outside the database, so that a stolen database alone says nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend import private

_NONCE_BYTES = 12


class KeyMissing(ValueError):
    """A sealed value names a key that this ring does not hold, or was altered."""


class NoKeys(FileNotFoundError):
    """There is no key file, but there are people whose numbers only its keys open and find."""


@dataclass(frozen=True)
class KeyRing:
    """Secret keys by id; `current` seals, all of them open."""

    current: str
    sealing: dict[str, bytes]
    index_key: bytes
    """Never rotated alone: the look-up index of every phone number depends on it."""
    signing_key: bytes
    source: Path | None = None
    """The file it was read from: a rotation in another process is noticed at the next value sealed or opened."""
    written_ns: int = 0
    """When that file was written."""

    @classmethod
    def fresh(cls) -> KeyRing:
        """A new ring with one sealing key."""
        return cls("k1", {"k1": secrets.token_bytes(32)}, secrets.token_bytes(32), secrets.token_bytes(32))

    @classmethod
    def load(cls, path: Path) -> KeyRing:
        """Read the ring; FileNotFoundError when there is none."""
        written_ns = path.stat().st_mtime_ns  # before reading: a file replaced meanwhile is read again
        raw = json.loads(path.read_text("utf-8"))
        return cls(
            raw["current"],
            {name: base64.b64decode(key) for name, key in raw["sealing"].items()},
            base64.b64decode(raw["index_key"]),
            base64.b64decode(raw["signing_key"]),
            path,
            written_ns,
        )

    @classmethod
    def load_or_make(cls, path: Path) -> KeyRing:
        """Read the ring, or make and keep a new one; of two processes that race, both get the same."""
        if not path.exists():
            private.make(path.parent)
            cls.fresh().save(path, fresh=True)
        return cls.load(path)

    def save(self, path: Path, *, fresh: bool = False) -> None:
        """Write the ring whole or not at all, readable by its owner only; `fresh` never replaces one."""
        text = json.dumps(
            {
                "current": self.current,
                "sealing": {name: base64.b64encode(key).decode() for name, key in self.sealing.items()},
                "index_key": base64.b64encode(self.index_key).decode(),
                "signing_key": base64.b64encode(self.signing_key).decode(),
            },
            indent=1,
        )
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if not fresh:
            draft.replace(path)
            return
        with suppress(FileExistsError):  # a link, not a rename: it fails when another process was first
            os.link(draft, path)
        draft.unlink()

    def rotated(self) -> KeyRing:
        """The ring with one more sealing key, which seals from now on; old values still open."""
        name = f"k{len(self.sealing) + 1}"
        sealing = {**self.sealing, name: secrets.token_bytes(32)}
        return replace(self, current=name, sealing=sealing, source=None)

    def seal(self, text: str) -> bytes:
        """Encrypt one value: key id, colon, nonce, ciphertext with its tag."""
        nonce, ring = secrets.token_bytes(_NONCE_BYTES), self._newest()
        name = ring.current.encode()
        return name + b":" + nonce + AESGCM(ring.sealing[ring.current]).encrypt(nonce, text.encode(), name)

    def open(self, sealed: bytes) -> str:
        """Decrypt one value; KeyMissing when the key is not ours or a bit was changed."""
        name, _, rest = sealed.partition(b":")
        if name.decode("ascii", "replace") not in self.sealing and self.source is not None:
            self.sealing.update(KeyRing.load(self.source).sealing)
        try:
            key = self.sealing[name.decode()]
            return AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], name).decode()
        except (KeyError, InvalidTag, UnicodeDecodeError) as wrong:
            raise KeyMissing("no key opens this value") from wrong

    def _newest(self) -> KeyRing:
        """The ring as its file holds it now; this one where the file is gone or as it was."""
        try:
            if self.source is None or self.source.stat().st_mtime_ns == self.written_ns:
                return self
            return KeyRing.load(self.source)
        except FileNotFoundError:
            return self

    def is_current(self, sealed: bytes) -> bool:
        """Whether the present key sealed it, so that a rotation can pass it over."""
        return sealed.startswith(self.current.encode() + b":")

    def index(self, text: str) -> bytes:
        """A keyed digest by which a sealed value is found again (HMAC-SHA-256, 32 bytes)."""
        return hmac.new(self.index_key, text.encode(), hashlib.sha256).digest()
