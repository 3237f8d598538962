"""Web push: encrypted for one browser alone, signed by the house, and gone when the subscription is."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.channels.outside import Answer
from backend.channels.push import Subscription, WebPush, encrypted
from backend.channels.sending import DeliveryFailed, Forged, Letter
from backend.clock import Clock, utcnow


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# The example of RFC 8291, section 5.
THEIRS = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
OURS = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
EXPECTED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
    "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
ENDPOINT = "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"


def subscription(**changed: object) -> str:
    return json.dumps({"endpoint": ENDPOINT, "keys": {"p256dh": THEIRS, "auth": AUTH}} | changed)


def test_it_is_encrypted_as_the_standard_shows():
    ours = ec.derive_private_key(int.from_bytes(raw(OURS), "big"), ec.SECP256R1())
    text = b"When I grow up, I want to be a watermelon"
    assert encrypted(Subscription.read(subscription()), text, ours, raw(SALT)) == raw(EXPECTED)


@dataclass
class Service:
    """A push service that answers as it is told."""

    status: int = 201
    timeout_s: float = 5.0
    clock: Clock = utcnow
    asked: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    def post(self, url, body, headers) -> Answer:
        self.asked.append((url, body, dict(headers)))
        return Answer(self.status, {"location": "https://push.example.net/m/1"}, b"")


def push(service: Service) -> WebPush:
    return WebPush({"key": OURS, "contact": "mailto:office@example.cn"}, service)  # type: ignore[arg-type]


def test_the_house_signs_for_the_service_it_speaks_to():
    service = Service()
    letter = Letter(uuid4(), subscription(), "河长制提醒", "字" * 5000, is_urgent=True)
    assert push(service).send(letter).reference == "https://push.example.net/m/1"
    ((url, body, headers),) = service.asked
    assert url == ENDPOINT
    assert len(body) < 4096
    assert (headers["Urgency"], headers["Topic"]) == ("high", letter.id.hex)
    token, key = headers["Authorization"].removeprefix("vapid t=").split(", k=")
    assert key == push(service).public_key
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(key))
    claims = jwt.decode(token, public, ["ES256"], audience="https://push.example.net")
    assert claims["sub"] == "mailto:office@example.cn"


def test_what_a_browser_is_told_is_all_that_it_needs_to_show_it():
    theirs = ec.generate_private_key(ec.SECP256R1())
    service, auth = Service(), raw(AUTH)
    point = theirs.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = {"p256dh": base64.urlsafe_b64encode(point).decode(), "auth": AUTH}
    page = "/m/#/call/8a8c"
    letter = Letter(uuid4(), subscription(keys=keys), "防汛叫应", "红色预警", page=page, is_drill=True, level="red")
    push(service).send(letter)
    ((_, body, _),) = service.asked
    assert json.loads(opened(body, theirs, auth)) == {
        "id": str(letter.id),
        "title": "防汛叫应",
        "text": "红色预警",
        "link": page,
        "is_drill": True,
        "level": "red",
    }


def opened(body: bytes, theirs: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """What a browser makes of it (RFC 8188 and 8291)."""
    salt, sender, sealed = body[:16], body[21:86], body[86:]
    point = theirs.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = theirs.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
    secret = HKDF(hashes.SHA256(), 32, auth, b"WebPush: info\0" + point + sender).derive(shared)
    key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
    nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
    return AESGCM(key).decrypt(nonce, sealed, None).removesuffix(b"\x02")


@pytest.mark.parametrize(
    ("status", "reason", "permanent"), [(410, "gone", True), (404, "gone", True), (503, "http_503", False)]
)
def test_a_subscription_that_is_over_is_a_permanent_failure(status, reason, permanent):
    with pytest.raises(DeliveryFailed) as failed:
        push(Service(status)).send(Letter(uuid4(), subscription(), "", ""))
    assert (failed.value.reason, failed.value.permanent) == (reason, permanent)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "[]",
        "{}",
        subscription(endpoint="http://push.example.net/x"),
        subscription(endpoint="https://" + "x" * 1000),
        subscription(keys={"p256dh": AUTH, "auth": AUTH}),
        subscription(keys={"p256dh": THEIRS, "auth": "AAAA"}),
        subscription(keys=None),
    ],
)
def test_what_is_no_subscription_is_sent_nowhere(text):
    service = Service()
    with pytest.raises(DeliveryFailed, match="bad_address"):
        push(service).send(Letter(uuid4(), text, "", ""))
    assert service.asked == []


def test_nothing_is_asked_of_it_and_it_reports_nothing():
    assert push(Service()).ask(uuid4()) is None
    with pytest.raises(Forged):
        push(Service()).receipts({}, b"", now=utcnow())
