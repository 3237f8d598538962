"""Web push: encrypted for one browser alone, signed by the house, and gone when the subscription is."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

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
