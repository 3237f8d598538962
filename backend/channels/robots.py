"""Robots in groups of an office: DingTalk (钉钉), WeCom (企业微信), Feishu (飞书); each mentions whom it is for.

They answer 200 (Feishu also 400) whatever happened, and say in the body what did. Codes are those of their
documentation (open.dingtalk.com, developer.work.weixin.qq.com, open.feishu.cn). A DingTalk robot that has said 20
things within a minute is silent for the next ten.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus
from uuid import UUID

import orjson

from backend.channels.outside import Outside
from backend.channels.providers import accepted, address, asked
from backend.channels.sending import Accepted, DeliveryFailed, Forged, Letter, Receipt

_DINGTALK_REST_S, _REST_S = 600.0, 60.0
_CHINA = "+86"
_SAYS_WHY = 400
"""Feishu says so where the body has the reason, a throttle among them."""


class Robot:
    """A robot by its webhook; the three differ in how they put it."""

    code, throttled, rest_s = "errcode", frozenset[int](), _REST_S

    def __init__(self, wanted: Mapping[str, Any], outside: Outside) -> None:
        self._outside, self.timeout_s = outside, outside.timeout_s
        self._url, self._secret = address(wanted), str(wanted.get("secret") or "")

    def send(self, letter: Letter) -> Accepted:
        """Say it in the group; said is all there is."""
        body = orjson.dumps(self._put(letter))
        answer = asked(self._outside, "POST", self._address(), body, {"Content-Type": "application/json"})
        if answer.status != _SAYS_WHY:
            accepted(answer)
        try:
            code = int(orjson.loads(answer.body)[self.code])
        except (ValueError, KeyError, TypeError):
            raise DeliveryFailed("unreadable", is_ambiguous=True) from None
        if code in self.throttled:
            raise DeliveryFailed("throttled", retry_after_s=self.rest_s)
        if code != 0:
            raise DeliveryFailed(f"code_{code}")
        return Accepted(is_delivered=True)

    def ask(self, letter_id: UUID) -> Accepted | None:
        """A robot cannot be asked."""
        return None

    def receipts(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Sequence[Receipt]:
        """It reports on nothing."""
        raise Forged

    def _address(self) -> str:
        return self._url

    def _put(self, letter: Letter) -> dict[str, Any]:
        raise NotImplementedError


class DingTalk(Robot):
    """A robot of DingTalk, signed where it has a secret."""

    throttled, rest_s = frozenset({130101, 410100, 660026, 90018, 90030}), _DINGTALK_REST_S

    def _address(self) -> str:
        if not self._secret:
            return self._url
        moment = str(round(self._outside.clock().timestamp() * 1000))
        mac = hmac.new(self._secret.encode(), f"{moment}\n{self._secret}".encode(), hashlib.sha256).digest()
        return (
            f"{self._url}{'&' if '?' in self._url else '?'}timestamp={moment}&sign={quote_plus(base64.b64encode(mac))}"
        )

    def _put(self, letter: Letter) -> dict[str, Any]:
        return {"msgtype": "text", "text": {"content": _said(letter)}, "at": {"atMobiles": _mobiles(letter)}}


class WeCom(Robot):
    """A robot of WeCom."""

    throttled = frozenset({45009, 45033})

    def _put(self, letter: Letter) -> dict[str, Any]:
        return {"msgtype": "text", "text": {"content": _said(letter), "mentioned_mobile_list": _mobiles(letter)}}


class Feishu(Robot):
    """A robot of Feishu; it mentions nobody by number, so the text has to."""

    code, throttled = "code", frozenset({9499, 11232, 230020})

    def _put(self, letter: Letter) -> dict[str, Any]:
        put: dict[str, Any] = {"msg_type": "text", "content": {"text": _said(letter)}}
        if self._secret:
            moment = str(int(self._outside.clock().timestamp()))
            mac = hmac.new(f"{moment}\n{self._secret}".encode(), b"", hashlib.sha256).digest()
            put |= {"timestamp": moment, "sign": base64.b64encode(mac).decode()}
        return put


def _said(letter: Letter) -> str:
    return f"{letter.title}\n{letter.text}"


def _mobiles(letter: Letter) -> list[str]:
    return [letter.address.removeprefix(_CHINA)] if letter.address else []
