"""Web push: a text to a browser or an installed app, encrypted for it alone (RFC 8291), signed by the house (VAPID).

The libraries for it need packages without wheels or a second HTTP client; `cryptography` and PyJWT, which are here
anyway, do the work in fifty lines, checked against the example of RFC 8291, section 5.

    {"kind": "webpush", "contact": "mailto:office@example.cn"}
"""

from __future__ import annotations

import base64
import secrets
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import jwt
import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.channels.outside import Outside, refuse
from backend.channels.providers import text
from backend.channels.sending import Accepted, DeliveryFailed, Forged, Letter, Receipt
from backend.keyring import KeyRing

_RECORD_BYTES = 4096
_MOST_BYTES = 3000
_KEPT_S = 24 * 3600
_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_PURPOSE = "web push"
_GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser is reached, and the keys that only it can undo."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    @classmethod
    def read(cls, text: str) -> Subscription:
        """As `PushSubscription.toJSON()` writes it; ValueError for anything else."""
        try:
            said = orjson.loads(text)
            endpoint, keys = str(said["endpoint"]), said["keys"]
            found = cls(endpoint, _decoded(keys["p256dh"]), _decoded(keys["auth"]))
            ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, found.p256dh)
        except (KeyError, TypeError, AttributeError) as wrong:
            raise ValueError("a push subscription") from wrong
        if not endpoint.startswith("https://") or len(endpoint) > 1_000 or len(found.auth) != 16:
            raise ValueError("a push subscription")
        return found


class WebPush:
    """The push services of the browsers; each subscription names its own."""

    def __init__(self, wanted: Mapping[str, Any], outside: Outside) -> None:
        self._outside, self._contact = outside, str(wanted["contact"])
        self.timeout_s, self._keys_file = outside.timeout_s, Path(wanted.get("keys_file", ""))
        self._given = _private(_given(wanted["key"])) if "key" in wanted else None

    @cached_property
    def _key(self) -> ec.EllipticCurvePrivateKey:
        """The key of the settings, or else one that follows from the keys of the house: nothing more is to be kept."""
        return self._given or _private(KeyRing.load(self._keys_file).index(_PURPOSE))

    @property
    def public_key(self) -> str:
        """What a browser is given to subscribe with."""
        return _encoded(_point(self._key.public_key()))

    def send(self, letter: Letter) -> Accepted:
        """Hand it to the browser's push service; a subscription that is over is a permanent failure."""
        try:
            to = Subscription.read(letter.address)
        except ValueError:
            raise DeliveryFailed("bad_address", permanent=True) from None
        # The link is below the address at which the browser subscribed: its service worker knows that one for sure.
        said = {
            "id": str(letter.id),
            "title": letter.title,
            "text": letter.text,
            "link": letter.page,
            "is_drill": letter.is_drill,
            "level": letter.level,
        }
        body = encrypted(to, _short(said), ec.generate_private_key(_CURVE), secrets.token_bytes(16))
        answer = self._outside.post(to.endpoint, body, self._headers(to, letter))
        if answer.status in _GONE:
            raise DeliveryFailed("gone", permanent=True)
        refuse(answer)
        return Accepted(text(answer.headers.get("location")))

    def ask(self, letter_id: UUID) -> Accepted | None:
        """A push service cannot be asked."""
        return None

    def receipts(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Sequence[Receipt]:
        """It reports on nothing; the app answers for itself."""
        raise Forged

    def _headers(self, to: Subscription, letter: Letter) -> dict[str, str]:
        place = urlsplit(to.endpoint)
        claims = {
            "aud": f"{place.scheme}://{place.netloc}",
            "exp": self._outside.clock() + timedelta(hours=12),
            "sub": self._contact,
        }
        token = jwt.encode(claims, self._key, algorithm="ES256")
        return {
            "Authorization": f"vapid t={token}, k={self.public_key}",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(_KEPT_S),
            "Urgency": "high" if letter.is_urgent else "normal",
            "Topic": letter.id.hex[:32],  # the same letter sent again takes the place of the first
        }


def encrypted(to: Subscription, text: bytes, ours: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """One record of `aes128gcm` (RFC 8188) under a key that both sides derive (RFC 8291, section 3.4)."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, to.p256dh)
    sender = _point(ours.public_key())
    shared = ours.exchange(ec.ECDH(), theirs)
    secret = _derived(shared, to.auth, b"WebPush: info\0" + to.p256dh + sender, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + struct.pack("!IB", _RECORD_BYTES, len(sender)) + sender
    return head + AESGCM(key).encrypt(nonce, text + b"\x02", None)


def _given(text: str) -> bytes:
    key = _decoded(text)
    if len(key) != 32:
        raise ValueError("key")
    return key


def _private(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """Also of bytes that are no number of the curve's, of which there are one in four billion."""
    number = int.from_bytes(secret, "big")
    return ec.derive_private_key(number if 0 < number < _ORDER else number % (_ORDER - 1) + 1, _CURVE)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _short(said: dict[str, Any]) -> bytes:
    """What fits into one record, cut at the end of the text if it must be."""
    while len(written := orjson.dumps(said)) > _MOST_BYTES:
        said["text"] = said["text"][: len(said["text"]) * 2 // 3]
    return written


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
